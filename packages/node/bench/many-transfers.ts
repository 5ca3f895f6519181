/**
 * Millions of native transfers in one process, executor and storage only: rate and memory after each million, or
 * each tenth of fewer.
 *
 *     pnpm --filter @bcos-ts/node bench:many [transfers]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { assert } from '@bcos-ts/common'
import { cachedStorage } from '@bcos-ts/storage-crud'
import { createLevelStorage } from '@bcos-ts/storage-crud/level'
import { benchChain } from './chain.ts'
import { addUsers, transferMaker } from './transfers.ts'

const write = (line: string): void => void process.stdout.write(`${line}\n`)

const COUNT_DEFAULT = 1_000_000
const MILLION = 1_000_000
const BLOCK = 1000
const USERS = 100_000

const count = Number(process.argv[2] ?? COUNT_DEFAULT)

function report(
  done: number,
  since: { readonly cpu: NodeJS.CpuUsage; readonly ms: number; readonly done: number },
): void {
  const { user, system } = process.cpuUsage(since.cpu)
  const transfers = done - since.done
  const seconds = (performance.now() - since.ms) / 1000
  const { rss, heapUsed } = process.memoryUsage()
  const megabytes = (bytes: number) => `${(bytes / MILLION).toFixed(0).padStart(5)} MB`
  write(
    `${(done / MILLION).toFixed(1).padStart(5)} M  ${(transfers / seconds).toFixed(0).padStart(7)}/s  ` +
      `${((user + system) / transfers).toFixed(1)} µs CPU each  RSS ${megabytes(rss)}  heap ${megabytes(heapUsed)}`,
  )
}

const folder = mkdtempSync(join(tmpdir(), 'bcos-ts-bench-'))
const storage = cachedStorage(createLevelStorage({ path: join(folder, 'block') }))
const chain = await benchChain(storage)
await addUsers(chain, { from: 0, to: USERS })
const transfer = transferMaker(chain)
const step = Math.min(MILLION, Math.max(BLOCK, count / 10))
let since = { cpu: process.cpuUsage(), ms: performance.now(), done: 0 }
for (let done = 0; done < count;) {
  const { block } = await chain.mine(
    Array.from({ length: BLOCK }, (_, i) => {
      const nonce = done + i
      const from = (2 * nonce) % USERS
      return transfer({ nonce, from, to: from + 1 })
    }),
  )
  assert(
    block.receipts.every(({ status }) => status === 0),
    'transfers between users that exist succeed',
  )
  done += BLOCK
  if (done % step > 0) continue
  report(done, since)
  since = { cpu: process.cpuUsage(), ms: performance.now(), done }
}
await storage.stop()
rmSync(folder, { recursive: true })

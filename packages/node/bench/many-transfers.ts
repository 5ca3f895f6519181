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
import { assert, textToBytes } from '@bcos-ts/common'
import { decodeTransaction, type Transaction } from '@bcos-ts/protocol'
import { cachedStorage } from '@bcos-ts/storage-crud'
import { createLevelStorage } from '@bcos-ts/storage-crud/level'
import { type BenchChain, benchChain, suite } from './chain.ts'
import { call, DAG_TRANSFER } from './workloads.ts'

const write = (line: string): void => void process.stdout.write(`${line}\n`)

const COUNT_DEFAULT = 1_000_000
const MILLION = 1_000_000
const BLOCK = 1000
const USERS = 100_000
const DIGITS = 12

const count = Number(process.argv[2] ?? COUNT_DEFAULT)

const nameOf = (user: number): string => String(user).padStart(DIGITS, '0')

/** The place of a text in bytes. */
function placeOf(text: string, bytes: Uint8Array): number {
  const wanted = textToBytes(text)
  for (let at = 0; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at
  }
  throw new Error(`${text} is not in the template`)
}

/** Transactions that differ in nonce and users, written into copies of one: making them must not be the bench. */
function transferMaker(chain: BenchChain): (nonce: number) => Transaction {
  const [from, to] = ['a'.repeat(DIGITS), 'b'.repeat(DIGITS)]
  const { raw } = chain.transaction(
    DAG_TRANSFER,
    call('userTransfer(string,string,uint256)', from, to, 1n),
  )
  const [fromAt, toAt] = [placeOf(from, raw), placeOf(to, raw)]
  // The list header has two bytes, the nonce one more; its first byte stays, for an integer has no leading zero.
  const nonceAt = 5
  return (nonce) => {
    const bytes = raw.slice()
    const user = (2 * nonce) % USERS
    bytes.set(textToBytes(nameOf(user)), fromAt)
    bytes.set(textToBytes(nameOf(user + 1)), toAt)
    new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(nonceAt, BigInt(nonce))
    return decodeTransaction(bytes, suite)
  }
}

async function addUsers(chain: BenchChain): Promise<void> {
  for (let at = 0; at < USERS; at += BLOCK) {
    await chain.mine(
      Array.from({ length: BLOCK }, (_, i) =>
        chain.transaction(DAG_TRANSFER, call('userAdd(string,uint256)', nameOf(at + i), 10n ** 9n)),
      ),
    )
  }
}

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
await addUsers(chain)
const transfer = transferMaker(chain)
const step = Math.min(MILLION, Math.max(BLOCK, count / 10))
let since = { cpu: process.cpuUsage(), ms: performance.now(), done: 0 }
for (let done = 0; done < count;) {
  const { block } = await chain.mine(Array.from({ length: BLOCK }, (_, i) => transfer(done + i)))
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

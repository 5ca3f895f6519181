/**
 * What a transaction costs from its execution to the disk: processor time, LevelDB's own thread included, without
 * signatures. The yardstick is one keccak256 of 200 bytes, in the same run.
 *
 *     pnpm --filter @bcos-ts/node bench:execution [blocks] [workload]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cachedStorage } from '@bcos-ts/storage-crud'
import { createLevelStorage } from '@bcos-ts/storage-crud/level'
import { benchChain, suite } from './chain.ts'
import { serialWorkloads, type Workload } from './workloads.ts'

const write = (line: string): void => void process.stdout.write(`${line}\n`)

const BLOCKS_DEFAULT = 20
const WARM_UP = 5

const blocks = Number(process.argv[2] ?? BLOCKS_DEFAULT)
const only = process.argv[3] ?? ''

function microseconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return user + system
}

function yardstick(): number {
  const message = new Uint8Array(200)
  for (let i = 0; i < 100_000; i++) suite.hash(message)
  const start = process.cpuUsage()
  for (let i = 0; i < 10_000; i++) suite.hash(message)
  return microseconds(start) / 10_000
}

async function measure(workload: Workload): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bcos-ts-bench-'))
  const storage = cachedStorage(createLevelStorage({ path: join(folder, 'block') }))
  const chain = await benchChain(storage)
  await workload.prepare(chain)
  for (let i = 0; i < WARM_UP; i++) await chain.mine(workload.block(chain, i))
  const prepared = Array.from({ length: blocks }, (_, i) => workload.block(chain, WARM_UP + i))
  const failed = new Set<number>()
  let spent = 0
  let count = 0
  for (const transactions of prepared) {
    const start = process.cpuUsage()
    const { block } = await chain.mine(transactions)
    spent += microseconds(start)
    count += transactions.length
    for (const { status } of block.receipts) if (status !== 0) failed.add(status)
  }
  const trouble = failed.size === 0 ? '' : `  statuses ${[...failed].join(', ')}`
  write(`${workload.name.padEnd(28)} ${(spent / count).toFixed(1).padStart(7)} µs${trouble}`)
  await storage.stop()
  rmSync(folder, { recursive: true })
}

write(`keccak256 of 200 bytes       ${yardstick().toFixed(1).padStart(7)} µs (yardstick)`)
for (const workload of serialWorkloads()) {
  if (workload.name.includes(only)) await measure(workload)
}

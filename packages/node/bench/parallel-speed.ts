/**
 * Blocks in lanes against blocks in order, in turns: how many times as fast, by the best block, by the median
 * one; and what lanes cost, in processor time of all threads.
 *
 *     pnpm --filter @bcos-ts/node bench:parallel [blocks] [workload]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { silentLogger, systemTimers } from '@bcos-ts/common'
import { createNodeSuites } from '@bcos-ts/crypto/node'
import { chainContracts, createThreadLanes } from '@bcos-ts/node'
import type { Transaction } from '@bcos-ts/protocol'
import { cachedStorage } from '@bcos-ts/storage-crud'
import { createLevelStorage } from '@bcos-ts/storage-crud/level'
import { type BenchChain, benchChain } from './chain.ts'
import { parallelWorkloads, type Workload } from './workloads.ts'

const write = (line: string): void => void process.stdout.write(`${line}\n`)

const BLOCKS_DEFAULT = 30
/** Until costs are learnt and the thread is there. */
const WARM_UP = 20
const WARM_UP_PAUSE_MS = 100

const blocks = Number(process.argv[2] ?? BLOCKS_DEFAULT)
const only = process.argv[3] ?? ''
const { laneEntry } = chainContracts(await createNodeSuites())
const now = () => 1000 * performance.now()

interface Series {
  readonly milliseconds: number[]
  /** Of all threads together. */
  processorMs: number
}

async function compare(workload: Workload, folder: string): Promise<void> {
  const open = (name: string) => {
    const path = join(folder, name)
    return { path, storage: cachedStorage(createLevelStorage({ path, isShared: true })) }
  }
  const [left, right] = [open('serial'), open('lanes')]
  const thread = { suiteName: 'standard', path: right.path, isFreeStorage: false } as const
  const components = { timers: systemTimers, logger: silentLogger }
  if (laneEntry === undefined) throw new Error('this chain has no contracts of its own')
  const pool = createThreadLanes({ count: 1, thread, entry: laneEntry }, components)
  const serial = await benchChain(left.storage)
  const lanes = await benchChain(right.storage, { pool, now })
  await workload.prepare(serial)
  await workload.prepare(lanes)
  for (let i = 0; i < WARM_UP; i++) {
    await serial.mine(workload.block(serial, i))
    await lanes.mine(workload.block(lanes, i))
    await new Promise((resolve) => setTimeout(resolve, WARM_UP_PAUSE_MS))
  }
  const [inOrder, inLanes] = [series(), series()]
  for (let i = WARM_UP; i < WARM_UP + blocks; i++) {
    await measure(serial, workload.block(serial, i), inOrder)
    await measure(lanes, workload.block(lanes, i), inLanes)
  }
  const columns = [
    `best ${ratio(inOrder, inLanes, 0)}`,
    `median ${ratio(inOrder, inLanes, Math.floor(blocks / 2))}`,
    `processor time ${(inLanes.processorMs / inOrder.processorMs).toFixed(2)}x`,
  ]
  write(`${workload.name.padEnd(34)} ${columns.join('   ')}`)
  await pool.stop()
  await right.storage.stop()
  await left.storage.stop()
}

function series(): Series {
  return { milliseconds: [], processorMs: 0 }
}

async function measure(
  chain: BenchChain,
  transactions: readonly Transaction[],
  to: Series,
): Promise<void> {
  const before = process.cpuUsage()
  const start = performance.now()
  await chain.mine(transactions)
  to.milliseconds.push(performance.now() - start)
  const { user, system } = process.cpuUsage(before)
  to.processorMs += (user + system) / 1000
}

function ratio(inOrder: Series, inLanes: Series, rank: number): string {
  const at = ({ milliseconds }: Series) =>
    milliseconds.toSorted((a, b) => a - b)[rank] ?? Number.NaN
  const [serial, lanes] = [at(inOrder), at(inLanes)]
  return `${(serial / lanes).toFixed(2)}x (${serial.toFixed(1)} / ${lanes.toFixed(1)} ms)`
}

for (const workload of parallelWorkloads()) {
  if (!workload.name.includes(only)) continue
  const folder = mkdtempSync(join(tmpdir(), 'bcos-ts-bench-'))
  await compare(workload, folder)
  rmSync(folder, { recursive: true })
}

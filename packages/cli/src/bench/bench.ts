/**
 * The bench of a chain: `bcos-ts bench`.
 * @module
 */
import { cpus, totalmem } from 'node:os'
import { toHex, utf8 } from '@bcos-ts/common'
import { sha256 } from '@bcos-ts/crypto'
import { BINARY_VERSION } from '@bcos-ts/protocol'
import { accountOf, NodeApi } from '@bcos-ts/sdk'
import type { Measurement } from './measurement.ts'
import { type BenchRun, type LoadPlan, runBench, type TimedMeasurement } from './run.ts'
import type { BenchChain } from './target.ts'
import type { Workload } from './workload.ts'

export interface BenchInit {
  /** Opens the chain; called once for each workload. */
  readonly openChain: (workload: string) => Promise<BenchChain>
  readonly workloads: readonly Workload[]
  readonly plan: LoadPlan
  readonly accountCount: number
  /** Makes accounts and nonces; on one chain, each bench needs its own. */
  readonly seed: string
  /** The command line, for the result file. */
  readonly command: string
  readonly onProgress: (text: string) => void
}

/** The result file. */
export interface BenchResult {
  readonly command: string
  readonly seed: string
  readonly when: string
  readonly versions: { readonly bcos: string; readonly node: string; readonly chain: string }
  readonly machine: {
    readonly processor: string
    readonly cores: number
    readonly memoryGiB: number
  }
  readonly measurements: readonly Measurement[]
}

const NONCE_BYTES = 16
const LABEL_LENGTH = 8
const GIB = 2 ** 30

/** One measurement for each workload, one after the other. Throws `CLI_BENCH_FAILED`. */
export async function bench(init: BenchInit, nowMs: number): Promise<BenchResult> {
  const measurements: Measurement[] = []
  let chainVersion = ''
  for (const workload of init.workloads) {
    init.onProgress(`${workload.name}: starting`)
    const chain = await init.openChain(workload.name)
    let timed: TimedMeasurement | undefined
    let stagesUs: Measurement['stagesUs'] = null
    try {
      chainVersion = (await new NodeApi(chain.client).getClientVersion()).version
      timed = await runBench(runOf(init, chain, workload))
    } finally {
      stagesUs = await chain.finish(timed)
    }
    measurements.push({ ...timed.measurement, stagesUs })
  }
  const [processor] = cpus()
  return {
    command: init.command,
    seed: init.seed,
    when: new Date(nowMs).toISOString(),
    versions: { bcos: BINARY_VERSION, node: process.version, chain: chainVersion },
    machine: {
      processor: processor?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / GIB),
    },
    measurements,
  }
}

function runOf(init: BenchInit, target: BenchChain, workload: Workload): BenchRun {
  const { plan, seed, accountCount, onProgress } = init
  const secretOf = (index: number): Uint8Array => sha256(utf8(`${seed} account ${index}`))
  const nonce = sha256(utf8(`${seed} ${workload.name}`))
  return {
    target,
    workload,
    plan,
    accounts: Array.from({ length: accountCount }, (_, index) =>
      accountOf(secretOf(index), target.suite),
    ),
    nonceSeed: nonce.subarray(0, NONCE_BYTES),
    label: toHex(nonce).slice(0, LABEL_LENGTH),
    onProgress,
  }
}

import { type Percentiles, percentilesOf, type Tenth } from './measurement.ts'
import type { ProcessUse } from './processes.ts'

const TENTHS = 10
const MS = 1000

export interface TenthsInit {
  /** Transactions that are to be mined. */
  readonly count: number
  readonly fromMs: number
  /** What each node has used so far; empty for nodes that are not processes of this machine. */
  readonly use: () => readonly ProcessUse[]
}

/** What has been mined by the time of a block. */
export interface Mined {
  /** How long each of them waited, in the order of blocks, ms. */
  readonly latencies: readonly number[]
  readonly atMs: number
}

/** Cuts a load into tenths, at the block that completes each: whether a chain slows down or grows shows in them. */
export class Tenths {
  readonly #init: TenthsInit
  readonly #done: Tenth[] = []
  #from: { readonly atMs: number; readonly mined: number; readonly cpuMs: number }

  constructor(init: TenthsInit) {
    this.#init = init
    this.#from = { atMs: init.fromMs, mined: 0, cpuMs: cpuMsOf(init.use()) }
  }

  get done(): readonly Tenth[] {
    return this.#done
  }

  seen({ latencies, atMs }: Mined): void {
    const { count, use } = this.#init
    const mined = latencies.length
    if (mined < (count * (this.#done.length + 1)) / TENTHS || mined === this.#from.mined) return
    const uses = use()
    const from = this.#from
    this.#from = { atMs, mined, cpuMs: cpuMsOf(uses) }
    const latencyMs: Percentiles = percentilesOf(latencies.slice(from.mined))
    const transactions = mined - from.mined
    const isLocal = uses.length > 0
    this.#done.push({
      perSecond: Math.round((MS * transactions) / Math.max(1, atMs - from.atMs)),
      latencyMs,
      cpuUs: isLocal
        ? Math.round((MS * (this.#from.cpuMs - from.cpuMs)) / uses.length / transactions)
        : null,
      memoryMiB: isLocal ? Math.round(Math.max(...uses.map(({ memoryMiB }) => memoryMiB))) : null,
    })
  }
}

function cpuMsOf(uses: readonly ProcessUse[]): number {
  return uses.reduce((sum, { cpuMs }) => sum + cpuMs, 0)
}

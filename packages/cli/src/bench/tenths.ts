import { percentilesOf, type Tenth } from './measurement.ts'
import { cpuUs, mostMemory, type ProcessUse } from './processes.ts'

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
  #from: { readonly atMs: number; readonly mined: number; readonly use: readonly ProcessUse[] }

  constructor(init: TenthsInit) {
    this.#init = init
    this.#from = { atMs: init.fromMs, mined: 0, use: init.use() }
  }

  get done(): readonly Tenth[] {
    return this.#done
  }

  seen({ latencies, atMs }: Mined): void {
    const { count } = this.#init
    const mined = latencies.length
    const from = this.#from
    if (mined < (count * (this.#done.length + 1)) / TENTHS || mined === from.mined) return
    const use = this.#init.use()
    const transactions = mined - from.mined
    this.#from = { atMs, mined, use }
    this.#done.push({
      perSecond: Math.round((MS * transactions) / Math.max(1, atMs - from.atMs)),
      latencyMs: percentilesOf(latencies.slice(from.mined)),
      cpuUs: cpuUs(from.use, use, { transactions, of: 'cpuMs' }),
      memoryMiB: use.length === 0 ? null : mostMemory(use),
    })
  }
}

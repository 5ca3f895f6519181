/**
 * What calls have cost and how they got on beside others: learnt from the blocks that were executed, and only a
 * means to decide how to execute the next. No result depends on it.
 * @module
 */
import { LruMap, toHex } from '@bcos-ts/common'
import type { Address } from '@bcos-ts/protocol'

const KINDS_MAX = 4096
const SELECTOR_BYTES = 4
/** Share of the newest measurement in what is remembered. */
const NEWEST = 0.2
/** After conflicts a kind of call is kept out of lanes for so many of its calls; twice as many each time. */
const PENALTY_FIRST = 256
const PENALTY_MAX = 1 << 20

interface Kind {
  /** Microseconds. */
  cost: number
  penalty: number
  /** Calls for which it is still kept out. */
  keptOut: number
}

/** What calls have in common that behave alike: the contract and the function. */
export function kindOf(to: Address, data: Uint8Array): string {
  return to + toHex(data.subarray(0, SELECTOR_BYTES))
}

/** What decides whether a block goes in lanes. */
export interface Profile {
  /** Expected microseconds of a call; 0 for a kind that was never seen. */
  costOf(kind: string): number
  noteCost(kind: string, microseconds: number): void
  /** Whether calls of the kind may run beside others. Counts the call. */
  mayRunBeside(kind: string): boolean
  /** A lane's result of such a call could not be used, although lanes had been asked for it. */
  noteConflict(kind: string): void
}

export class ExecutionProfile implements Profile {
  readonly #kinds = new LruMap<string, Kind>(KINDS_MAX)

  costOf(kind: string): number {
    return this.#kinds.get(kind)?.cost ?? 0
  }

  noteCost(kind: string, microseconds: number): void {
    const known = this.#kinds.get(kind)
    if (known !== undefined) known.cost += NEWEST * (microseconds - known.cost)
    else this.#kinds.set(kind, { cost: microseconds, penalty: PENALTY_FIRST, keptOut: 0 })
  }

  mayRunBeside(kind: string): boolean {
    const known = this.#kinds.get(kind)
    if (known === undefined) return false
    if (known.keptOut === 0) return true
    known.keptOut -= 1
    return false
  }

  noteConflict(kind: string): void {
    const known = this.#kinds.get(kind)
    if (known === undefined || known.keptOut > 0) return
    known.keptOut = known.penalty
    known.penalty = Math.min(2 * known.penalty, PENALTY_MAX)
  }
}

/**
 * When a leader closes its block (spec 04 §6.4).
 * @module
 */

/** An idle leader hands its turn on after this long, with an empty proposal that nobody commits. */
export const EMPTY_BLOCK_INTERVAL_MS = 1000

/** How long the leader of a fresh view waits for evidence of locks. */
const EVIDENCE_MS = 150

export interface SealingView {
  readonly nowMs: number
  /** Last commit or view change. */
  readonly lastConsensusMs: number
  readonly view: number
  /** Transactions waiting in the pool. */
  readonly pending: number
  /** Transactions that a block may have at present. */
  readonly limit: number
  /** `min_block_generation_time`: how long a block with few transactions stays open. */
  readonly minBlockGenerationMs: number
}

export type SealingDecision =
  | { readonly type: 'seal' }
  | { readonly type: 'wait'; readonly untilMs: number }

/**
 * A full block is closed at once, one with few transactions after the minimum time, an empty one after a second.
 *
 * After a view change clients have waited long enough: a moment is left for sealers that hold a lock to show the new
 * leader what must be proposed instead, also when the block is full.
 */
export function decideSealing(view: SealingView): SealingDecision {
  const { nowMs, lastConsensusMs, pending, limit } = view
  const mostMs = view.view === 0 ? EMPTY_BLOCK_INTERVAL_MS - 1 : EVIDENCE_MS
  const minimumMs = Math.min(view.minBlockGenerationMs, mostMs)
  const isFull = pending >= limit
  const delayMs = pending === 0 ? EMPTY_BLOCK_INTERVAL_MS : minimumMs
  const untilMs = lastConsensusMs + (isFull && view.view === 0 ? 0 : delayMs)
  return nowMs >= untilMs ? { type: 'seal' } : { type: 'wait', untilMs }
}

/**
 * When a node loses patience (spec 04 §6.7). Deadlines are a function of the state: nothing to arm or forget.
 * @module
 */
import { isSealer } from '../committee.ts'
import type { PbftState } from './state.ts'

/** How long a view may pass without a proposal, and an executed proposal without a commit. */
export const VIEW_TIMEOUT_MS = 3000
/** Each timeout in a row is longer by this factor … */
const TIMEOUT_FACTOR = 1.5
/** … but never longer than this: the reference lets it grow to hours, which no operator waits for. */
export const TIMEOUT_MAX_MS = 10_000
export const CHANGE_CYCLE_MAX = 20
/** How long to wait for missing transactions before another sealer is asked. */
export const FETCH_RETRY_MS = 500
/** A sealer that still asks for our view this long after we entered it has missed the change. */
export const CATCH_UP_AFTER_MS = 500

function stretched(delayMs: number, cycle: number): number {
  return Math.min(delayMs * TIMEOUT_FACTOR ** cycle, Math.max(delayMs, TIMEOUT_MAX_MS))
}

/** When the view has failed. */
export function viewDeadlineMs(state: PbftState): number {
  const { round, changeCycle } = state
  const baseMs = Math.max(state.lastConsensusMs, state.lastQuorumMs)
  if (round !== undefined && round.arrivedAtMs >= baseMs) {
    if (round.stage === 'executing') {
      return round.arrivedAtMs + stretched(state.consensusTimeoutMs, changeCycle)
    }
    if (round.stage === 'executed') {
      return round.executedAtMs + stretched(VIEW_TIMEOUT_MS, changeCycle)
    }
  }
  return baseMs + stretched(VIEW_TIMEOUT_MS, changeCycle)
}

/** When missing transactions must be asked for again. */
export function fetchDeadlineMs(state: PbftState): number {
  const { round } = state
  return round?.stage === 'fetching' ? round.requestedAtMs + FETCH_RETRY_MS : Infinity
}

/** When the state wants a `timer` event; `Infinity` when it wants none. */
export function deadlineMs(state: PbftState): number {
  if (!isSealer(state.committee)) return Infinity
  return Math.min(viewDeadlineMs(state), fetchDeadlineMs(state))
}

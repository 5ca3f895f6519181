/**
 * When a node loses patience (spec 04 §6.7). Deadlines are a function of the state: nothing to arm or forget.
 * @module
 */
import { isSealer, leaderOf } from '../committee.ts'
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
/** How often one sealer is told where we are … */
export const TELL_EVERY_MS = 1000
/** … and how often all are told again while nothing moves: what was lost is lost for so long. */
const REPEAT_MS = 1000
/** How exactly it is remembered when a sealer was heard. */
export const HEARD_EVERY_MS = 500
/** A leader without a session to us has so long to propose, when it has not been heard … */
const ABSENT_TIMEOUT_MS = 500
/** … through anybody for this long. Also in an idle group every sealer says something each second. */
const SILENT_AFTER_MS = 2500

function stretched(delayMs: number, cycle: number): number {
  return Math.min(delayMs * TIMEOUT_FACTOR ** cycle, Math.max(delayMs, TIMEOUT_MAX_MS))
}

/** When the view has failed. */
export function viewDeadlineMs(state: PbftState): number {
  return Math.min(presentDeadlineMs(state), absentDeadlineMs(state))
}

/**
 * When a leader that is not there has had its time. Only while a quorum can be reached: without one no view
 * can be entered, and asking for ever higher ones would help nobody.
 */
function absentDeadlineMs(state: PbftState): number {
  const { committee, round, links, heardAtMs, changeCycle } = state
  const leader = leaderOf(committee, state.view, state.head.number)
  if (round !== undefined || state.isLeaderFailed || leader === committee.self) return Infinity
  if (links.get(leader)?.isUp !== false || !isQuorumReachable(state)) return Infinity
  const patienceMs = stretched(ABSENT_TIMEOUT_MS, changeCycle)
  const silentMs = (heardAtMs.get(leader) ?? -Infinity) + SILENT_AFTER_MS
  return Math.max(state.lastConsensusMs + patienceMs, silentMs)
}

/** Whether this node and those that it has sessions with could decide. */
export function isQuorumReachable({
  committee,
  links,
}: Pick<PbftState, 'committee' | 'links'>): boolean {
  const up = committee.working.filter((index) => links.get(index)?.isUp === true)
  return up.length + 1 >= committee.quorum
}

function presentDeadlineMs(state: PbftState): number {
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

/** When what the others may have missed must be said again; `Infinity` while all goes well, or nobody is there. */
export function repeatDeadlineMs(state: PbftState): number {
  const { round, links, isLeaderFailed, lastConsensusMs, repeatedAtMs } = state
  const isWaiting = round?.stage === 'executed'
  const isHeard = [...links.values()].some(({ isUp }) => isUp)
  if (!isHeard || (!isLeaderFailed && !isWaiting)) return Infinity
  const sinceMs = isWaiting ? round.executedAtMs : lastConsensusMs
  return Math.max(sinceMs, repeatedAtMs) + REPEAT_MS
}

/** When the state wants a `timer` event; `Infinity` when it wants none. */
export function deadlineMs(state: PbftState): number {
  if (!isSealer(state.committee)) return Infinity
  return Math.min(viewDeadlineMs(state), fetchDeadlineMs(state), repeatDeadlineMs(state))
}

/**
 * How long a Raft node waits (spec 04 §8.1). Deadlines are part of the state.
 * @module
 */
import type { RaftState } from './state.ts'

const ELECTION_MIN_MS = 1000
const ELECTION_MAX_MS = 2000
const STEPS = 100
/** Without a majority's answers for so long, a leader is none. */
export const MAJORITY_MS: number = ELECTION_MIN_MS
/** A node that has heard its leader within this time votes for nobody. */
export const LOYALTY_MS: number = ELECTION_MIN_MS
export const HEARTBEAT_MS: number = ELECTION_MIN_MS / 4

/** Differs from node to node and from time to time, so that one of them is first. */
export function electionTimeoutMs(chance: number): number {
  const step = (ELECTION_MAX_MS - ELECTION_MIN_MS) / STEPS
  return ELECTION_MIN_MS + Math.floor(chance * STEPS) * step
}

/** When the state wants a `timer` event. */
export function raftDeadlineMs(state: RaftState): number {
  if (!state.committee.sealers[state.committee.self]) return Infinity
  return state.role === 'leader'
    ? Math.min(state.deadlineMs, state.heartbeatAtMs)
    : state.deadlineMs
}

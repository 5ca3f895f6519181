import { refusesLockProof } from './checks.ts'
/**
 * Locks, and the evidence that lets a node change one (README, "Locks that can be proven").
 * @module
 */
import type { Draft } from './draft.ts'
import { update } from './draft.ts'
import {
  consensusHeight,
  type Lock,
  type LockProofEvent,
  type PbftState,
  type Round,
} from './state.ts'
import { votesForRound } from './votes.ts'

/** The lock that a quorum of signs for the executed round makes. */
export function lockOf(state: PbftState, round: Round): Lock | undefined {
  const { execution, proposal } = round
  if (execution === undefined || proposal.block === undefined) return undefined
  const counted = votesForRound(state, 'sign')
  const { quorum } = state.committee
  if (counted.length < quorum) return undefined
  const bound = counted.filter((vote) => vote.bond !== undefined)
  const isProvable = bound.length >= quorum
  return {
    view: round.view,
    proposal: { ...proposal, block: proposal.block },
    executedHash: execution.hash,
    signs: (isProvable ? bound : counted).slice(0, quorum),
    isProvable,
  }
}

/** What must be on disk for the promises that the state now holds. */
export function persistVotes(draft: Draft): void {
  const { voted, lock } = draft.state
  const height = consensusHeight(draft.state)
  draft.effects.push({
    type: 'persist',
    votes: { height, view: voted?.view ?? 0, signed: voted?.hash, lock },
  })
}

/** Shows our lock to a sealer that may not know of it. */
export function offerLock(draft: Draft, to: number): void {
  const { lock, committee } = draft.state
  if (lock === undefined || !lock.isProvable || to === committee.self) return
  draft.effects.push({ type: 'sendLockProof', to, height: consensusHeight(draft.state), lock })
}

/**
 * Evidence of a later quorum replaces our lock; evidence of an earlier one is answered with ours.
 * `true` when the lock has changed.
 */
export function onLockProof(draft: Draft, event: LockProofEvent): boolean {
  const { state } = draft
  const { lock, from } = event
  const place = { height: lock.proposal.header.number, view: lock.view }
  if (refusesLockProof(state, place) !== undefined) return false
  if (state.lock !== undefined && lock.view < state.lock.view) {
    offerLock(draft, from)
    return false
  }
  update(draft, { lock, round: roundUnder(lock, state.round) })
  persistVotes(draft)
  return true
}

/** A later quorum for another proposal means that ours was committed by nobody: we leave its round. */
function roundUnder(lock: Lock, round: Round | undefined): Round | undefined {
  const isOvertaken = round?.isCommitSent === true && round.proposal.hash !== lock.proposal.hash
  return isOvertaken ? { ...round, stage: 'failed', isCommitSent: false } : round
}

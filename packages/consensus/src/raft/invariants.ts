/**
 * What holds after every step of Raft, whatever happened. A breach is a mistake of ours.
 * @module
 */
import { assert } from '@bcos-ts/common'
import type { RaftEffect, RaftState, RaftTransition } from './state.ts'

export function assertRaftStep(before: RaftState, { state, effects }: RaftTransition): void {
  assert(state.term >= before.term, 'terms only grow')
  const isSameTerm = state.term === before.term
  const isVoteKept =
    !isSameTerm || before.votedFor === undefined || before.votedFor === state.votedFor
  assert(isVoteKept, 'a vote is given once in a term')
  const { entry, head } = state
  if (entry !== undefined) {
    assert(entry.proposal.header.number === head.number + 1, 'what is kept is the next block')
    assert(entry.term <= state.term, 'nothing is accepted in a term to come')
  }
  assertKept(before, state, effects)
  for (const effect of effects) {
    if (effect.type !== 'commit' || effect.expected !== undefined) continue
    assert(state.role === 'leader', 'only a leader counts acceptances')
    assert(entry?.term === state.term, 'a leader counts acceptances of its own term')
    assert(state.accepted.size >= state.quorum, 'a block is committed by a majority')
  }
}

/** A term, a vote or an acceptance that is new is kept before anything leaves. */
function assertKept(before: RaftState, state: RaftState, effects: readonly RaftEffect[]): void {
  const isEntryNew =
    state.entry !== undefined &&
    (state.entry.term !== before.entry?.term ||
      state.entry.proposal.hash !== before.entry.proposal.hash)
  const isNew = state.term !== before.term || state.votedFor !== before.votedFor || isEntryNew
  if (!isNew) return
  const kept = effects.findLastIndex(({ type }) => type === 'persist')
  const sent = effects.findIndex(({ type }) => type !== 'persist')
  assert(kept >= 0 && (sent < 0 || kept < sent), 'promises are kept before they are told')
}

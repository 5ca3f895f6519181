/**
 * Who leads (spec 04 §8.3): trial, candidacy, votes.
 * @module
 */
import { common, persist, type RaftDraft, update } from './draft.ts'
import { beginLeading, isMajority } from './leading.ts'
import { VoteFlag, type VoteRequest, type VoteResponse } from './messages.ts'
import type { RaftState } from './state.ts'
import { electionTimeoutMs, LOYALTY_MS } from './timing.ts'

/** A higher term makes everybody a follower. What was promised in lower ones is over. */
export function adoptTerm(draft: RaftDraft, term: number): void {
  if (term <= draft.state.term) return
  update(draft, { term, votedFor: undefined })
  persist(draft)
  follow(draft, undefined)
}

export function follow(draft: RaftDraft, leader: number | undefined): void {
  update(draft, {
    role: 'follower',
    leader,
    supporters: new Set(),
    accepted: new Set(),
    members: new Map(),
    deadlineMs: draft.nowMs + electionTimeoutMs(draft.chance),
  })
}

/**
 * Asks who would vote for this node. A node that comes back from nowhere thus learns that there is a leader without
 * having raised the term over its head.
 */
export function tryOut(draft: RaftDraft): void {
  const { committee } = draft.state
  update(draft, {
    role: 'trial',
    leader: undefined,
    supporters: new Set([committee.self]),
    deadlineMs: draft.nowMs + electionTimeoutMs(draft.chance),
  })
  if (isMajority(draft.state, draft.state.supporters)) return stand(draft)
  draft.effects.push({ type: 'broadcast', message: requestOf(draft.state, true) })
}

/** Takes the next term, and the own vote in it. */
function stand(draft: RaftDraft): void {
  const { committee, term } = draft.state
  update(draft, {
    role: 'candidate',
    term: term + 1,
    votedFor: committee.self,
    supporters: new Set([committee.self]),
    accepted: new Set(),
    deadlineMs: draft.nowMs + electionTimeoutMs(draft.chance),
  })
  persist(draft)
  if (isMajority(draft.state, draft.state.supporters)) return beginLeading(draft)
  draft.effects.push({ type: 'broadcast', message: requestOf(draft.state, false) })
}

function requestOf(state: RaftState, isTrial: boolean): VoteRequest {
  const { committee, term, head, entry, lastLeaderTerm } = state
  return {
    type: 'voteRequest',
    ...common(state),
    term: isTrial ? term + 1 : term,
    candidate: committee.self,
    lastLeaderTerm,
    lastBlockNumber: head.number + (entry === undefined ? 0 : 1),
    acceptedTerm: entry?.term ?? 0,
    isTrial,
  }
}

export function onVoteRequest(draft: RaftDraft, from: number, request: VoteRequest): void {
  if (request.candidate !== from) return
  const flag = request.isTrial ? judge(draft, request) : vote(draft, request)
  const message: VoteResponse = {
    type: 'voteResponse',
    ...common(draft.state),
    flag,
    lastLeaderTerm: draft.state.lastLeaderTerm,
  }
  draft.effects.push({ type: 'answer', to: from, message })
}

/** What a vote would be, without giving it. */
function judge({ state, nowMs }: RaftDraft, request: VoteRequest): number {
  if (isLoyal(state, request.candidate, nowMs)) return VoteFlag.leaderKnown
  if (request.term < state.term) return VoteFlag.rejected
  if (request.term === state.term && state.votedFor !== request.candidate) {
    return state.votedFor === undefined ? VoteFlag.rejected : VoteFlag.discarded
  }
  return isUpToDate(state, request) ? VoteFlag.firstVote : VoteFlag.outdated
}

function isLoyal(state: RaftState, candidate: number, nowMs: number): boolean {
  if (state.role === 'leader') return true
  const { leader, leaderAtMs } = state
  return leader !== undefined && leader !== candidate && nowMs - leaderAtMs < LOYALTY_MS
}

/**
 * Whoever leads must know every block that a majority may have accepted: more blocks than ours, or as many and an
 * uncommitted one accepted no earlier than ours.
 */
function isUpToDate(
  { head, entry }: RaftState,
  { height, acceptedTerm }: Pick<VoteRequest, 'height' | 'acceptedTerm'>,
): boolean {
  if (height !== head.number) return height > head.number
  return acceptedTerm >= (entry?.term ?? 0)
}

function vote(draft: RaftDraft, request: VoteRequest): number {
  const { state } = draft
  const { term, candidate } = request
  if (isLoyal(state, candidate, draft.nowMs)) return VoteFlag.leaderKnown
  if (term < state.term) return VoteFlag.rejected
  const isSameTerm = term === state.term
  if (isSameTerm && state.votedFor !== undefined) {
    return state.votedFor === candidate ? VoteFlag.granted : VoteFlag.discarded
  }
  // A leader of this term has been followed: that was as good as a vote for it.
  if (isSameTerm && state.lastLeaderTerm === term) return VoteFlag.discarded
  if (!isUpToDate(state, request)) {
    adoptTerm(draft, term)
    return VoteFlag.outdated
  }
  update(draft, { term, votedFor: candidate })
  persist(draft)
  follow(draft, undefined)
  return VoteFlag.granted
}

export function onVoteResponse(draft: RaftDraft, from: number, response: VoteResponse): void {
  const { state } = draft
  if (response.term > state.term) return adoptTerm(draft, response.term)
  const isTrial = state.role === 'trial'
  const isYes = isTrial
    ? response.flag === VoteFlag.firstVote || response.flag === VoteFlag.granted
    : response.flag === VoteFlag.granted && response.term === state.term
  if (!isYes || (!isTrial && state.role !== 'candidate')) return
  update(draft, { supporters: new Set(state.supporters).add(from) })
  if (!isMajority(draft.state, draft.state.supporters)) return
  if (isTrial) stand(draft)
  else beginLeading(draft)
}

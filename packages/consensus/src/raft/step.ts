/**
 * Raft as BCOS 2.x speaks it, as a function (spec 04 §8). One block at a time is replicated by heartbeats; the README
 * says where this one is safe and the reference is not, and why.
 * @module
 */
import { unreachable } from '@bcos-ts/common'
import type { Committee } from '../committee.ts'
import { isSameCommittee } from '../committee.ts'
import type { Head } from '../pbft/state.ts'
import { common, persist, type RaftDraft, update } from './draft.ts'
import { adoptTerm, follow, onVoteRequest, onVoteResponse, tryOut } from './election.ts'
import { beat, onHeartbeatResponse, onSealed } from './leading.ts'
import { NO_HASH } from './messages.ts'
import type { DurableRaft, HeartbeatEvent, RaftEvent, RaftState, RaftTransition } from './state.ts'
import { electionTimeoutMs } from './timing.ts'

export interface RaftInit {
  readonly committee: Committee
  readonly head: Head
  readonly nowMs: number
  readonly chance: number
  /** What was on disk when the node started. */
  readonly restored: DurableRaft | undefined
}

/** More than half: f = (n - 1) div 2 may be gone. */
export function raftQuorum(n: number): number {
  return n - Math.floor(Math.max(n - 1, 0) / 2)
}

export function startRaft(init: RaftInit): RaftState {
  const { committee, head, restored, nowMs } = init
  const kept = restored?.entry
  const isNext = kept !== undefined && kept.proposal.header.number === head.number + 1
  return {
    committee,
    quorum: raftQuorum(committee.sealers.length),
    head,
    term: restored?.term ?? 0,
    votedFor: restored?.votedFor,
    entry: isNext ? kept : undefined,
    role: 'follower',
    leader: undefined,
    leaderAtMs: -Infinity,
    lastLeaderTerm: 0,
    deadlineMs: nowMs + electionTimeoutMs(init.chance),
    heartbeatAtMs: nowMs,
    supporters: new Set(),
    members: new Map(),
    accepted: new Set(),
    isCommitting: false,
    mismatch: undefined,
    lastConsensusMs: nowMs,
  }
}

/** The whole protocol. */
export function raftStep(state: RaftState, event: RaftEvent): RaftTransition {
  const draft: RaftDraft = { state, effects: [], nowMs: event.nowMs, chance: event.chance }
  if (event.type === 'head') onHead(draft, event)
  else if (state.committee.sealers[state.committee.self] !== undefined) apply(draft, event)
  return { state: draft.state, effects: draft.effects }
}

function apply(draft: RaftDraft, event: Exclude<RaftEvent, { readonly type: 'head' }>): void {
  switch (event.type) {
    case 'timer':
      return onTimer(draft)
    case 'voteRequest':
      return onVoteRequest(draft, event.from, event.message)
    case 'voteResponse':
      return onVoteResponse(draft, event.from, event.message)
    case 'heartbeat':
      return onHeartbeat(draft, event)
    case 'heartbeatResponse':
      return event.message.term > draft.state.term
        ? adoptTerm(draft, event.message.term)
        : onHeartbeatResponse(draft, event.from, event.message)
    case 'sealed':
      return onSealed(draft, event.term, event.proposal)
    case 'mismatched':
      return update(draft, { isCommitting: false, mismatch: event.hash })
    default:
      return unreachable(event)
  }
}

function onTimer(draft: RaftDraft): void {
  const { state, nowMs } = draft
  if (nowMs >= state.deadlineMs) {
    // A leader whom no majority answers cannot commit, and must not keep others from trying.
    return state.role === 'leader' ? follow(draft, undefined) : tryOut(draft)
  }
  if (state.role === 'leader' && nowMs >= state.heartbeatAtMs) beat(draft)
}

function onHeartbeat(draft: RaftDraft, event: HeartbeatEvent): void {
  const { from, message, proposal } = event
  if (message.leader !== from) return
  // A leader of the past learns of the present from the answer.
  if (message.term < draft.state.term) return answer(draft, from)
  adoptTerm(draft, message.term)
  const { state, nowMs } = draft
  if (state.role === 'leader') return
  follow(draft, from)
  update(draft, { leaderAtMs: nowMs, lastLeaderTerm: message.term })
  if (proposal !== undefined) accept(draft, proposal)
  takeCommitted(draft, message.height, message.blockHash)
  answer(draft, from)
}

/** Keeps the leader's block as accepted in this term, on disk. */
function accept(draft: RaftDraft, proposal: HeartbeatEvent['proposal']): void {
  const { state } = draft
  const { head, entry, term, isCommitting } = state
  const isNext = proposal?.header.number === head.number + 1
  if (proposal === undefined || !isNext || isCommitting) return
  if (entry?.term === term && entry.proposal.hash === proposal.hash) return
  update(draft, { entry: { term, proposal }, mismatch: undefined })
  persist(draft)
}

/** The leader is one block ahead, and we keep a block: it is that block, if execution gives the leader's hash. */
function takeCommitted(draft: RaftDraft, height: number, blockHash: string): void {
  const { head, entry, isCommitting, mismatch } = draft.state
  const isAhead = height === head.number + 1
  if (!isAhead || entry === undefined || isCommitting || mismatch === blockHash) return
  update(draft, { isCommitting: true })
  draft.effects.push({ type: 'commit', proposal: entry.proposal, expected: blockHash })
}

/** Only what was accepted in the present term is named: that is what the leader counts. */
function answer(draft: RaftDraft, to: number): void {
  const { state } = draft
  const { entry, term } = state
  const acceptedHash = entry?.term === term ? entry.proposal.hash : NO_HASH
  const message = { type: 'heartbeatResponse' as const, ...common(state), acceptedHash }
  draft.effects.push({ type: 'answer', to, message })
}

/** The next height: nothing is accepted, and those lead on who led. */
function onHead(draft: RaftDraft, event: Extract<RaftEvent, { readonly type: 'head' }>): void {
  const { head, committee } = event
  const { state, nowMs } = draft
  if (head.number <= state.head.number) return
  const isSame = isSameCommittee(committee, state.committee)
  update(draft, {
    head,
    committee,
    quorum: raftQuorum(committee.sealers.length),
    entry: undefined,
    accepted: new Set(),
    isCommitting: false,
    mismatch: undefined,
    lastConsensusMs: nowMs,
  })
  // A majority of others has not elected anybody, and indices stand for others.
  if (!isSame) return leaveOffice(draft)
  if (draft.state.role === 'leader') beat(draft)
  else if (draft.state.role === 'follower' && draft.state.leader !== undefined) {
    answer(draft, draft.state.leader)
  }
}

function leaveOffice(draft: RaftDraft): void {
  follow(draft, undefined)
  update(draft, { leaderAtMs: -Infinity })
  // An index that was voted for now stands for somebody else: the term is used up.
  update(draft, { term: draft.state.term + 1, votedFor: undefined })
  persist(draft)
}

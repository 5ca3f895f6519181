/**
 * What a leader does: heartbeats with the block that waits, counting who has accepted it (spec 04 §8.3).
 * @module
 */
import type { CompleteProposal } from '../pbft/proposal.ts'
import { common, persist, type RaftDraft, update } from './draft.ts'
import type { Heartbeat, HeartbeatResponse } from './messages.ts'
import type { RaftState } from './state.ts'
import { HEARTBEAT_MS, MAJORITY_MS } from './timing.ts'

const NO_BLOCK = new Uint8Array(0)

export function isMajority(
  { quorum, committee }: RaftState,
  members: ReadonlySet<number>,
): boolean {
  return [...members].filter((index) => committee.working.includes(index)).length >= quorum
}

/**
 * The term is ours. A block that a former leader left is accepted anew: acceptances of former terms prove nothing,
 * for a leader in between may have had another block accepted.
 */
export function beginLeading(draft: RaftDraft): void {
  const { committee, term, entry } = draft.state
  update(draft, {
    role: 'leader',
    leader: committee.self,
    lastLeaderTerm: term,
    supporters: new Set(),
    members: new Map(),
    deadlineMs: draft.nowMs + MAJORITY_MS,
    entry: entry && { ...entry, term },
    accepted: new Set(entry === undefined ? [] : [committee.self]),
  })
  if (entry !== undefined) persist(draft)
  beat(draft)
  concludeAcceptances(draft)
}

export function beat(draft: RaftDraft): void {
  const { state, nowMs } = draft
  const { entry, committee, head } = state
  const message: Heartbeat = {
    type: 'heartbeat',
    ...common(state),
    leader: committee.self,
    block: NO_BLOCK,
    blockNumber: entry === undefined ? 0 : head.number + 1,
  }
  update(draft, { heartbeatAtMs: nowMs + HEARTBEAT_MS })
  // One that is a majority by itself waits for nobody.
  if (isMajority(state, new Set([committee.self])))
    update(draft, { deadlineMs: nowMs + MAJORITY_MS })
  draft.effects.push({ type: 'sendHeartbeat', message, entry })
}

/** Whether this node may seal a block now: it leads, nothing waits, nobody is ahead, and a majority is where it is. */
export function isTurnToSealRaft(state: RaftState): boolean {
  const { role, entry, isCommitting, members, head, committee } = state
  if (role !== 'leader' || entry !== undefined || isCommitting) return false
  const others = [...members]
  if (others.some(([, { height }]) => height > head.number)) return false
  const level = others.filter(
    ([, { height, blockHash }]) => height === head.number && blockHash === head.hash,
  )
  return isMajority(state, new Set([committee.self, ...level.map(([index]) => index)]))
}

export function onSealed(draft: RaftDraft, term: number, proposal: CompleteProposal): void {
  const { state } = draft
  const isNext = proposal.header.number === state.head.number + 1
  if (term !== state.term || !isNext || !isTurnToSealRaft(state)) return
  update(draft, { entry: { term, proposal }, accepted: new Set([state.committee.self]) })
  persist(draft)
  beat(draft)
  concludeAcceptances(draft)
}

export function onHeartbeatResponse(
  draft: RaftDraft,
  from: number,
  response: HeartbeatResponse,
): void {
  const { state, nowMs } = draft
  if (state.role !== 'leader' || response.term !== state.term) return
  const { height, blockHash, acceptedHash } = response
  const members = new Map(state.members).set(from, { height, blockHash, heardAtMs: nowMs })
  update(draft, { members })
  const recent = [...members].filter(([, { heardAtMs }]) => heardAtMs > nowMs - MAJORITY_MS)
  const heard = new Set([state.committee.self, ...recent.map(([index]) => index)])
  if (isMajority(draft.state, heard)) update(draft, { deadlineMs: nowMs + MAJORITY_MS })
  const isAcceptance = state.entry !== undefined && acceptedHash === state.entry.proposal.hash
  if (!isAcceptance || height !== state.head.number) return
  update(draft, { accepted: new Set(state.accepted).add(from) })
  concludeAcceptances(draft)
}

/** A block that a majority has accepted in this term, on disk, is committed: no later leader can lack it. */
function concludeAcceptances(draft: RaftDraft): void {
  const { state } = draft
  const { entry, isCommitting, accepted } = state
  if (entry === undefined || isCommitting || !isMajority(state, accepted)) return
  update(draft, { isCommitting: true })
  draft.effects.push({ type: 'commit', proposal: entry.proposal, expected: undefined })
}

/**
 * PBFT of BCOS 2.x as a function (spec 04 §6.5, §6.7): same state and event, same transition, on every
 * node and in every replay. A message from a peer is ordinary input: what is bad leaves the state as it was.
 * @module
 */
import { unreachable } from '@bcos-ts/common'
import { type Committee, isSameCommittee, isSealer } from '../committee.ts'
import { refusesVote } from './checks.ts'
import { type Draft, update } from './draft.ts'
import { offerLock, onLockProof } from './lock.ts'
import { onPeers, repeatPosition } from './position.ts'
import {
  concludeVotes,
  onExecuted,
  onFilled,
  onPrepare,
  onProposed,
  reproposeLock,
  requestTransactions,
  retryFuture,
} from './round.ts'
import {
  consensusHeight,
  type DurableVotes,
  type Head,
  type HeadEvent,
  type PbftEvent,
  type PbftState,
  type Transition,
  type VoteEvent,
} from './state.ts'
import { fetchDeadlineMs, HEARD_EVERY_MS, repeatDeadlineMs, viewDeadlineMs } from './timing.ts'
import { concludeViewChanges, currentLeader, onViewChange, timeOut } from './view-change.ts'
import { votesAbove, withVote } from './votes.ts'

export interface PbftInit {
  readonly committee: Committee
  readonly head: Head
  readonly consensusTimeoutMs: number
  readonly nowMs: number
  /** What was on disk when the node started. */
  readonly restored: DurableVotes | undefined
}

/** The first state after a start: no promise made before it is forgotten. */
export function startPbft(init: PbftInit): Transition {
  const { restored, head } = init
  const kept = restored?.height === head.number + 1 ? restored : undefined
  const view = kept?.view ?? 0
  const state: PbftState = {
    committee: init.committee,
    head,
    consensusTimeoutMs: init.consensusTimeoutMs,
    view,
    toView: view,
    isLeaderFailed: false,
    changeCycle: 0,
    lastConsensusMs: init.nowMs,
    lastQuorumMs: 0,
    round: undefined,
    lock: kept?.lock,
    voted: kept?.signed === undefined ? undefined : { view, hash: kept.signed },
    votes: new Map(),
    viewChanges: new Map(),
    future: [],
    peerViews: new Map(),
    heardAtMs: new Map(),
    links: new Map(),
    toldAtMs: new Map(),
    repeatedAtMs: init.nowMs,
  }
  const draft: Draft = { state, effects: [], nowMs: init.nowMs }
  if (isSealer(state.committee)) {
    offerLock(draft, currentLeader(state))
    settle(draft)
  }
  return { state: draft.state, effects: draft.effects }
}

/** The whole protocol. */
export function step(state: PbftState, event: PbftEvent): Transition {
  const draft: Draft = { state, effects: [], nowMs: event.nowMs }
  if (event.type === 'head') onHead(draft, event)
  else if (isSealer(state.committee)) apply(draft, event)
  if (isSealer(draft.state.committee) && draft.state !== state) settle(draft)
  return { state: draft.state, effects: draft.effects }
}

function apply(draft: Draft, event: Exclude<PbftEvent, HeadEvent>): void {
  switch (event.type) {
    case 'prepare': {
      const { prepare, deferUpTo } = event
      if (prepare.height <= deferUpTo) return
      hear(draft, prepare)
      return onPrepare(draft, prepare)
    }
    case 'vote':
      return onVote(draft, event)
    case 'viewChange':
      hear(draft, { index: event.index, ...event.change, height: event.change.height + 1 })
      return onViewChange(draft, event)
    case 'lockProof':
      return void onLockProof(draft, event)
    case 'proposed':
      return onProposed(draft, event)
    case 'filled':
      return onFilled(draft, event)
    case 'executed':
      return onExecuted(draft, event)
    case 'peers':
      return onPeers(draft, event)
    case 'timer':
      return onTimer(draft)
    default:
      return unreachable(event)
  }
}

/** Remembers that a sealer lives, and in which view it is: for operators, and to know an absent leader by. */
function hear(
  draft: Draft,
  message: { readonly index: number; readonly height: number; readonly view: number },
): void {
  const { peerViews, heardAtMs } = draft.state
  const { index, height, view } = message
  if (draft.nowMs - (heardAtMs.get(index) ?? -Infinity) >= HEARD_EVERY_MS) {
    update(draft, { heardAtMs: new Map(heardAtMs).set(index, draft.nowMs) })
  }
  if (height !== consensusHeight(draft.state) || peerViews.get(index) === view) return
  update(draft, { peerViews: new Map(peerViews).set(index, view) })
}

function onVote(draft: Draft, event: VoteEvent): void {
  const { kind, vote, deferUpTo } = event
  if (refusesVote(draft.state, kind, vote, deferUpTo) !== undefined) return
  hear(draft, vote)
  update(draft, { votes: withVote(draft.state, kind, vote) })
}

function onTimer(draft: Draft): void {
  const { nowMs, state } = draft
  if (nowMs >= viewDeadlineMs(state)) return timeOut(draft)
  if (nowMs >= fetchDeadlineMs(state)) requestTransactions(draft)
  if (nowMs >= repeatDeadlineMs(state)) repeatPosition(draft)
}

/** A new height begins: view 0, no lock, no votes of the past (spec 04 §6.5 step 8). */
function onHead(draft: Draft, event: HeadEvent): void {
  const { state, nowMs } = draft
  const { head, committee, consensusTimeoutMs } = event
  if (head.number <= state.head.number) return
  const isSame = isSameCommittee(committee, state.committee)
  const changes = [...state.viewChanges].filter(
    ([index, { height }]) => height >= head.number && index !== committee.self,
  )
  update(draft, {
    head,
    committee,
    consensusTimeoutMs,
    view: 0,
    toView: 0,
    isLeaderFailed: false,
    changeCycle: 0,
    lastConsensusMs: nowMs,
    lastQuorumMs: 0,
    round: undefined,
    lock: undefined,
    voted: undefined,
    // An index names another sealer when the list changes: nothing that was counted by it may stay.
    votes: isSame ? votesAbove(state, head.number) : new Map(),
    viewChanges: new Map(isSame ? changes : []),
    future: isSame ? state.future.filter(({ height }) => height > head.number) : [],
    peerViews: isSame ? state.peerViews : new Map(),
    heardAtMs: isSame ? state.heardAtMs : new Map(),
    links: isSame ? state.links : new Map(),
    toldAtMs: new Map(),
  })
}

/** Draws every conclusion that the state now allows. */
function settle(draft: Draft): void {
  for (let isMoving = true; isMoving;) {
    const isViewEntered = concludeViewChanges(draft)
    if (isViewEntered) offerLock(draft, currentLeader(draft.state))
    const isReproposed = reproposeLock(draft)
    const isRetried = retryFuture(draft)
    isMoving = isViewEntered || isReproposed || isRetried
  }
  concludeVotes(draft)
}

/**
 * Leaving a view and entering another (spec 04 §6.7).
 * @module
 */
import { isSealer, leaderOf } from '../committee.ts'
import { isBehind, refusesViewChange } from './checks.ts'
import { type Draft, update } from './draft.ts'
import { offerLock } from './lock.ts'
import { tellPosition } from './position.ts'
import type { PbftState, ViewChange, ViewChangeEvent } from './state.ts'
import { CHANGE_CYCLE_MAX } from './timing.ts'
import { votesFromView } from './votes.ts'

/** The view has failed: ask for the next one. */
export function timeOut(draft: Draft): void {
  const { round, view, toView } = draft.state
  const wasExecuted = round?.stage === 'executed'
  draft.effects.push({
    type: 'timedOut',
    view,
    toView: toView + 1,
    txCount: wasExecuted ? round?.proposal.transactionHashes.length : undefined,
  })
  askForView(draft, toView + 1)
}

/** An idle leader handed its turn on: everybody follows at once. */
export function passTurn(draft: Draft): void {
  update(draft, { changeCycle: 0 })
  askForView(draft, draft.state.toView + 1)
}

/**
 * A request is no promise: a node that asked for a view may still lock and commit in the one it is in,
 * and enter a lower one than it asked for. Nothing of it has to survive a crash.
 */
function askForView(draft: Draft, toView: number): void {
  const { state, nowMs } = draft
  const change = { height: state.head.number, view: toView, hash: state.head.hash }
  update(draft, {
    toView,
    isLeaderFailed: true,
    changeCycle: Math.min(state.changeCycle + 1, CHANGE_CYCLE_MAX),
    lastConsensusMs: nowMs,
    viewChanges: new Map(state.viewChanges).set(state.committee.self, change),
  })
  // Evidence goes ahead of the request: when the leader of that view has a quorum of them, it knows every lock
  // behind it, and need not wait for any. A node of the reference drops what it does not know.
  offerLock(draft, leaderOf(state.committee, toView, state.head.number))
  draft.effects.push({ type: 'sendViewChange', change, to: undefined })
}

export function onViewChange(draft: Draft, event: ViewChangeEvent): void {
  const { index, change, from } = event
  if (index === from && isBehind(draft.state, { from, change }, draft.nowMs))
    tellPosition(draft, from)
  if (refusesViewChange(draft.state, index, change) !== undefined) return
  update(draft, { viewChanges: new Map(draft.state.viewChanges).set(index, change) })
}

/**
 * Draws what follows from the view changes that are known. `true` when a view was entered.
 *
 * The reference counts requests for exactly one view. Here a request for a view also supports the lower
 * ones, so that nodes whose requests have drifted apart meet at once instead of climbing view by view.
 */
export function concludeViewChanges(draft: Draft): boolean {
  if (!isSealer(draft.state.committee)) return false
  while (followMinority(draft)) {
    // Each turn raises `toView`, and there are finitely many requests above it.
  }
  const { state } = draft
  const asked = requestsAtHead(state).map((change) => change.view)
  const supported = asked.toSorted((a, b) => b - a)[state.committee.quorum - 1] ?? 0
  if (supported <= state.view) return false
  enterView(draft, supported)
  return true
}

function requestsAtHead({ head, viewChanges }: PbftState): ViewChange[] {
  return [...viewChanges.values()].filter(
    (change) => change.height === head.number && change.hash === head.hash,
  )
}

/** More than f ask for views above ours: one of them is honest, so we join (the f + 1 rule). */
function followMinority(draft: Draft): boolean {
  const { state } = draft
  const above = requestsAtHead(state)
    .map((change) => change.view)
    .filter((view) => view > state.toView)
  if (above.length <= state.committee.maxFaulty) return false
  askForView(draft, Math.min(...above))
  return true
}

function enterView(draft: Draft, view: number): void {
  const { state } = draft
  const { self } = state.committee
  const kept = [...state.viewChanges].filter(
    ([index, change]) =>
      index !== self && (change.height > state.head.number || change.view > view),
  )
  update(draft, {
    view,
    toView: view,
    isLeaderFailed: false,
    lastConsensusMs: draft.nowMs,
    round: undefined,
    votes: votesFromView(state, view),
    viewChanges: new Map(kept),
  })
}

/** Index of the leader of the current view. */
export function currentLeader(state: PbftState): number {
  return leaderOf(state.committee, state.view, state.head.number)
}

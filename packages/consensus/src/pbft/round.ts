/**
 * One proposal on its way: prepare, execute, sign, lock, commit (spec 04 §6.5).
 * @module
 */
import { judgePrepare } from './checks.ts'
import { type Draft, update } from './draft.ts'
import { lockOf, persistVotes } from './lock.ts'
import type { CompleteProposal } from './proposal.ts'
import {
  consensusHeight,
  type ExecutedEvent,
  type FilledEvent,
  isEmpty,
  type PbftState,
  type Prepare,
  type ProposedEvent,
  type Round,
} from './state.ts'
import { currentLeader, passTurn } from './view-change.ts'
import { votesForRound, withVote } from './votes.ts'

/** Prepares kept for later views and heights (spec 04 §6.5 step 1). */
export const FUTURE_PREPARES_MAX = 10

/** A prepare with good signatures: takes it up, keeps it for later, or drops it. */
export function onPrepare(draft: Draft, prepare: Prepare): void {
  const verdict = judgePrepare(draft.state, prepare)
  switch (verdict.type) {
    case 'good':
      return takeUp(draft, prepare)
    case 'later':
      return keepForLater(draft, prepare)
    case 'bad':
  }
}

/** Prepares that waited and now have their turn. `true` when one was taken up. */
export function retryFuture(draft: Draft): boolean {
  for (const prepare of draft.state.future) {
    const verdict = judgePrepare(draft.state, prepare)
    if (verdict.type === 'later') continue
    update(draft, { future: draft.state.future.filter((one) => one !== prepare) })
    if (verdict.type === 'bad') continue
    takeUp(draft, prepare)
    return true
  }
  return false
}

/** The nearest are kept, one of each sealer and height: a liar fills no place but its own. */
function keepForLater(draft: Draft, prepare: Prepare): void {
  const isRival = (one: Prepare): boolean =>
    one.height === prepare.height && one.index === prepare.index
  const { future: waiting } = draft.state
  if (waiting.some((one) => isRival(one) && one.view >= prepare.view)) return
  const future = [...waiting.filter((one) => !isRival(one)), prepare]
    .toSorted((a, b) => a.height - b.height || a.view - b.view)
    .slice(0, FUTURE_PREPARES_MAX)
  update(draft, { future })
}

function takeUp(draft: Draft, prepare: Prepare): void {
  const { proposal } = prepare
  if (isEmpty(proposal)) return passTurn(draft)
  startRound(draft, prepare)
  if (proposal.block === undefined) requestTransactions(draft)
  else execute(draft, { ...proposal, block: proposal.block })
}

function startRound(draft: Draft, prepare: Pick<Prepare, 'view' | 'index' | 'proposal'>): void {
  const { view, index, proposal } = prepare
  const { nowMs } = draft
  update(draft, {
    round: {
      view,
      index,
      proposal,
      stage: proposal.block === undefined ? 'fetching' : 'executing',
      execution: undefined,
      isCommitSent: false,
      arrivedAtMs: nowMs,
      executedAtMs: nowMs,
      requests: 0,
      requestedAtMs: nowMs,
    },
  })
}

function updateRound(draft: Draft, change: Partial<Round>): void {
  const { round } = draft.state
  if (round !== undefined) update(draft, { round: { ...round, ...change } })
}

function execute(draft: Draft, proposal: CompleteProposal): void {
  const { state } = draft
  draft.effects.push({
    type: 'execute',
    height: consensusHeight(state),
    view: state.view,
    proposal,
  })
}

/** Asks the proposer first, then the other sealers in turn (spec 04 §6.6). */
export function requestTransactions(draft: Draft): void {
  const { round, committee } = draft.state
  if (round === undefined || round.stage !== 'fetching') return
  const others = committee.working.filter(
    (index) => index !== committee.self && index !== round.index,
  )
  const sources = [round.index, ...others]
  updateRound(draft, { requests: round.requests + 1, requestedAtMs: draft.nowMs })
  draft.effects.push({
    type: 'requestTransactions',
    to: sources[round.requests % sources.length] ?? round.index,
    height: consensusHeight(draft.state),
    hash: round.proposal.hash,
  })
}

export function onFilled(draft: Draft, event: FilledEvent): void {
  const { round } = draft.state
  if (round?.stage !== 'fetching' || round.proposal.hash !== event.proposal.hash) return
  updateRound(draft, {
    proposal: event.proposal,
    stage: 'executing',
    arrivedAtMs: draft.nowMs,
  })
  execute(draft, event.proposal)
}

/** Whether this node may seal a block of its own now (spec 04 §6.4). */
export function isTurnToSeal(state: PbftState): boolean {
  return state.lock === undefined && isTurnToPropose(state)
}

function isTurnToPropose(state: PbftState): boolean {
  const { committee, round, voted, view, isLeaderFailed } = state
  if (isLeaderFailed || round !== undefined) return false
  // After a crash in the middle of an own view: what was proposed there is forgotten, not replaced.
  if (voted?.view === view && voted.hash !== state.lock?.proposal.hash) return false
  return currentLeader(state) === committee.self
}

export function onProposed(draft: Draft, event: ProposedEvent): void {
  const { state } = draft
  const { proposal, view } = event
  const isCurrent = view === state.view && proposal.header.number === consensusHeight(state)
  if (!isCurrent || !isTurnToSeal(state)) return
  propose(draft, proposal, false)
  if (isEmpty(proposal)) passTurn(draft)
}

/** A leader that holds a lock proposes nothing else (spec 04 §6.4). `true` when it did. */
export function reproposeLock(draft: Draft): boolean {
  const { lock } = draft.state
  if (lock === undefined || !isTurnToPropose(draft.state)) return false
  propose(draft, lock.proposal, true)
  return true
}

function propose(draft: Draft, proposal: CompleteProposal, isAgain: boolean): void {
  const { view, committee } = draft.state
  const height = consensusHeight(draft.state)
  draft.effects.push({ type: 'propose', height, view, proposal, isAgain, to: undefined })
  if (isEmpty(proposal)) return
  startRound(draft, { view, index: committee.self, proposal })
  execute(draft, proposal)
}

/** Votes for what execution gave. The vote is on disk before it leaves. */
export function onExecuted(draft: Draft, event: ExecutedEvent): void {
  const { round, lock, view } = draft.state
  const { execution, proposalHash } = event
  if (round?.stage !== 'executing' || event.view !== view) return
  if (round.proposal.hash !== proposalHash) return
  const isForbidden = lock !== undefined && lock.proposal.hash !== proposalHash
  if (execution === undefined || isForbidden) return updateRound(draft, { stage: 'failed' })
  updateRound(draft, { stage: 'executed', execution, executedAtMs: draft.nowMs })
  update(draft, {
    voted: { view, hash: proposalHash },
    votes: withVote(draft.state, 'sign', execution.sign),
  })
  persistVotes(draft)
  draft.effects.push({ type: 'sendSign', vote: execution.sign, isAgain: false, to: undefined })
}

/** Locks and commits when the votes allow it. Called after every change, so that their order cannot matter. */
export function concludeVotes(draft: Draft): void {
  const { round } = draft.state
  if (round?.stage !== 'executed') return
  if (!round.isCommitSent) lockRound(draft, round)
  commitRound(draft)
}

function lockRound(draft: Draft, round: Round): void {
  const { state, nowMs } = draft
  const made = lockOf(state, round)
  const { execution } = round
  if (made === undefined || execution === undefined) return
  const isLater = state.lock === undefined || made.view > state.lock.view
  const lock = isLater ? made : state.lock
  // Evidence of a later quorum for another proposal has come in meanwhile: this one is not to be committed.
  if (lock?.proposal.hash !== made.proposal.hash) return
  const { sign, bonds } = execution
  const own = { ...sign, bond: sign.bond && bonds.commit }
  update(draft, { lock, lastQuorumMs: nowMs, votes: withVote(state, 'commit', own) })
  updateRound(draft, { isCommitSent: true })
  persistVotes(draft)
  draft.effects.push({
    type: 'sendCommit',
    isAgain: false,
    to: undefined,
    height: consensusHeight(state),
    view: round.view,
    executedHash: execution.hash,
    bond: execution.bonds.commit,
    signature: sign.signature,
  })
}

function commitRound(draft: Draft): void {
  const { state } = draft
  const { round, lock, committee } = state
  if (round === undefined || !round.isCommitSent || lock === undefined) return
  const commits = votesForRound(state, 'commit')
  if (commits.length < committee.quorum) return
  updateRound(draft, { stage: 'committing' })
  draft.effects.push({
    type: 'commit',
    height: consensusHeight(state),
    proposal: lock.proposal,
    executedHash: lock.executedHash,
    commits,
  })
}

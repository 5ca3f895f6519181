/**
 * What holds after every step. Called by the driver and by the simulator; a failure is our own mistake, and the
 * node stops before it can break a promise.
 * @module
 */
import { assert } from '@bcos-ts/common'
import { HEIGHTS_AHEAD } from './checks.ts'
import { FUTURE_PREPARES_MAX } from './round.ts'
import type { PbftEffect, PbftState, Transition } from './state.ts'
import { votesForRound } from './votes.ts'

export function assertStep(before: PbftState, transition: Transition): void {
  const { state, effects } = transition
  assertState(state)
  if (state !== before && state.head.number === before.head.number) {
    assertPromises(before, state)
    assertQuorums(before, state)
  }
  assertOrder(before, state, effects)
}

/** What holds in every state. */
export function assertState(state: PbftState): void {
  const { view, toView, voted, lock, round, head } = state
  assert(view <= toView, 'a node asks for its own view or a later one')
  assert(voted === undefined || voted.view <= view, 'nobody votes ahead of its view')
  if (lock !== undefined) {
    assert(lock.proposal.header.number === head.number + 1, 'a lock is for the next height')
    assert(lock.signs.length >= state.committee.quorum, 'a quorum makes a lock')
  }
  if (round !== undefined) {
    assert(round.view === view, 'a round belongs to the current view')
    assertRound(state)
  }
  assertBounds(state)
}

function assertRound({ round, lock }: PbftState): void {
  if (round?.isCommitSent !== true) return
  assert(round.execution !== undefined, 'only executed proposals are committed')
  assert(lock?.proposal.hash === round.proposal.hash, 'a commit stands for a lock')
}

/** When the decision falls, the votes for it are there. Afterwards a voter may have gone on to a later view. */
function assertQuorums(before: PbftState, after: PbftState): void {
  const { round, committee } = after
  if (round?.isCommitSent !== true) return
  const was = before.round?.proposal.hash === round.proposal.hash ? before.round : undefined
  if (was?.isCommitSent !== true) {
    const signs = votesForRound(after, 'sign').length
    assert(signs >= committee.quorum, 'a commit follows a quorum of signs')
  }
  if (round.stage === 'committing' && was?.stage !== 'committing') {
    const commits = votesForRound(after, 'commit').length
    assert(commits >= committee.quorum, 'a decision has a quorum of commits')
  }
}

/** Memory is bounded by the number of sealers, whatever peers send. */
function assertBounds(state: PbftState): void {
  const { committee, head, votes, viewChanges, future } = state
  assert(future.length <= FUTURE_PREPARES_MAX, 'few prepares wait')
  assert(viewChanges.size <= committee.sealers.length, 'one view change of each sealer')
  assert(votes.size <= 1 + HEIGHTS_AHEAD, 'votes are kept for few heights')
  for (const [height, { sign, commit }] of votes) {
    assert(height > head.number, 'votes of committed heights are gone')
    const most = Math.max(sign.size, commit.size)
    assert(most <= committee.sealers.length, 'one vote of each sealer, kind and height')
  }
  for (const { height } of viewChanges.values()) {
    assert(height >= head.number, 'view changes of past heights are gone')
    assert(height <= head.number + HEIGHTS_AHEAD, 'view changes are kept for few heights')
  }
}

/** What no step within one height may take back. */
function assertPromises(before: PbftState, after: PbftState): void {
  assert(after.view >= before.view, 'views only grow')
  if (before.voted !== undefined) {
    const { voted } = after
    assert(voted !== undefined && voted.view >= before.voted.view, 'votes go with the view')
    const isSameView = voted.view === before.voted.view
    assert(!isSameView || voted.hash === before.voted.hash, 'one signed proposal in each view')
  }
  if (before.lock === undefined) return
  const { lock } = after
  assert(
    lock !== undefined && lock.view >= before.lock.view,
    'a lock is only replaced by a later one',
  )
  const isSameLock = lock.proposal.hash === before.lock.proposal.hash
  assert(isSameLock || lock.view > before.lock.view, 'another lock needs a later quorum')
}

/** Write-ahead: each vote that leaves is covered by what was persisted before it, in the same step. */
function assertOrder(before: PbftState, state: PbftState, effects: readonly PbftEffect[]): void {
  let durable: Extract<PbftEffect, { type: 'persist' }>['votes'] | undefined
  for (const effect of effects) {
    if (effect.type === 'persist') durable = effect.votes
    if (effect.type !== 'sendSign' && effect.type !== 'sendCommit') continue
    if (effect.isAgain) assertSaidBefore([before, state], effect)
    else if (effect.type === 'sendSign') {
      assert(durable?.view === effect.vote.view, 'a sign is on disk before it leaves')
      assert(durable.signed === state.voted?.hash, 'the sign on disk is the one that leaves')
    } else {
      assert(
        durable?.lock?.executedHash === effect.executedHash,
        'a lock is on disk before its commit',
      )
    }
  }
}

/** What is said again was on disk when it was said first. The view may be left in the step that says it again. */
function assertSaidBefore(
  states: readonly PbftState[],
  effect: Extract<PbftEffect, { type: 'sendSign' | 'sendCommit' }>,
): void {
  if (effect.type === 'sendSign') {
    const isLast = states.some(({ voted }) => voted?.view === effect.vote.view)
    assert(isLast, 'only the last sign is said again')
    return
  }
  const { view, executedHash } = effect
  const isOfRound = states.some(({ round }) => round?.isCommitSent === true && round.view === view)
  assert(isOfRound, 'a commit is said again in its own view')
  const isLocked = states.some(({ lock }) => lock?.executedHash === executedHash)
  assert(isLocked, 'a lock stands behind a commit')
}

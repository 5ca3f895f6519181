/**
 * Which messages matter. Each check gives a reason to refuse, and is asked twice: by the driver with the bare
 * message, before it spends a signature verification, and by the step.
 * @module
 */
import { toHex } from '@bcos-ts/common'
import { leaderOf } from '../committee.ts'
import type { SignedBody, VoteKind } from './messages.ts'
import { isEmpty, type PbftState, type Prepare, type ViewChange } from './state.ts'
import { CATCH_UP_AFTER_MS, TELL_EVERY_MS } from './timing.ts'
import { voteOf } from './votes.ts'

/** Messages are kept for this many heights above ours, for a node that lags by a commit … */
export const HEIGHTS_AHEAD = 2
/** … and prepares for views up to this many rounds of all leaders ahead. */
const VIEW_ROUNDS_AHEAD = 2

/** `later`: it may become good when view, height or lock change. */
export type Verdict =
  | { readonly type: 'good' }
  | { readonly type: 'later' }
  | { readonly type: 'bad'; readonly reason: string }

const GOOD: Verdict = { type: 'good' }
const LATER: Verdict = { type: 'later' }
const bad = (reason: string): Verdict => ({ type: 'bad', reason })

function isWorking(state: PbftState, index: number): boolean {
  return state.committee.working.includes(index)
}

/** What can be said of a prepare by its numbers alone (spec 04 §6.5 step 1, without lock and signatures). */
export function judgePlace(
  state: PbftState,
  prepare: Pick<Prepare, 'height' | 'view' | 'index'> & { readonly hash: string },
  deferUpTo: number,
): Verdict {
  const { committee, head, round } = state
  const { height, view, index, hash } = prepare
  if (round?.proposal.hash === hash && round.view >= view) return bad('known')
  if (height <= deferUpTo) return bad('left to synchronisation')
  if (height <= head.number) return bad('committed height')
  const isNextHeight = height === head.number + 1
  if (isNextHeight && view < state.view) return bad('past view')
  if (index === committee.self) return bad('own prepare')
  if (index !== leaderOf(committee, view, height - 1)) return bad('not from the leader')
  if (!isNextHeight || view > state.view) return judgeFuture(state, prepare)
  if (state.isLeaderFailed) return bad('the view is being left')
  if (round !== undefined) return bad('second proposal of a view')
  return GOOD
}

/** A sealer may have a say for few later views, and once for each: what it says has to be read and checked. */
function judgeFuture(
  state: PbftState,
  { height, view, index }: Pick<Prepare, 'height' | 'view' | 'index'>,
): Verdict {
  const { head, committee, future } = state
  const isNextHeight = height === head.number + 1
  const viewMax = (isNextHeight ? state.view : 0) + VIEW_ROUNDS_AHEAD * committee.working.length
  if (height > head.number + 1 + HEIGHTS_AHEAD || view > viewMax) return bad('too far ahead')
  const kept = future.find((one) => one.height === height && one.index === index)
  return kept !== undefined && kept.view >= view ? bad('known') : LATER
}

/** A prepare whose signatures hold, judged in the state as it is. */
export function judgePrepare(state: PbftState, prepare: Prepare): Verdict {
  const { committee, head, lock, voted } = state
  const { height, view, index, signer, proposal } = prepare
  if (committee.sealers[index] !== signer) return bad('the committee has changed')
  const place = judgePlace(
    { ...state, future: [] },
    { height, view, index, hash: proposal.hash },
    -1,
  )
  // An empty proposal is never voted on, so that no lock stands in its way.
  if (place.type !== 'good' || isEmpty(proposal)) return place
  const { header } = proposal
  if (header.number !== height) return bad('block of another height')
  if (toHex(header.parentHash) !== head.hash) return bad('does not extend our chain')
  if (!isSealerList(state, header.sealerList)) return bad('another sealer list')
  if (!isWorking(state, Number(header.sealer))) return bad('sealed by nobody')
  if (voted?.view === view && voted.hash !== proposal.hash) return bad('voted for another')
  return lock !== undefined && lock.proposal.hash !== proposal.hash ? LATER : GOOD
}

function isSealerList(state: PbftState, list: readonly string[]): boolean {
  const { workingIds } = state.committee
  return list.length === workingIds.length && list.every((id, i) => id === workingIds[i])
}

/** Why a vote cannot count, or `undefined` when it can, now or later (spec 04 §6.5, incoming sign and commit). */
export function refusesVote(
  state: PbftState,
  kind: VoteKind,
  vote: Pick<SignedBody, 'height' | 'view' | 'index'>,
  deferUpTo: number,
): string | undefined {
  const { committee, head } = state
  const { height, view, index } = vote
  if (index === committee.self) return 'own vote'
  if (!isWorking(state, index)) return 'not of a working sealer'
  if (height <= deferUpTo) return 'left to synchronisation'
  if (height <= head.number) return 'committed height'
  if (height > head.number + 1 + HEIGHTS_AHEAD) return 'too far ahead'
  if (height === head.number + 1 && view < state.view) return 'past view'
  const kept = voteOf(state, kind, vote)
  return kept !== undefined && kept.view >= view ? 'known' : undefined
}

/**
 * Whether a sealer that asks for a view directly has fallen behind and wants to be told (spec 04 §6.7). Each is told
 * now and then only: two nodes that take each other for late must not answer each other for ever.
 */
export function isBehind(
  state: PbftState,
  { from, change }: { readonly from: number; readonly change: ViewChange },
  nowMs: number,
): boolean {
  if (change.height !== state.head.number || change.hash !== state.head.hash) return false
  if (nowMs - (state.toldAtMs.get(from) ?? -Infinity) < TELL_EVERY_MS) return false
  if (change.view + 1 < state.toView || change.view < state.view) return true
  return change.view === state.view && nowMs - state.lastConsensusMs >= CATCH_UP_AFTER_MS
}

/** Why a view change says nothing new, or `undefined`. */
export function refusesViewChange(
  state: PbftState,
  index: number,
  change: ViewChange,
): string | undefined {
  const { committee, head } = state
  if (index === committee.self) return 'own view change'
  if (!isWorking(state, index)) return 'not of a working sealer'
  if (change.height < head.number) return 'committed height'
  if (change.height > head.number + HEIGHTS_AHEAD) return 'too far ahead'
  if (change.height === head.number && change.hash !== head.hash) return 'another chain'
  if (change.height === head.number && change.view <= state.view) return 'past view'
  const kept = state.viewChanges.get(index)
  return kept !== undefined && !isNewer(change, kept) ? 'known' : undefined
}

function isNewer(one: ViewChange, other: ViewChange): boolean {
  return one.height > other.height || (one.height === other.height && one.view > other.view)
}

/** Why a lock proof is of no use here, or `undefined`: it raises the lock, or deserves a better one in return. */
export function refusesLockProof(
  state: PbftState,
  proof: { readonly height: number; readonly view: number },
): string | undefined {
  if (proof.height !== state.head.number + 1) return 'another height'
  return proof.view === state.lock?.view ? 'known' : undefined
}

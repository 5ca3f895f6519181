/**
 * What keeps a group from its next block, in words (`why-stuck`).
 * @module
 */
import type { NodeId } from '@bcos-ts/protocol'
import type { ConsensusProgress, SealerProgress } from '@bcos-ts/protocol/ports'
import { isSealer, NOT_A_SEALER } from '../committee.ts'
import type { VoteKind } from '../pbft/messages.ts'
import { consensusHeight, type PbftState } from '../pbft/state.ts'
import { isQuorumReachable, viewDeadlineMs } from '../pbft/timing.ts'
import { currentLeader } from '../pbft/view-change.ts'
import { votesForRound } from '../pbft/votes.ts'

type Stage = ConsensusProgress['stage']

export interface ProgressTerms {
  readonly nowMs: number
  /** Transactions in the pool. */
  readonly pending: number
}

export function progressOf(state: PbftState, terms: ProgressTerms): ConsensusProgress {
  const { committee, lock, round, view, toView } = state
  const leader = currentLeader(state)
  const stage = stageOf(state)
  const sealers = committee.working.map((index) => sealerProgress(state, index, terms.nowMs))
  return {
    height: consensusHeight(state),
    view,
    toView,
    leader: leader === NOT_A_SEALER ? undefined : committee.sealers[leader],
    quorum: committee.quorum,
    stage,
    missing: sentenceOf({ state, stage, sealers, ...terms }),
    lock: lock && { view: lock.view, hash: lock.proposal.hash },
    proposal: round?.proposal.hash,
    patienceMs: isSealer(committee)
      ? Math.max(0, Math.round(viewDeadlineMs(state) - terms.nowMs))
      : undefined,
    sealers,
  }
}

function stageOf({ committee, isLeaderFailed, round }: PbftState): Stage {
  if (!isSealer(committee)) return 'no sealer'
  if (isLeaderFailed) return 'changing the view'
  switch (round?.stage) {
    case undefined:
      return 'no proposal'
    case 'fetching':
      return 'fetching transactions'
    case 'executing':
      return 'executing'
    case 'failed':
      return 'not executable'
    case 'committing':
      return 'writing the block'
    case 'executed':
      return round.isCommitSent ? 'collecting commits' : 'collecting signs'
  }
}

function sealerProgress(state: PbftState, index: number, nowMs: number): SealerProgress {
  const { committee, links, heardAtMs, peerViews, head, viewChanges } = state
  const isSelf = index === committee.self
  const link = links.get(index)
  const heardMs = heardAtMs.get(index)
  const hasCast = (kind: VoteKind): boolean =>
    votesForRound(state, kind).some((vote) => vote.index === index)
  const change = viewChanges.get(index)
  return {
    nodeId: committee.sealers[index] ?? '',
    isSelf,
    isConnected: isSelf || link?.isUp === true,
    linkForMs: link && nowMs - link.sinceMs,
    heardAgoMs: heardMs === undefined ? undefined : nowMs - heardMs,
    hasSigned: hasCast('sign'),
    hasCommitted: hasCast('commit'),
    view: isSelf ? state.view : peerViews.get(index),
    asksForView: change?.height === head.number ? change.view : undefined,
  }
}

interface Telling extends ProgressTerms {
  readonly state: PbftState
  readonly stage: Stage
  readonly sealers: readonly SealerProgress[]
}

function sentenceOf(telling: Telling): string {
  const { state, stage } = telling
  const { round, toView } = state
  switch (stage) {
    case 'no sealer':
      return 'this node takes no part: it is no sealer of the group'
    case 'changing the view':
      return missingVotes(
        telling,
        `requests for view ${toView} or above`,
        ({ asksForView }) => asksForView !== undefined && asksForView >= toView,
      )
    case 'collecting signs':
      return missingVotes(telling, 'signs', ({ hasSigned }) => hasSigned)
    case 'collecting commits':
      return missingVotes(telling, 'commits', ({ hasCommitted }) => hasCommitted)
    case 'fetching transactions':
      return `transactions of the proposal; asked for ${round?.requests ?? 0} times`
    case 'not executable':
      return 'a proposal that can be executed: the one of this view cannot, or another is locked'
    case 'executing':
    case 'writing the block':
      return `nothing: ${stage}`
    case 'no proposal':
      return missingProposal(telling)
  }
}

function missingProposal(telling: Telling): string {
  const { state, sealers, pending } = telling
  const leader = sealers.find(
    ({ nodeId }) => nodeId === state.committee.sealers[currentLeader(state)],
  )
  if (!isQuorumReachable(state)) return missingSessions(telling)
  if (pending === 0) return 'nothing: no transaction waits'
  return leader === undefined || leader.isSelf
    ? `a proposal: this node leads, ${pending} transactions wait`
    : `a proposal of the leader: ${reasonOf(leader, 'has not proposed')}; ${pending} transactions wait`
}

/** `2 of 3 signs; node 3f2a0c11… is not connected since 12 s`. */
function missingVotes(
  { state, sealers }: Telling,
  what: string,
  isThere: (sealer: SealerProgress) => boolean,
): string {
  const there = sealers.filter(isThere).length
  const reasons = sealers
    .filter((sealer) => !isThere(sealer))
    .map((sealer) => reasonOf(sealer, 'is silent'))
  return [`${there} of ${state.committee.quorum} ${what}`, reasons.join(', ')].join('; ')
}

function missingSessions({ state, sealers }: Telling): string {
  const there = sealers.filter(({ isConnected }) => isConnected).length
  const gone = sealers.filter(({ isConnected }) => !isConnected)
  const reasons = gone.map((sealer) => reasonOf(sealer, ''))
  return `${there} of ${state.committee.quorum} sealers; ${reasons.join(', ')}`
}

function reasonOf(sealer: SealerProgress, otherwise: string): string {
  const { nodeId, isConnected, linkForMs, heardAgoMs, isSelf } = sealer
  if (isSelf) return `this node ${otherwise}`
  const name = `node ${shortId(nodeId)}`
  if (!isConnected) {
    return linkForMs === undefined
      ? `${name} was never connected`
      : `${name} is not connected since ${secondsOf(linkForMs)}`
  }
  const heard =
    heardAgoMs === undefined ? 'not heard yet' : `last heard ${secondsOf(heardAgoMs)} ago`
  return `${name} ${otherwise} (${heard})`
}

const shortId = (nodeId: NodeId): string => `${nodeId.slice(0, 8)}…`
const secondsOf = (ms: number): string => `${Math.round(ms / 1000)} s`

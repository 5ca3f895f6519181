/**
 * Telling others where we are, so that a group whose links or nodes come back goes on at once (README, "After an
 * outage"). Nothing here is a promise: all of it was said before, or asks for a view.
 * @module
 */
import { type Draft, update } from './draft.ts'
import { offerLock } from './lock.ts'
import { consensusHeight, type Link, type PbftState, type PeersEvent } from './state.ts'
import { isQuorumReachable } from './timing.ts'
import { votesForRound } from './votes.ts'

/** Whoever comes (back) is told everything; when that makes a quorum, the waits of the time without one are over. */
export function onPeers(draft: Draft, event: PeersEvent): void {
  const { state, nowMs } = draft
  const links = linksAfter(state, event)
  if (links === undefined) return
  const isComplete = !isQuorumReachable(state) && isQuorumReachable({ ...state, links })
  update(draft, { links })
  if (isComplete && state.changeCycle > 0) update(draft, { changeCycle: 0, lastConsensusMs: nowMs })
  for (const [index, { isUp }] of links) {
    if (isUp && state.links.get(index)?.isUp !== true) tellPosition(draft, index)
  }
}

/** `undefined` when nothing has changed. */
function linksAfter(
  { committee, links }: PbftState,
  { connected, nowMs }: PeersEvent,
): ReadonlyMap<number, Link> | undefined {
  const next = new Map(links)
  for (const index of committee.working) {
    const isUp = connected.includes(index)
    if (index === committee.self || next.get(index)?.isUp === isUp) continue
    next.set(index, { isUp, sinceMs: nowMs })
  }
  const isSame = next.size === links.size && [...next].every(([i, link]) => links.get(i) === link)
  return isSame ? undefined : next
}

/** Everything that one sealer needs to go on with us: our lock, our view, our proposal, our votes. */
export function tellPosition(draft: Draft, to: number): void {
  const { head, toView } = draft.state
  update(draft, { toldAtMs: new Map(draft.state.toldAtMs).set(to, draft.nowMs) })
  offerLock(draft, to)
  const change = { height: head.number, view: toView, hash: head.hash }
  draft.effects.push({ type: 'sendViewChange', change, to })
  proposeAgain(draft, to)
  voteAgain(draft, to)
}

/** Nothing has moved for a while: perhaps a message was lost where no session was. */
export function repeatPosition(draft: Draft): void {
  const { head, toView, isLeaderFailed, committee } = draft.state
  update(draft, { repeatedAtMs: draft.nowMs })
  if (isLeaderFailed) {
    const change = { height: head.number, view: toView, hash: head.hash }
    draft.effects.push({ type: 'sendViewChange', change, to: undefined })
  }
  const signed = new Set(votesForRound(draft.state, 'sign').map(({ index }) => index))
  for (const index of committee.working) {
    if (index !== committee.self && !signed.has(index)) proposeAgain(draft, index)
  }
  voteAgain(draft, undefined)
}

/** In full: whoever needs it again may have lost its pool as well. */
function proposeAgain(draft: Draft, to: number): void {
  const { round, committee, links, view } = draft.state
  const { proposal } = round ?? {}
  if (round?.index !== committee.self || links.get(to)?.isUp !== true) return
  if (proposal?.block === undefined) return
  const height = consensusHeight(draft.state)
  const whole = { ...proposal, block: proposal.block }
  draft.effects.push({ type: 'propose', height, view, proposal: whole, isAgain: true, to })
}

function voteAgain(draft: Draft, to: number | undefined): void {
  const { round } = draft.state
  const { execution } = round ?? {}
  if (round === undefined || execution === undefined || round.stage === 'failed') return
  draft.effects.push({ type: 'sendSign', vote: execution.sign, isAgain: true, to })
  if (!round.isCommitSent) return
  draft.effects.push({
    type: 'sendCommit',
    isAgain: true,
    to,
    height: consensusHeight(draft.state),
    view: round.view,
    executedHash: execution.hash,
    bond: execution.bonds.commit,
    signature: execution.sign.signature,
  })
}

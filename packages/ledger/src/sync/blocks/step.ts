/**
 * Block synchronisation as a function: how a node notices that it is behind, whom it asks for blocks, in
 * which order it adds them, and what it tells others (spec 04 §4).
 * @module
 */
import type { NodeId } from '@bcos-ts/protocol'
import { type GroupView, isMember, type Moment } from '../group-view.ts'
import type { NodeStatus } from '../packet.ts'
import { claimsOfStatuses, noteClaim } from './claims.ts'
import { lapse, receive, request } from './download.ts'
import { farewellsOf, farewellTo, withoutFarewell } from './farewell.ts'
import { onDiffers, remind, requestOther, resumed } from './halt.ts'
import {
  type BlockSyncEffect,
  type BlockSyncEvent,
  type BlockSyncState,
  type BlockSyncTransition,
  type ChainPoint,
  OUTSIDERS_MAX,
  type PeerState,
} from './state.ts'
import { announce, statusTo } from './status.ts'
import { avoid, highest, isAvoided, sources, trust } from './trust.ts'
import {
  isHeldBack,
  isOverdue,
  knowledgeOf,
  noteProof,
  onUndecided,
  reportUndecided,
  requestOpinions,
  requestProofs,
} from './undecided.ts'

/**
 * A sealer that is one block behind waits so long for consensus to bring it before it asks for it, unless a peer had
 * the block already when they met. An observer does not wait.
 */
const CONSENSUS_GRACE_MS = 1500
/** Pause after a block that fails here, doubled each time. */
const OBSTACLE_BASE_MS = 10_000
const OBSTACLE_MAX_MS = 600_000

/** Same state and event, same transition: on every node, in every replay. */
export function stepBlockSync(state: BlockSyncState, event: BlockSyncEvent): BlockSyncTransition {
  const reacted = react(state, event)
  const advanced = advance(reacted.state, event.moment)
  return { state: advanced.state, effects: [...reacted.effects, ...advanced.effects] }
}

function react(state: BlockSyncState, event: BlockSyncEvent): BlockSyncTransition {
  switch (event.type) {
    case 'tick':
      return stay(state)
    case 'view':
      return onView(state, event.view)
    case 'status':
      return onStatus(state, event.from, event.status)
    case 'blocks':
      return stay(receive(state, event.from, event.blocks))
    case 'malformed':
      return onMalformed(state, event)
    case 'proof':
      return stay(noteProof(state, event))
    case 'committed':
      return { state: onCommitted(state, event.head), effects: resumed(state, event.head) }
    case 'applied':
      return onApplied(state, event)
  }
}

const stay = (state: BlockSyncState): BlockSyncTransition => ({ state, effects: [] })

/** Who belongs to the group, or who is connected, has changed (spec 04 §4.1). */
function onView(state: BlockSyncState, view: GroupView): BlockSyncTransition {
  const peers = new Map<NodeId, PeerState>()
  const members = new Set(view.members)
  for (const [peer, known] of state.peers) {
    const isWanted = members.has(peer) || known.latest.number > state.head.number
    if (view.connected.has(peer) && isWanted) peers.set(peer, known)
  }
  const genesis: ChainPoint = { number: 0, hash: state.genesisHash }
  const fresh = view.members.filter(
    (member) => member !== view.self && view.connected.has(member) && !peers.has(member),
  )
  for (const member of fresh) {
    peers.set(member, { latest: genesis, arrivedWith: undefined, isProven: false })
  }
  const isPeer = ({ peer }: { readonly peer: NodeId }): boolean => peers.has(peer)
  const farewells = farewellsOf(state, view)
  const next: BlockSyncState = {
    ...state,
    view,
    peers,
    farewells,
    shards: state.shards.filter(isPeer),
    lapsed: state.lapsed.filter(isPeer),
  }
  // A node that has just left the group says goodbye to all.
  if (isMember(state.view) && !isMember(view)) {
    return { state: next, effects: statusTo([...peers.keys()]) }
  }
  if (!isMember(view)) return stay(next)
  const isNew = (id: NodeId): boolean => !state.farewells.has(id) || !state.view.connected.has(id)
  return { state: next, effects: [...statusTo(fresh), ...farewellTo(next, isNew)] }
}

function onStatus(state: BlockSyncState, from: NodeId, status: NodeStatus): BlockSyncTransition {
  if (status.genesisHash !== state.genesisHash) {
    const theirs = status.genesisHash
    return { state, effects: [reported({ type: 'otherGenesis', peer: from, theirs })] }
  }
  const farewells = withoutFarewell(state.farewells, from, status.number)
  const known = state.peers.get(from)
  if (known === undefined && !isWelcome(state, from, status)) return stay({ ...state, farewells })
  const latest = { number: status.number, hash: status.latestHash }
  const peers = new Map(state.peers).set(from, {
    latest,
    arrivedWith: known?.arrivedWith ?? status.number,
    isProven: known?.isProven ?? false,
  })
  return stay(noteClaim({ ...state, farewells, peers }, from, latest))
}

/** A stranger is heard when it claims more blocks: so a node learns of members that joined since it left. */
function isWelcome(
  { head, peers, view }: BlockSyncState,
  from: NodeId,
  status: NodeStatus,
): boolean {
  if (from === view.self || !view.connected.has(from)) return false
  return status.number > head.number && peers.size < view.members.length + OUTSIDERS_MAX
}

function onMalformed(
  state: BlockSyncState,
  event: Extract<BlockSyncEvent, { type: 'malformed' }>,
): BlockSyncTransition {
  const { from, reason, moment } = event
  const isAsked = [...state.shards, ...state.lapsed].some(({ peer }) => peer === from)
  if (!isAsked) return stay(state)
  return avoid(state, { peer: from, isLie: true, reason, nowMs: moment.nowMs })
}

/** The chain has grown, by whichever way. */
function onCommitted(state: BlockSyncState, head: ChainPoint): BlockSyncState {
  const queue = new Map(state.queue)
  let { queueBytes } = state
  for (const { number, bytes } of state.queue.values()) {
    if (number > head.number) continue
    queue.delete(number)
    queueBytes -= bytes.length
  }
  return {
    ...state,
    head,
    queue,
    queueBytes,
    // Who has not answered at all is still to show that it has what it claims.
    shards: state.shards.filter(({ last, isAnswered }) => last > head.number || !isAnswered),
    lapsed: state.lapsed.filter(({ last }) => last > head.number),
    obstacle:
      state.obstacle !== undefined && state.obstacle.number > head.number
        ? state.obstacle
        : undefined,
    halt: state.halt !== undefined && state.halt.number > head.number ? state.halt : undefined,
    claims: claimsOfStatuses(state, head),
    proofs: new Map(),
    undecided: undefined,
    behindSinceMs: undefined,
    isStatusDue: true,
  }
}

function onApplied(
  state: BlockSyncState,
  event: Extract<BlockSyncEvent, { type: 'applied' }>,
): BlockSyncTransition {
  const { from, number, outcome, moment } = event
  const idle: BlockSyncState = { ...state, applying: undefined }
  switch (outcome.type) {
    case 'committed':
      return stay(trust(idle, from))
    case 'stale':
      return stay(idle)
    case 'undecided':
      return onUndecided(idle, state.applying, moment)
    case 'refused': {
      const reason = `block ${number} is refused: ${outcome.reason}`
      const open: BlockSyncState = { ...idle, undecided: undefined }
      return avoid(open, { peer: from, isLie: true, reason, nowMs: moment.nowMs })
    }
    case 'differs':
      return onDiffers(idle, { number, from, hash: outcome.hash, reason: outcome.reason, moment })
    case 'failed':
      return onFailed(idle, { number, reason: outcome.reason, moment })
  }
}

/** No peer's fault: trying again at once would fail again. */
function onFailed(
  state: BlockSyncState,
  failure: { readonly number: number; readonly reason: string; readonly moment: Moment },
): BlockSyncTransition {
  const { number, reason, moment } = failure
  const times = state.obstacle?.number === number ? state.obstacle.times + 1 : 1
  const forMs = Math.min(OBSTACLE_BASE_MS * 2 ** (times - 1), OBSTACLE_MAX_MS)
  const obstacle = { number, times, untilMs: moment.nowMs + forMs }
  return {
    state: { ...state, obstacle },
    effects: [reported({ type: 'obstacle', number, reason, forMs })],
  }
}

/** Draws every conclusion that time and knowledge now allow. */
function advance(state: BlockSyncState, moment: Moment): BlockSyncTransition {
  const lapsed = lapse(state, moment)
  const downloaded =
    lapsed.state.halt === undefined
      ? download(lapsed.state, moment)
      : standStill(lapsed.state, moment)
  const announced = announce(downloaded.state, moment)
  return {
    state: announced.state,
    effects: [...lapsed.effects, ...downloaded.effects, ...announced.effects],
  }
}

function download(state: BlockSyncState, moment: Moment): BlockSyncTransition {
  const found = sources(state, moment.nowMs)
  const known = highest(found, state.head)
  const hasWork = state.applying !== undefined || state.queue.has(state.head.number + 1)
  if (known.number <= state.head.number && !hasWork) return finish(state, moment)
  const behindSinceMs = state.behindSinceMs ?? moment.nowMs
  const behind: BlockSyncState = { ...state, behindSinceMs }
  if (!behind.isDownloading && !isTimeToAsk(behind, known, moment)) return stay(behind)
  const effects: BlockSyncEffect[] = []
  if (!behind.isDownloading) effects.push(reported({ type: 'started', head: state.head, known }))
  const begun: BlockSyncState = { ...behind, isDownloading: true }
  if (isBlocked(begun, moment)) return { state: begun, effects }
  const applied = applyNext(begun, moment)
  const proofs = requestProofs(applied.state, moment)
  const opinions = requestOpinions(proofs.state, found, moment)
  const asked = request(opinions.state, found, { target: known.number, moment })
  const asking = [...proofs.effects, ...opinions.effects, ...asked.effects]
  return { state: asked.state, effects: [...effects, ...applied.effects, ...asking] }
}

/** Nothing but another block of the next height can help. */
function standStill(state: BlockSyncState, moment: Moment): BlockSyncTransition {
  const reminded = remind(state, moment)
  const applied = applyNext(reminded.state, moment)
  const asked = requestOther(applied.state, moment)
  return {
    state: asked.state,
    effects: [...reminded.effects, ...applied.effects, ...asked.effects],
  }
}

function isTimeToAsk(state: BlockSyncState, known: ChainPoint, { nowMs }: Moment): boolean {
  const { head, view, behindSinceMs, queue, peers } = state
  // The block is here already: somebody has sent it late.
  if (queue.has(head.number + 1)) return true
  if (known.number > head.number + 1 || !view.consensusNodes.includes(view.self)) return true
  for (const [peer, { arrivedWith = 0 }] of peers) {
    if (arrivedWith > head.number && !isAvoided(state, peer, nowMs)) return true
  }
  return nowMs - (behindSinceMs ?? nowMs) >= CONSENSUS_GRACE_MS
}

function isBlocked({ obstacle, head }: BlockSyncState, { nowMs }: Moment): boolean {
  return obstacle !== undefined && obstacle.number === head.number + 1 && nowMs < obstacle.untilMs
}

function applyNext(state: BlockSyncState, moment: Moment): BlockSyncTransition {
  const number = state.head.number + 1
  const candidate = state.queue.get(number)
  if (candidate === undefined || state.applying !== undefined) return stay(state)
  if (isHeldBack(state, candidate, moment)) return stay(state)
  const knowledge = knowledgeOf(state, candidate)
  const isLate = isOverdue(state, candidate, moment)
  const queue = new Map(state.queue)
  queue.delete(number)
  const queueBytes = state.queueBytes - candidate.bytes.length
  return {
    state: { ...state, queue, queueBytes, applying: { candidate, knowledge } },
    effects: [
      ...(isLate ? [reportUndecided(candidate, true)] : []),
      { type: 'apply', candidate, knowledge, isOverdue: isLate },
    ],
  }
}

/** Nobody who may be asked has more blocks. */
function finish(state: BlockSyncState, { nowMs }: Moment): BlockSyncTransition {
  if (!state.isDownloading) {
    return stay(state.behindSinceMs === undefined ? state : { ...state, behindSinceMs: undefined })
  }
  const effects: BlockSyncEffect[] = [reported({ type: 'finished', head: state.head })]
  const peers = new Map<NodeId, PeerState>()
  for (const [peer, known] of state.peers) {
    peers.set(peer, { ...known, isProven: false })
    const { number, hash } = known.latest
    const isOther = number === state.head.number && hash !== state.head.hash
    if (!isOther || isAvoided(state, peer, nowMs)) continue
    effects.push(reported({ type: 'otherHead', peer, own: state.head, theirs: hash }))
  }
  return {
    state: {
      ...state,
      peers,
      queue: new Map(),
      queueBytes: 0,
      shards: [],
      undecided: undefined,
      isDownloading: false,
      behindSinceMs: undefined,
    },
    effects,
  }
}

type Report = Extract<BlockSyncEffect, { type: 'report' }>

function reported(report: Report['report']): Report {
  return { type: 'report', report }
}

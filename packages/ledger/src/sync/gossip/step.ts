/**
 * How transactions reach the nodes that seal, as a function (spec 04 §4.8). A client's transactions travel
 * whole along the tree of consensus nodes; a moment later each node names what it has to a few others, and
 * those ask for what they lack.
 * @module
 */
import { type ConsensusTree, type HashText, type NodeId, placeInTree } from '@bcos-ts/protocol'
import { type GroupView, isMember, type Moment, shuffled } from '../group-view.ts'
import { firstTargets } from '../tree.ts'

/** Transactions of one packet, and of one round. */
export const ROUND_MAX = 1000
/** Bundles of transactions between their arrival and their mention. */
export const BUNDLES_MAX = 4096
/** Requests under way; each holds at most as many hashes as a packet. */
export const REQUESTS_MAX = 256

/** Between the arrival of transactions and their mention, so that the tree has done its work. */
const MENTION_DELAY_MS = 50
/** What was asked for is not asked for again so soon. */
const ANSWER_MS = 3000
/** Of the consensus nodes that are reachable, this share hears the hashes. */
const MENTION_SHARE = 0.25

export interface GossipOptions {
  /** A client's transactions go along the tree; else to all consensus nodes. PBFT and rPBFT only. */
  readonly isByTree: boolean
  /** Nodes that hear the hashes of a transaction from this one, at most. */
  readonly mentionsMax: number
}

export const GOSSIP_DEFAULTS: GossipOptions = { isByTree: true, mentionsMax: 5 }

/** Transactions that came together and wait to be mentioned. */
interface Bundle {
  readonly hashes: readonly HashText[]
  readonly holders: readonly NodeId[]
  /** When it is mentioned to others. */
  readonly dueMs: number
}

interface Request {
  readonly hashes: ReadonlySet<HashText>
  readonly untilMs: number
}

export interface GossipState {
  readonly options: GossipOptions
  readonly view: GroupView
  readonly bundles: readonly Bundle[]
  readonly requests: readonly Request[]
}

export type GossipEvent = { readonly moment: Moment } & (
  | { readonly type: 'tick' }
  | { readonly type: 'view'; readonly view: GroupView }
  /** Transactions that clients of this node have put into the pool. */
  | { readonly type: 'submitted'; readonly hashes: readonly HashText[] }
  /** A packet of which this node lacks some transactions; `startIndex` when it travels along the tree. */
  | { readonly type: 'packet'; readonly from: NodeId; readonly startIndex: number | undefined }
  /** Transactions of a peer that have entered the pool, with those who have them too. */
  | {
      readonly type: 'imported'
      readonly hashes: readonly HashText[]
      readonly holders: readonly NodeId[]
    }
  /** Transactions that have waited in the pool for long: whoever seals now may lack them. */
  | { readonly type: 'waiting'; readonly hashes: readonly HashText[] }
  /** A peer has named transactions; `unknown` are those that are neither in the pool nor on their way to it. */
  | { readonly type: 'mentioned'; readonly from: NodeId; readonly unknown: readonly HashText[] }
)

export type GossipEffect =
  | {
      readonly type: 'send'
      readonly to: readonly NodeId[]
      readonly hashes: readonly HashText[]
      readonly startIndex: number | undefined
    }
  /** Pass the packet on as it is, and take what is new in it into the pool. */
  | {
      readonly type: 'accept'
      readonly forwardTo: readonly NodeId[]
      readonly holders: readonly NodeId[]
    }
  | { readonly type: 'mention'; readonly to: NodeId; readonly hashes: readonly HashText[] }
  | { readonly type: 'request'; readonly to: NodeId; readonly hashes: readonly HashText[] }
  /** This node no longer seals: what waits in its pool goes to one that does now. */
  | { readonly type: 'handOver'; readonly to: NodeId }
  /** What waits in the pool may not have been heard of by anyone: it is to be `submitted` again. */
  | { readonly type: 'submitPool' }

export interface GossipTransition {
  readonly state: GossipState
  readonly effects: readonly GossipEffect[]
}

export function startGossip(self: NodeId, options: GossipOptions): GossipState {
  const view = { self, consensusNodes: [], sealers: [], members: [], connected: new Set<NodeId>() }
  return { options, view, bundles: [], requests: [] }
}

/** When the next bundle is due, ms; `undefined` when there is nothing to do. */
export function nextDueMs({ bundles }: GossipState): number | undefined {
  let due: number | undefined
  for (const { dueMs } of bundles) if (due === undefined || dueMs < due) due = dueMs
  return due
}

/** Same state and event, same transition. */
export function stepGossip(state: GossipState, event: GossipEvent): GossipTransition {
  const { moment } = event
  switch (event.type) {
    case 'tick':
      return onTick(state, moment)
    case 'view':
      return onView(state, event.view, moment)
    case 'submitted':
      return onSubmitted(state, event.hashes, moment)
    case 'imported':
      return stay(mentionLater(state, event, moment))
    case 'packet':
      return onPacket(state, event.from, event.startIndex)
    case 'waiting':
      return { state, effects: remind(state, event.hashes, moment) }
    case 'mentioned':
      return onMentioned(state, event)
  }
}

const stay = (state: GossipState): GossipTransition => ({ state, effects: [] })

/** Nothing of a node outside the group goes anywhere. */
function mentionLater(
  state: GossipState,
  { hashes, holders }: Pick<Bundle, 'hashes' | 'holders'>,
  { nowMs }: Moment,
): GossipState {
  if (!isMember(state.view) || hashes.length === 0) return state
  const dueMs = nowMs + MENTION_DELAY_MS
  const fresh = rounds(hashes).map((round) => ({ hashes: round, holders, dueMs }))
  // Mentions are a help, not a promise: when too much is under way, the oldest go first.
  return { ...state, bundles: [...state.bundles, ...fresh].slice(-BUNDLES_MAX) }
}

function rounds(hashes: readonly HashText[]): readonly (readonly HashText[])[] {
  if (hashes.length <= ROUND_MAX) return [hashes]
  const all: (readonly HashText[])[] = []
  for (let at = 0; at < hashes.length; at += ROUND_MAX) all.push(hashes.slice(at, at + ROUND_MAX))
  return all
}

function treeOf({ view }: GossipState): ConsensusTree {
  const { self, consensusNodes, connected } = view
  return { self, consensusNodes, reachable: connected }
}

function onView(state: GossipState, view: GroupView, { dice }: Moment): GossipTransition {
  const before = state.view
  const effects: GossipEffect[] = []
  const wasHeard = isMember(before) && reachable(before).length > 0
  const isHeard = isMember(view) && reachable(view).length > 0
  if (!wasHeard && isHeard) effects.push({ type: 'submitPool' })
  const hasLeft =
    before.consensusNodes.includes(view.self) && !view.consensusNodes.includes(view.self)
  const [heir] = shuffled(
    view.consensusNodes.filter(
      (id) => !before.consensusNodes.includes(id) && view.connected.has(id),
    ),
    dice,
  )
  if (hasLeft && heir !== undefined) effects.push({ type: 'handOver', to: heir })
  const bundles = isMember(view) ? state.bundles : []
  return { state: { ...state, view, bundles }, effects }
}

function onPacket(
  state: GossipState,
  from: NodeId,
  startIndex: number | undefined,
): GossipTransition {
  if (startIndex === undefined || !state.options.isByTree) {
    return { state, effects: [{ type: 'accept', forwardTo: [], holders: [from] }] }
  }
  const { children, ancestors } = placeInTree(treeOf(state), startIndex)
  const forwardTo = children.filter((id) => id !== from)
  const holders = [...new Set([from, ...forwardTo, ...ancestors])]
  return { state, effects: [{ type: 'accept', forwardTo, holders }] }
}

function onMentioned(
  state: GossipState,
  event: Extract<GossipEvent, { type: 'mentioned' }>,
): GossipTransition {
  const { nowMs } = event.moment
  const open = state.requests.filter(({ untilMs }) => untilMs > nowMs)
  const wanted = event.unknown.filter((hash) => !open.some(({ hashes }) => hashes.has(hash)))
  if (wanted.length === 0) return stay({ ...state, requests: open })
  const request: Request = { hashes: new Set(wanted), untilMs: nowMs + ANSWER_MS }
  const requests = [...open, request].slice(-REQUESTS_MAX)
  const effects = rounds(wanted).map((hashes): GossipEffect => ({
    type: 'request',
    to: event.from,
    hashes,
  }))
  return { state: { ...state, requests }, effects }
}

function onTick(state: GossipState, moment: Moment): GossipTransition {
  const due = state.bundles.filter(({ dueMs }) => dueMs <= moment.nowMs)
  if (due.length === 0) return stay(state)
  const bundles = state.bundles.filter(({ dueMs }) => dueMs > moment.nowMs)
  const effects = due.flatMap((bundle) => mentions(state, bundle, moment))
  return { state: { ...state, bundles }, effects }
}

/** Whole transactions go to the first nodes of the tree, or to all that seal; their mention follows. */
function onSubmitted(
  state: GossipState,
  hashes: readonly HashText[],
  moment: Moment,
): GossipTransition {
  const { view, options } = state
  if (!isMember(view) || hashes.length === 0) return stay(state)
  const own = view.consensusNodes.indexOf(view.self)
  const chosen = own >= 0 ? own : moment.dice % Math.max(1, view.consensusNodes.length)
  const to = options.isByTree ? firstTargets(treeOf(state), chosen) : reachable(view)
  const startIndex = options.isByTree ? chosen : undefined
  const effects: GossipEffect[] =
    to.length === 0
      ? []
      : rounds(hashes).map((round) => ({ type: 'send', to, hashes: round, startIndex }))
  return { state: mentionLater(state, { hashes, holders: to }, moment), effects }
}

function mentions(
  { view, options }: GossipState,
  { hashes, holders }: Bundle,
  { dice }: Moment,
): readonly GossipEffect[] {
  const known = new Set(holders)
  const sealing = reachable(view)
  const count = Math.min(Math.ceil(sealing.length * MENTION_SHARE), options.mentionsMax)
  const strangers = sealing.filter((id) => !known.has(id))
  return shuffled(strangers, dice)
    .slice(0, count)
    .map((to) => ({ type: 'mention', to, hashes }))
}

/** To some that seal, others each time: who has them already takes no notice. */
function remind(
  { view, options }: GossipState,
  hashes: readonly HashText[],
  { dice }: Moment,
): readonly GossipEffect[] {
  if (!isMember(view) || hashes.length === 0) return []
  return shuffled(reachable(view), dice)
    .slice(0, options.mentionsMax)
    .map((to) => ({ type: 'mention', to, hashes }))
}

function reachable({ consensusNodes, connected, self }: GroupView): readonly NodeId[] {
  return consensusNodes.filter((id) => id !== self && connected.has(id))
}

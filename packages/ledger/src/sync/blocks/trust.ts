/**
 * Whom to ask and whom to believe. A peer that does not answer, or sends what it should not, is left alone
 * for a while that grows; a claim counts only as far as honest nodes must stand behind it.
 * @module
 */
import type { NodeId } from '@bcos-ts/protocol'
import type {
  BlockSyncState,
  BlockSyncTransition,
  ChainPoint,
  Distrust,
  PeerState,
} from './state.ts'

const SILENCE_BASE_MS = 2000
const SILENCE_MAX_MS = 30_000
const LIE_BASE_MS = 30_000
const LIE_MAX_MS = 300_000
/** An old lie is forgotten when the peer has behaved for so long. */
const FORGIVE_MS = 3_600_000
/** Peers that are remembered with distrust, also while they are not connected. */
const DISTRUST_MAX = 1024

const NONE: Distrust = { silences: 0, lies: 0, untilMs: 0 }

export interface Offence {
  readonly peer: NodeId
  readonly isLie: boolean
  readonly reason: string
  readonly nowMs: number
}

/** Leaves a peer alone for a while, and drops what it was asked for and what it has sent. */
export function avoid(state: BlockSyncState, offence: Offence): BlockSyncTransition {
  const { peer, isLie, reason, nowMs } = offence
  const before = remembered(state.distrust.get(peer), nowMs)
  const silences = before.silences + (isLie ? 0 : 1)
  const lies = before.lies + (isLie ? 1 : 0)
  const forMs = isLie
    ? Math.min(LIE_BASE_MS * 2 ** (lies - 1), LIE_MAX_MS)
    : Math.min(SILENCE_BASE_MS * 2 ** (silences - 1), SILENCE_MAX_MS)
  const untilMs = Math.max(before.untilMs, nowMs + forMs)
  const distrust = withDistrust(state.distrust, peer, { silences, lies, untilMs })
  const isOthers = (one: { readonly peer: NodeId }): boolean => one.peer !== peer
  const kept = isLie ? withoutBlocksOf(state, peer) : state
  return {
    state: {
      ...kept,
      distrust,
      peers: withPeer(kept, peer, { isProven: false }),
      shards: kept.shards.filter(isOthers),
      lapsed: isLie ? kept.lapsed.filter(isOthers) : kept.lapsed,
    },
    effects: [{ type: 'report', report: { type: 'avoided', peer, reason, isLie, forMs } }],
  }
}

/** A block of the peer has been committed: it answers, and what it claims may be believed. */
export function trust(state: BlockSyncState, peer: NodeId): BlockSyncState {
  const known = state.distrust.get(peer)
  const distrust =
    known === undefined
      ? state.distrust
      : withDistrust(state.distrust, peer, { ...known, silences: 0 })
  return { ...state, distrust, peers: withPeer(state, peer, { isProven: true }) }
}

function remembered(known: Distrust | undefined, nowMs: number): Distrust {
  return known === undefined || nowMs > known.untilMs + FORGIVE_MS ? NONE : known
}

function withDistrust(
  all: ReadonlyMap<NodeId, Distrust>,
  peer: NodeId,
  distrust: Distrust,
): ReadonlyMap<NodeId, Distrust> {
  const next = new Map(all)
  // Set anew, so that the one who offended longest ago stands first.
  next.delete(peer)
  next.set(peer, distrust)
  for (const oldest of next.keys()) {
    if (next.size <= DISTRUST_MAX) break
    next.delete(oldest)
  }
  return next
}

function withPeer(
  { peers }: BlockSyncState,
  peer: NodeId,
  change: Partial<PeerState>,
): ReadonlyMap<NodeId, PeerState> {
  const known = peers.get(peer)
  return known === undefined ? peers : new Map(peers).set(peer, { ...known, ...change })
}

function withoutBlocksOf(state: BlockSyncState, peer: NodeId): BlockSyncState {
  const queue = new Map(state.queue)
  let { queueBytes } = state
  for (const { number, bytes, from } of state.queue.values()) {
    if (from !== peer) continue
    queue.delete(number)
    queueBytes -= bytes.length
  }
  return { ...state, queue, queueBytes }
}

export function isAvoided({ distrust }: BlockSyncState, peer: NodeId, nowMs: number): boolean {
  return (distrust.get(peer)?.untilMs ?? 0) > nowMs
}

/** A peer that can be asked for blocks. */
export interface Source {
  readonly peer: NodeId
  readonly latest: ChainPoint
  readonly isProven: boolean
  /** The less the better. */
  readonly offences: number
}

/** Peers with more blocks than this node that are not avoided. */
export function sources(state: BlockSyncState, nowMs: number): readonly Source[] {
  const found: Source[] = []
  for (const [peer, { latest, isProven }] of state.peers) {
    if (latest.number <= state.head.number || isAvoided(state, peer, nowMs)) continue
    const { silences, lies } = state.distrust.get(peer) ?? NONE
    found.push({ peer, latest, isProven, offences: silences + lies })
  }
  return found
}

/** The highest block that any of them claims. */
export function highest(found: readonly Source[], head: ChainPoint): ChainPoint {
  let best = head
  for (const { latest } of found) if (latest.number > best.number) best = latest
  return best
}

/**
 * The highest block of which it may be believed that it exists. Up to f sealers may lie, so the highest
 * f + 1 claims of sealers count as their lowest; a peer whose blocks have been committed since this node is
 * behind counts alone. One liar can therefore neither stop consensus nor make this node refuse its clients.
 */
export function credibleBlock(state: BlockSyncState, nowMs: number): ChainPoint {
  const { head, view } = state
  const ahead = sources(state, nowMs)
  const proven = highest(
    ahead.filter(({ isProven }) => isProven),
    head,
  )
  const sealers = new Set(view.sealers)
  const claims: ChainPoint[] = []
  for (const [peer, { latest }] of state.peers) {
    if (sealers.has(peer) && !isAvoided(state, peer, nowMs)) claims.push(latest)
  }
  // Nobody of whom this node knows that it seals: it may have been away for long.
  if (claims.length === 0) return highest(ahead, head)
  const faulty = Math.floor((view.sealers.length - 1) / 3)
  const ranked = claims.toSorted((a, b) => b.number - a.number)
  const claimed = ranked[Math.min(faulty, ranked.length - 1)] ?? head
  const best = claimed.number > proven.number ? claimed : proven
  return best.number > head.number ? best : head
}

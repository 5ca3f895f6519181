import type { Clock, Timers } from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'
import type { Session } from './session.ts'

/** Two connections of one pair that come up within this time were dialled by both ends at once. */
const SIMULTANEOUS_MS = 5000
/** How long both are kept, and then how long the loser still listens. */
const SETTLE_MS = 2000
const DUPLICATE = 'duplicate session'

interface Peer {
  primary: Session
  spare: Session | undefined
}

/**
 * The session to each peer. A second one is closed, as in the reference (spec 04 §1.5) - but when two nodes
 * dial each other at the same moment, that rule lets either end close what the other keeps. Then both
 * connections are kept for a while: if the peer closes one, the other takes its place; if not, both ends
 * agree on the connection that the smaller node id dialled.
 */
export class PeerTable {
  readonly #self: NodeId
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #peers = new Map<NodeId, Peer>()

  constructor(self: NodeId, parts: { readonly clock: Clock; readonly timers: Timers }) {
    this.#self = self
    this.#clock = parts.clock
    this.#timers = parts.timers
  }

  get size(): number {
    return this.#peers.size
  }

  has(nodeId: NodeId): boolean {
    return this.#peers.has(nodeId)
  }

  /** The session to send on. */
  get(nodeId: NodeId): Session | undefined {
    return this.#peers.get(nodeId)?.primary
  }

  /** One session for each peer. */
  *sessions(): Generator<Session> {
    for (const { primary } of this.#peers.values()) yield primary
  }

  /** Also the second ones. */
  *allSessions(): Generator<Session> {
    for (const { primary, spare } of this.#peers.values()) {
      yield primary
      if (spare !== undefined) yield spare
    }
  }

  /** `refused`: the session is a duplicate and is to be closed. */
  add(session: Session): 'first' | 'second' | 'refused' {
    const { nodeId } = session.peer
    const peer = this.#peers.get(nodeId)
    if (peer === undefined) {
      this.#peers.set(nodeId, { primary: session, spare: undefined })
      return 'first'
    }
    if (peer.spare !== undefined || !this.#isSimultaneous(peer.primary, session)) return 'refused'
    peer.spare = session
    this.#timers.after(SETTLE_MS, () => this.#settle(nodeId, peer))
    return 'second'
  }

  /** `true` when it was the last session with its peer. */
  remove(session: Session): boolean {
    const { nodeId } = session.peer
    const peer = this.#peers.get(nodeId)
    if (peer === undefined) return false
    if (peer.spare === session) {
      peer.spare = undefined
      return false
    }
    if (peer.primary !== session) return false
    if (peer.spare !== undefined) {
      peer.primary = peer.spare
      peer.spare = undefined
      return false
    }
    this.#peers.delete(nodeId)
    return true
  }

  #isSimultaneous(first: Session, second: Session): boolean {
    const ageMs = this.#clock.nowMs() - first.openedAtMs
    return first.isInbound !== second.isInbound && ageMs < SIMULTANEOUS_MS
  }

  /** From now on both ends send on the winner; the loser stays a little for what is still on its way. */
  #settle(nodeId: NodeId, peer: Peer): void {
    const { primary, spare } = peer
    if (spare === undefined) return
    const isDialledBySmaller = primary.isInbound === nodeId < this.#self
    const loser = isDialledBySmaller ? spare : primary
    peer.primary = isDialledBySmaller ? primary : spare
    peer.spare = loser
    this.#timers.after(SETTLE_MS, () => loser.close(DUPLICATE))
  }
}

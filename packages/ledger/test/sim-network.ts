import type { Clock, RandomSource, Timers } from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'
import type { P2pMessage, P2pNetwork, PeerInfo } from '@bcos-ts/protocol/ports'

/** What becomes of a message on its way: another one, or none. */
export type Tamper = (message: P2pMessage, from: NodeId, to: NodeId) => P2pMessage | undefined

type Handler = (message: P2pMessage, from: NodeId) => void

/** Time and chance of a test: virtual, or that of the machine. */
export interface Surroundings extends Clock, Timers {
  readonly random: RandomSource
}

/** The network of all nodes of a test: everybody has a session with everybody, unless the link is cut. */
export class SimHub {
  readonly world: Surroundings
  readonly latencyMs: number
  tamper: Tamper = (message) => message
  /** Long runs do without the log. */
  isLogging = true
  /** Messages that were delivered, the latest last. */
  readonly log: { readonly from: NodeId; readonly to: NodeId; readonly message: P2pMessage }[] = []
  readonly #nodes = new Map<NodeId, SimNetwork>()
  #isCut: (a: NodeId, b: NodeId) => boolean = () => false

  constructor(world: Surroundings, latencyMs = 5) {
    this.world = world
    this.latencyMs = latencyMs
  }

  join(self: NodeId): SimNetwork {
    const network = new SimNetwork(self, this)
    this.#nodes.set(self, network)
    this.#notify(() => true)
    return network
  }

  leave(self: NodeId): void {
    this.#nodes.delete(self)
    this.#notify((id) => id !== self, self)
  }

  /** Links for which `isCut` answers true have no session until the next call. */
  partition(isCut: (a: NodeId, b: NodeId) => boolean): void {
    this.#isCut = isCut
    this.#notify(() => true)
  }

  areLinked(a: NodeId, b: NodeId): boolean {
    if (a === b || !this.#nodes.has(a) || !this.#nodes.has(b)) return false
    return !this.#isCut(a, b) && !this.#isCut(b, a)
  }

  neighbours(self: NodeId): readonly NodeId[] {
    return [...this.#nodes.keys()].filter((id) => this.areLinked(self, id))
  }

  send(from: NodeId, to: NodeId, message: P2pMessage): void {
    if (!this.areLinked(from, to)) return
    const arriving = this.tamper(message, from, to)
    if (arriving === undefined) return
    this.world.after(this.latencyMs, () => {
      if (!this.areLinked(from, to)) return
      if (this.isLogging) this.log.push({ from, to, message: arriving })
      this.#nodes.get(to)?.deliver(arriving, from)
    })
  }

  #notify(isConcerned: (id: NodeId) => boolean, gone?: NodeId): void {
    for (const [id, network] of this.#nodes) if (isConcerned(id)) network.changed(gone ?? id)
  }
}

export class SimNetwork implements P2pNetwork {
  readonly self: NodeId
  readonly #hub: SimHub
  readonly #handlers = new Map<number, Handler>()
  readonly #listeners = new Set<(event: { nodeId: NodeId; isConnected: boolean }) => void>()

  constructor(self: NodeId, hub: SimHub) {
    this.self = self
    this.#hub = hub
  }

  start(): void {}

  stop(): void {}

  peers(): readonly PeerInfo[] {
    return this.#hub.neighbours(this.self).map((nodeId) => ({
      nodeId,
      endpoint: '127.0.0.1:30300',
      agency: 'agency',
      nodeName: 'node',
      topics: [],
    }))
  }

  isConnected(nodeId: NodeId): boolean {
    return this.#hub.areLinked(this.self, nodeId)
  }

  register(protocolId: number, handler: Handler): () => void {
    this.#handlers.set(protocolId, handler)
    return () => void this.#handlers.delete(protocolId)
  }

  send(to: NodeId, message: P2pMessage): void {
    this.#hub.send(this.self, to, message)
  }

  multicast(to: readonly NodeId[], message: P2pMessage): void {
    for (const id of to) this.send(id, message)
  }

  configuredPeers(): readonly string[] {
    return []
  }

  configurePeers(): void {}

  onConnection(
    listener: (event: { readonly nodeId: NodeId; readonly isConnected: boolean }) => void,
  ): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  deliver(message: P2pMessage, from: NodeId): void {
    this.#handlers.get(message.protocolId)?.(message, from)
  }

  changed(nodeId: NodeId): void {
    for (const listener of this.#listeners) {
      listener({ nodeId, isConnected: this.isConnected(nodeId) })
    }
  }
}

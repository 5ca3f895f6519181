import { Emitter, every } from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'
import type { P2pMessage, P2pNetwork, PeerInfo } from '@bcos-ts/protocol/ports'
import type { NodeEnvironment } from '@bcos-ts/testing/simulator'
import type { ModelMessage } from './message.ts'

/** How soon a node learns that a session is gone or there again. */
const SESSION_CHECK_MS = 250

interface Change {
  readonly nodeId: NodeId
  readonly isConnected: boolean
}

/**
 * The P2P port over a simulated network. Several machines may go by one node id, as when somebody copied a key: then
 * half of the others have their session with one of them, and half with the other.
 */
export class ModelNetwork implements P2pNetwork {
  readonly self: NodeId
  readonly #environment: NodeEnvironment<ModelMessage>
  readonly #ids: readonly NodeId[]
  readonly #machines = new Map<NodeId, readonly number[]>()
  readonly #handlers = new Map<number, (message: P2pMessage, from: NodeId) => void>()
  readonly #changes = new Emitter<Change>()
  readonly #connected = new Set<NodeId>()
  #isWatching = false

  /** `ids`: of each machine, by its index in the simulated network. */
  constructor(environment: NodeEnvironment<ModelMessage>, ids: readonly NodeId[]) {
    this.#environment = environment
    this.#ids = ids
    this.self = ids[environment.index] ?? ''
    for (const [index, id] of ids.entries()) {
      this.#machines.set(id, [...(this.#machines.get(id) ?? []), index])
    }
  }

  start(): void {}

  stop(): void {}

  /** The machine behind a node id with which this one has its session. */
  machineOf(id: NodeId): number | undefined {
    const machines = this.#machines.get(id)
    if (machines === undefined || machines.length <= 1) return machines?.[0]
    return machines[this.#environment.index % machines.length]
  }

  /** Whose session a message of a machine came by; `undefined` when it has none with us. */
  idOf(machine: number): NodeId | undefined {
    const id = this.#ids[machine]
    return id !== undefined && this.machineOf(id) === machine ? id : undefined
  }

  isConnected(id: NodeId): boolean {
    const machine = this.machineOf(id)
    return machine !== undefined && this.#environment.network.isConnected(machine)
  }

  peers(): readonly PeerInfo[] {
    return [...this.#machines.keys()]
      .filter((id) => id !== this.self && this.isConnected(id))
      .map((nodeId) => ({ nodeId, endpoint: '', agency: '', nodeName: '', topics: [] }))
  }

  send(to: NodeId, { protocolId, packetType, payload }: P2pMessage): void {
    const machine = this.machineOf(to)
    if (machine === undefined) return
    this.#environment.network.send(machine, { kind: 'p2p', protocolId, packetType, payload })
  }

  multicast(to: readonly NodeId[], message: P2pMessage): void {
    for (const id of to) this.send(id, message)
  }

  register(protocolId: number, handler: (message: P2pMessage, from: NodeId) => void): () => void {
    this.#handlers.set(protocolId, handler)
    return () => void this.#handlers.delete(protocolId)
  }

  deliver(message: P2pMessage, machine: number): void {
    const from = this.idOf(machine)
    if (from !== undefined) this.#handlers.get(message.protocolId)?.(message, from)
  }

  configuredPeers(): readonly string[] {
    return []
  }

  configurePeers(): void {}

  onConnection(listener: (event: Change) => void): () => void {
    if (!this.#isWatching) {
      this.#isWatching = true
      every(this.#environment.timers, SESSION_CHECK_MS, () => this.#check())
    }
    return this.#changes.on(listener)
  }

  #check(): void {
    const changes: Change[] = []
    for (const nodeId of this.#machines.keys()) {
      const isConnected = nodeId !== this.self && this.isConnected(nodeId)
      if (isConnected !== this.#connected.has(nodeId)) changes.push({ nodeId, isConnected })
    }
    for (const { nodeId, isConnected } of changes) {
      if (isConnected) this.#connected.add(nodeId)
      else this.#connected.delete(nodeId)
    }
    for (const change of changes) this.#changes.emit(change)
  }
}

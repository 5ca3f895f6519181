import type { Startable } from '@bcos-ts/common'
import type { NodeId } from '../primitives.ts'

/** Module ids of P2P messages (spec 04 §2.3). */
export const P2pModule = { amop: 1, topic: 2, pbft: 8, sync: 9, txPool: 10, raft: 11 } as const

/** `(groupId << 16) | moduleId`; group 0 for modules of the node. */
export function protocolIdOf(groupId: number, moduleId: number): number {
  return ((groupId << 16) | moduleId) >>> 0
}

export interface P2pMessage {
  readonly protocolId: number
  readonly packetType: number
  readonly payload: Uint8Array
}

export interface PeerInfo {
  readonly nodeId: NodeId
  /** Remote end, `host:port`. */
  readonly endpoint: string
  /** Common name of the issuer and of the subject of its certificate. */
  readonly agency: string
  readonly nodeName: string
  readonly topics: readonly string[]
}

/** The network of one node: authenticated sessions to its neighbours. There is no multi-hop routing. */
export interface P2pNetwork extends Startable {
  readonly self: NodeId
  peers(): readonly PeerInfo[]
  isConnected(nodeId: NodeId): boolean
  /** One handler a protocol id. Messages of one peer arrive in order. The returned function removes it. */
  register(protocolId: number, handler: (message: P2pMessage, from: NodeId) => void): () => void
  /** Dropped when there is no session; never throws, never waits. */
  send(to: NodeId, message: P2pMessage): void
  multicast(to: readonly NodeId[], message: P2pMessage): void
  /** Addresses this node dials, `host:port` or `[v6]:port`, in the order of the configuration. */
  configuredPeers(): readonly string[]
  /** Replaces them; sessions that exist stay. Throws `NETWORK_INVALID_ENDPOINT`. */
  configurePeers(endpoints: readonly string[]): void
  onConnection(
    listener: (event: { readonly nodeId: NodeId; readonly isConnected: boolean }) => void,
  ): () => void
}

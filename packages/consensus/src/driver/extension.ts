/**
 * Where a protocol that is PBFT and something more, as rPBFT is, comes in.
 * @module
 */
import type { Block, NodeId, Transaction } from '@bcos-ts/protocol'
import type { P2pMessage } from '@bcos-ts/protocol/ports'
import type { Committee } from '../committee.ts'
import type { Envelope, SignedBody } from '../pbft/messages.ts'
import type { PbftState } from '../pbft/state.ts'

/** A good packet of a peer, with what passing it on needs. */
export interface Passage {
  readonly envelope: Envelope
  readonly packetType: number
  readonly body: SignedBody
  readonly from: NodeId
  readonly owner: NodeId
}

/** How packets reach the other sealers. */
export interface Spreading {
  readonly protocolId: number
  /** Proposals come by way of others, so that theirs count although their owner is connected. */
  readonly isRelayed: boolean
  send(to: NodeId, packetType: number, payload: Uint8Array): void
  /** To one sealer, directly or not at all. */
  sendPacket(to: NodeId, packetId: number, data: Uint8Array): void
  /** To all working sealers. */
  broadcast(
    committee: Committee,
    packetType: number,
    packet: Pick<Envelope, 'packetId' | 'data' | 'isEmptyBlock'>,
  ): void
  /** Passes a good message of a peer on. */
  passOn(passage: Passage, committee: Committee, height: number): void
  /** A message of a working sealer that is of none of the types of PBFT. `now` gives the state of that moment. */
  hear(message: P2pMessage, from: NodeId, now: () => PbftState | undefined): void
  stop(): void
}

/** A committee that changes by transactions of its leaders. */
export interface CommitteeRotation {
  /** Whether the next block is to begin with a rotation. */
  isDue(): boolean
  /** Whether the last block has changed the committee. */
  isCommitteeNew(): boolean
  /** What this node, when it leads, puts in front of its block. */
  transaction(): Transaction
  /** Why an executed block may not be voted for, or `undefined`. */
  refuses(block: Block, proposer: NodeId): string | undefined
}

export interface PbftExtension {
  readonly type: 'rpbft'
  readonly rotation: CommitteeRotation
  readonly spreading: (plain: Spreading) => Spreading
}

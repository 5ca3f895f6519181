import type { Startable } from '@bcos-ts/common'
import type { Block, BlockSignature } from '../block.ts'
import type { HashText, NodeId } from '../primitives.ts'
import type { ConsensusProgress } from './consensus-progress.ts'

/** What `getConsensusStatus` shows (spec 02 §14.4). */
export interface ConsensusStatus {
  readonly nodeCount: number
  /** 65535 when this node is not a sealer. */
  readonly index: number
  readonly maxFaulty: number
  /** Height being agreed on. */
  readonly consensusNumber: number
  readonly isSealer: boolean
  readonly view: number
  readonly toView: number
  readonly isLeaderFailed: boolean
  readonly sealers: readonly NodeId[]
  /** Raft: the leader, when one is known. */
  readonly leader?: NodeId | undefined
  /** View of every sealer of which it is known. */
  readonly views: readonly { readonly nodeId: NodeId; readonly view: number }[]
}

/**
 * What is known, beside its signatures, of a block that came by synchronisation. On the wire of 2.x sealers sign a block
 * before they lock it with the same signature as when they commit it, so that a liar among them can show the signatures of
 * a quorum for a block that nobody commits.
 */
export interface SyncedBlockEvidence {
  /** Nodes that have shown or named their block of this height, in their own session. */
  readonly claims: ReadonlyMap<NodeId, HashText>
  /** What came as the block after it. */
  readonly next?: SuccessorClaim | undefined
  /** From a node of this implementation: what {@link ConsensusEngine.commitProof} gave there. */
  readonly proof?: Uint8Array | undefined
}

/** A block that is said to follow; its hash is that of its header, nothing else of it has been checked. */
export interface SuccessorClaim {
  readonly number: number
  readonly parentHash: Uint8Array
  readonly hash: Uint8Array
  readonly signatures: readonly BlockSignature[]
}

/**
 * What a block that came by synchronisation is worth: a sentence that says why it is refused, or the signatures that speak
 * for it, one of each sealer, all of them good. Blocks of Raft carry none. `isDecided` when an honest sealer must have
 * committed it; else another block of this height is still possible.
 */
export type SyncedBlockVerdict =
  | { readonly refusal: string; readonly isDecided?: undefined }
  | {
      readonly refusal?: undefined
      readonly signatures: readonly BlockSignature[]
      readonly isDecided: boolean
      /** That of the evidence, when it is good: to be kept with the block. */
      readonly proof?: Uint8Array | undefined
    }

export interface ConsensusEngine extends Startable {
  readonly type: 'pbft' | 'rpbft' | 'raft'
  status(): ConsensusStatus
  /** What keeps the group from its next block; engines that cannot tell have no such method. */
  progress?(): ConsensusProgress
  /**
   * Checks a block that came by synchronisation, the next one of the chain: sealer list, a quorum of distinct
   * signatures, and whether it was committed.
   */
  checkSyncedBlock(
    block: Block,
    hash: Uint8Array,
    evidence: SyncedBlockEvidence,
  ): SyncedBlockVerdict
  /** What proves to a peer of this implementation that the last block of the chain was committed, when it is known. */
  commitProof?(hash: HashText): Uint8Array | undefined
  /** Whether a node is of this implementation, as its votes have shown: it understands packets that 2.x does not have. */
  isKin?(nodeId: NodeId): boolean
  /** Tells the engine that a block was committed, by itself or by synchronisation. */
  onBlockCommitted(): void
}

import type { Startable } from '@bcos-ts/common'
import type { Block, BlockSignature } from '../block.ts'
import type { NodeId } from '../primitives.ts'
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
 * What a block that came by synchronisation is worth: a sentence that says why it is refused, or the signatures that speak
 * for it, one of each sealer, all of them good. Blocks of Raft carry none.
 */
export type SyncedBlockVerdict =
  | { readonly refusal: string }
  | { readonly refusal?: undefined; readonly signatures: readonly BlockSignature[] }

export interface ConsensusEngine extends Startable {
  readonly type: 'pbft' | 'rpbft' | 'raft'
  status(): ConsensusStatus
  /** What keeps the group from its next block; engines that cannot tell have no such method. */
  progress?(): ConsensusProgress
  /** Checks a block that came by synchronisation: sealer list, and a quorum of distinct signatures. */
  checkSyncedBlock(block: Block, hash: Uint8Array): SyncedBlockVerdict
  /** Whether a node is of this implementation, as its votes have shown: it understands packets that 2.x does not have. */
  isKin?(nodeId: NodeId): boolean
  /** Tells the engine that a block was committed, by itself or by synchronisation. */
  onBlockCommitted(): void
}

/**
 * Chain data of one group: its blocks, its waiting transactions, and how it keeps up with its peers.
 * @module
 */
export { type BlockStoreComponents, openBlockStore } from './chain/block-store.ts'
export {
  ChainError,
  type ChainErrorCode,
  CorruptChainError,
  NotNextBlockError,
  OtherGenesisError,
} from './chain/errors.ts'
export { createGenesis, genesisBatch, type GenesisTarget } from './chain/genesis-block.ts'
export {
  type BlockCommitter,
  type BlockCommitterComponents,
  type CommitBlock,
  createBlockCommitter,
} from './committer.ts'
export { GroupStoppedError } from './errors.ts'
export { createGroup, type Group, type GroupInit, type GroupParts } from './group.ts'
export { BLOCK_SYNC_DEFAULTS, type BlockSyncOptions } from './sync/blocks/state.ts'
export { ExecutionDiffersError, InvalidSyncPacketError, type SyncErrorCode } from './sync/errors.ts'
export type { KeepDifference } from './sync/difference/desk.ts'
export { shownValue } from './sync/difference/values.ts'
export { WrittenBlocks } from './sync/difference/written-blocks.ts'
export { GOSSIP_DEFAULTS, type GossipOptions } from './sync/gossip/step.ts'
export {
  decodeSyncPacket,
  encodeSyncPacket,
  type NodeStatus,
  type SyncPacket,
} from './sync/packet.ts'
export { createPeerClock, type PeerClock } from './sync/peer-clock.ts'
export {
  createSynchronizer,
  type SynchronizerComponents,
  type SynchronizerInit,
} from './sync/synchronizer.ts'
export { firstTargets, statusTargets, type StatusTree } from './sync/tree.ts'
export { PoolResult, type PoolResultName } from './tx-pool/results.ts'
export {
  createTxPool,
  type RunningTxPool,
  type TxPoolComponents,
  type TxPoolInit,
} from './tx-pool/tx-pool.ts'
export { ledgerErrorGuide } from './error-guide.ts'

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
export { PoolResult, type PoolResultName } from './tx-pool/results.ts'
export {
  createTxPool,
  type RunningTxPool,
  type TxPoolComponents,
  type TxPoolInit,
} from './tx-pool/tx-pool.ts'
export { type BlockCommitter, createBlockCommitter } from './committer.ts'
export { createPeerClock, type PeerClock } from './sync/peer-clock.ts'
export { createSynchronizer, type SynchronizerComponents } from './sync/synchronizer.ts'

import type { Clock, Logger, Timers } from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'
import type {
  BlockExecutor,
  BlockStore,
  CryptoSuite,
  KeyPair,
  P2pNetwork,
  Synchronizer,
  TxPool,
} from '@bcos-ts/protocol/ports'

/**
 * Keeps the promises this node made, so that it remembers them after a crash.
 * One record replaces the other; it holds everything.
 */
export interface VoteStore {
  /**
   * Durable when it resolves. A crash meanwhile leaves the former record, the new one, or the former and a torn
   * new one. A rejection stops the engine: it never sends what it could not keep.
   */
  persist(record: Uint8Array): Promise<void>
  /** What is there, in any order; torn records may be among them. */
  restore(): readonly Uint8Array[]
}

/** What PBFT needs of the node around it: parts of the ports, and a place for its votes. */
export interface PbftHost {
  readonly groupId: number
  readonly self: NodeId
  /** Keys behind {@link self}. */
  readonly keys: KeyPair
  readonly suite: CryptoSuite
  readonly clock: Clock
  /** Time for block timestamps, aligned between the nodes of a group (spec 04 §4.9). */
  readonly blockClock: Clock
  readonly timers: Timers
  /** Carries the badge of the group already. */
  readonly logger: Logger
  readonly chain: Pick<
    BlockStore,
    'head' | 'headHash' | 'membership' | 'systemConfig' | 'block' | 'commit' | 'commitProof'
  >
  readonly executor: Pick<BlockExecutor, 'execute'>
  readonly pool: Pick<TxPool, 'get' | 'import' | 'fetch' | 'size' | 'onAdded'>
  readonly network: Pick<
    P2pNetwork,
    'isConnected' | 'send' | 'multicast' | 'register' | 'onConnection'
  >
  readonly sync: Pick<
    Synchronizer,
    'isSyncing' | 'isFarBehind' | 'status' | 'hasten' | 'difference'
  >
  readonly votes: VoteStore
  /**
   * The engine has stopped for good: disk or ledger failed, or an invariant of ours is broken.
   * Called at most once. The node should stop too: going on would risk a promise.
   */
  onFailure(error: Error): void
}

/** Keys of `group.N.ini`, section `[consensus]`. */
export interface PbftOptions {
  /** `ttl`: how often a packet may be passed on. Default 2. */
  readonly ttl: number
  /** `min_block_generation_time`, milliseconds. Default 500. */
  readonly minBlockGenerationMs: number
  /** `enable_dynamic_block_size`. Default true. */
  readonly isBlockSizeDynamic: boolean
  /** `enable_ttl_optimization`. Default true; the same on all sealers. */
  readonly isTtlOptimized: boolean
  /** `enable_prepare_with_txsHash`. Default true; the same on all sealers. */
  readonly isPrepareByHashes: boolean
  /**
   * Binds votes to their meaning (`bond.ts`). Default true. Without it the timestamps of messages are the plain
   * clock of the reference, and locks of this node cannot convince others.
   */
  readonly isVoteBound: boolean
}

export const PBFT_DEFAULTS: PbftOptions = {
  ttl: 2,
  minBlockGenerationMs: 500,
  isBlockSizeDynamic: true,
  isTtlOptimized: true,
  isPrepareByHashes: true,
  isVoteBound: true,
}

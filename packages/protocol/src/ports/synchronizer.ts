import type { Startable } from '@bcos-ts/common'
import type { HashText, NodeId } from '../primitives.ts'
import type { ExecutionDifference } from './execution-difference.ts'

/** What `getSyncStatus` shows (spec 02 §14.5). */
export interface SyncStatus {
  readonly isSyncing: boolean
  readonly knownHighestNumber: number
  readonly knownLatestHash: Uint8Array
  readonly peers: readonly {
    readonly nodeId: NodeId
    readonly blockNumber: number
    readonly genesisHash: Uint8Array
    readonly latestHash: Uint8Array
  }[]
}

/** Fetches blocks from peers and spreads transactions. */
export interface Synchronizer extends Startable {
  status(): SyncStatus
  isSyncing(): boolean
  /** More than 20 blocks behind: consensus takes no part, clients are refused (spec 04 §4.5). */
  isFarBehind(): boolean
  /**
   * The next block is signed by a quorum, but executing it gives another result here. The group stands still on this
   * node until a block comes that passes, or the node is started anew.
   */
  difference?(): ExecutionDifference | undefined
  /** Brings those of the transactions into the pool that are here, but wait for their signature to be checked. */
  hasten(transactions: readonly HashText[]): void
}

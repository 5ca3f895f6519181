import { TransactionStatus as Status } from '@bcos-ts/protocol'
import type { ImportResult } from '@bcos-ts/protocol/ports'

export type PoolResultName =
  | 'imported'
  | 'overMemoryLimit'
  | 'full'
  | 'alreadyKnown'
  | 'alreadyInChain'
  | 'nonceUsed'
  | 'blockLimit'
  | 'malformed'
  | 'invalidChainId'
  | 'invalidGroupId'
  | 'nonceWaiting'
  | 'notInGroup'
  | 'syncing'

/**
 * Answers of the pool. `reason` is the word with which the reference begins the text of its JSON-RPC error,
 * its spelling included: clients look for it (spec 01 §4.5).
 */
export const PoolResult: Readonly<Record<PoolResultName, ImportResult>> = {
  imported: { status: Status.none, reason: 'Success' },
  overMemoryLimit: { status: Status.overGroupMemoryLimit, reason: 'OverGroupMemoryLimit' },
  full: { status: Status.txPoolIsFull, reason: 'TransactionPoolIsFull' },
  alreadyKnown: { status: Status.alreadyKnown, reason: 'TransactionAlreadyKown' },
  alreadyInChain: { status: Status.alreadyInChain, reason: 'TransactionAlreadyInChain' },
  nonceUsed: { status: Status.nonceCheckFail, reason: 'TransactionNonceCheckFail' },
  blockLimit: { status: Status.blockLimitCheckFail, reason: 'BlockLimitCheckFailed' },
  malformed: { status: Status.malformedTx, reason: 'TransactionSubmitFailed' },
  invalidChainId: { status: Status.invalidChainId, reason: 'InvalidChainId' },
  invalidGroupId: { status: Status.invalidGroupId, reason: 'InvalidGroupId' },
  nonceWaiting: { status: Status.nonceCheckFail, reason: 'TxPoolNonceCheckFail' },
  notInGroup: { status: Status.requestNotBelongToTheGroup, reason: 'NotBelongToTheGroup' },
  syncing: { status: Status.transactionRefused, reason: 'NodeIsSyncing' },
}

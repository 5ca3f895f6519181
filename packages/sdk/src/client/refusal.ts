/**
 * Why a pool did not take a transaction (spec 01 §4.5).
 * @module
 */
import { isBcosError } from '@bcos-ts/common'
import { TransactionStatus } from '@bcos-ts/protocol'
import type { RpcError } from '../errors.ts'
import { readReceipt } from '../json/receipt.ts'
import type { TransactionReceipt } from '../receipt.ts'

const INTERNAL_ERROR = -32_603

/** Words of the synchronous refusal; the first that is in the text decides. */
const WORDS: readonly (readonly [string, number])[] = [
  ['NonceCheckFail', TransactionStatus.nonceCheckFail],
  ['BlockLimitCheckFail', TransactionStatus.blockLimitCheckFail],
  ['TransactionPoolIsFull', TransactionStatus.txPoolIsFull],
  ['AlreadyKown', TransactionStatus.alreadyKnown],
  ['AlreadyInChain', TransactionStatus.alreadyInChain],
  ['InvalidChainId', TransactionStatus.invalidChainId],
  ['InvalidGroupId', TransactionStatus.invalidGroupId],
  ['OverGroupMemoryLimit', TransactionStatus.overGroupMemoryLimit],
  ['NodeIsSyncing', TransactionStatus.transactionRefused],
  ['TransactionSubmitFailed', TransactionStatus.transactionRefused],
]

/** The node has this transaction, or another with its nonce. */
const DUPLICATES: ReadonlySet<number> = new Set([
  TransactionStatus.nonceCheckFail,
  TransactionStatus.alreadyKnown,
  TransactionStatus.alreadyInChain,
])

export function isDuplicate(status: number): boolean {
  return DUPLICATES.has(status)
}

/** The status that an answer to a submission stands for, or `undefined` when it is another kind of error. */
export function refusalStatus(error: unknown): number | undefined {
  if (!isBcosError<RpcError>(error, 'SDK_RPC_ERROR')) return undefined
  if (error.details.rpcCode !== INTERNAL_ERROR) return undefined
  return WORDS.find(([word]) => error.message.includes(word))?.[1]
}

/** A pushed receipt; of a refused transaction only the status is set. */
export function readPushedReceipt(
  method: string,
  value: unknown,
): { readonly receipt: TransactionReceipt; readonly isRefusal: boolean } {
  const receipt = readReceipt(method, value)
  return { receipt, isRefusal: /^0x0*$/.test(receipt.blockHash) }
}

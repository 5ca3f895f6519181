import { to0x } from '@bcos-ts/common'
import { type CryptoSuite, type Transaction, ZERO_ADDRESS } from '@bcos-ts/protocol'
import type { MinedTransaction } from '@bcos-ts/protocol/ports'
import type { JsonObject } from '../json.ts'
import { addressText, quantity } from './format.ts'

const STANDARD_SIGNATURE_BYTES = 65

function signatureView(signature: Uint8Array): JsonObject {
  const isStandard = signature.length === STANDARD_SIGNATURE_BYTES
  return {
    r: to0x(signature.subarray(0, 32)),
    s: to0x(signature.subarray(32, 64)),
    signature: to0x(signature),
    // The recovery id in decimal, or the public key (spec 02 §14.6).
    v: isStandard ? `0x${signature[64] ?? 0}` : to0x(signature.subarray(64)),
  }
}

/** A transaction that waits in the pool. */
export function transactionView(transaction: Transaction, suite: CryptoSuite): JsonObject {
  return {
    blockLimit: quantity(transaction.blockLimit),
    chainId: quantity(transaction.chainId),
    extraData: to0x(transaction.extraData),
    from: addressText(transaction.sender(suite) ?? ZERO_ADDRESS),
    gas: quantity(transaction.gas),
    gasPrice: quantity(transaction.gasPrice),
    groupId: quantity(transaction.groupId),
    hash: to0x(transaction.hash),
    input: to0x(transaction.data),
    nonce: quantity(transaction.nonce),
    signature: signatureView(transaction.signature),
    to: addressText(transaction.to ?? ZERO_ADDRESS),
    value: quantity(transaction.value),
  }
}

/** A transaction with its place in the chain. */
export function minedTransactionView(mined: MinedTransaction, suite: CryptoSuite): JsonObject {
  return {
    ...transactionView(mined.transaction, suite),
    blockHash: to0x(mined.blockHash),
    blockNumber: quantity(mined.blockNumber),
    transactionIndex: quantity(mined.index),
  }
}

import { to0x } from '@bcos-ts/common'
import { statusMessage, ZERO_ADDRESS, ZERO_HASH } from '@bcos-ts/protocol'
import type { MinedReceipt } from '@bcos-ts/protocol/ports'
import type { JsonObject } from '../json.ts'
import { addressText, logView, quantity } from './format.ts'

/** Members that a receipt has alone and in a batch. */
function coreMembers({ transaction, receipt, sender, index }: MinedReceipt): JsonObject {
  return {
    contractAddress: addressText(receipt.contractAddress),
    from: addressText(sender),
    gasUsed: quantity(receipt.gasUsed),
    logs: receipt.logs.map(logView),
    output: to0x(receipt.output),
    status: quantity(receipt.status),
    to: addressText(transaction.to ?? ZERO_ADDRESS),
    transactionHash: to0x(transaction.hash),
    transactionIndex: quantity(index),
  }
}

/** A receipt as queries and pushes show it (spec 02 §14.6). */
export function receiptView(mined: MinedReceipt): JsonObject {
  const { transaction, receipt } = mined
  return {
    ...coreMembers(mined),
    blockHash: to0x(mined.blockHash),
    blockNumber: quantity(mined.blockNumber),
    input: to0x(transaction.data),
    logsBloom: to0x(receipt.logBloom),
    remainGas: quantity(receipt.remainGas),
    root: to0x(receipt.stateRoot),
    statusMsg: statusMessage(receipt.status),
  }
}

/** A receipt as one of many (spec 02 §14.8). */
export function batchReceiptView(mined: MinedReceipt): JsonObject {
  return coreMembers(mined)
}

const NO_ADDRESS = addressText(ZERO_ADDRESS)
const NO_HASH = to0x(ZERO_HASH)
const NO_BLOOM = to0x(new Uint8Array(256))

/** What is pushed for a transaction that no block will hold: nothing but a status (spec 02 §9). */
export function refusalView(status: number): JsonObject {
  return {
    blockHash: NO_HASH,
    blockNumber: '0x0',
    contractAddress: NO_ADDRESS,
    from: NO_ADDRESS,
    gasUsed: '0x0',
    input: '0x',
    logs: [],
    logsBloom: NO_BLOOM,
    output: '0x',
    remainGas: '0x0',
    root: NO_HASH,
    status: quantity(status),
    statusMsg: statusMessage(status),
    to: NO_ADDRESS,
    transactionHash: NO_HASH,
    transactionIndex: '0x0',
  }
}

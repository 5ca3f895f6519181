/**
 * Transactions and receipts of a chain, and what waits in the pool (spec 02 §14.6–14.8).
 * @module
 */
import { deflateSync } from 'node:zlib'
import { to0x, utf8 } from '@bcos-ts/common'
import { ZERO_ADDRESS } from '@bcos-ts/protocol'
import type { BlockStore, GroupService } from '@bcos-ts/protocol/ports'
import { RpcError } from '../errors.ts'
import { compactJson, type JsonObject, type JsonValue } from '../json.ts'
import { type Call, groupOf, memberGroupOf, method, type Method } from '../method.ts'
import { parseHash, parseIndex } from '../params.ts'
import { quantity } from '../views/format.ts'
import { receiptProof, transactionProof } from '../views/proof.ts'
import { batchReceiptView, receiptView } from '../views/receipt.ts'
import { minedTransactionView, transactionView } from '../views/transaction.ts'
import { blockAt, existingNumber, numberOfHash } from './chain.ts'

/** Bytes of a base64 text made at a time: arguments of a call are limited. */
const BASE64_CHUNK = 3 * 4096

function transactionAt(
  call: Call,
  chain: BlockStore,
  number: number,
  indexText: string,
): JsonObject {
  const { block, hash } = blockAt(chain, number)
  const index = parseIndex(indexText)
  const transaction = block.transactions[index]
  if (transaction === undefined) throw new RpcError('RPC_TRANSACTION_INDEX_RANGE')
  const mined = { transaction, index, blockNumber: number, blockHash: hash }
  return minedTransactionView(mined, call.suite)
}

export const getTransactionByHash: Method = method(['i', 's'], (call, [groupId, hash]) => {
  const mined = memberGroupOf(call, groupId).chain.transaction(parseHash(hash))
  return mined === undefined ? null : minedTransactionView(mined, call.suite)
})

export const getTransactionByBlockHashAndIndex: Method = method(
  ['i', 's', 's'],
  (call, [groupId, hash, index]) => {
    const { chain } = memberGroupOf(call, groupId)
    return transactionAt(call, chain, numberOfHash(chain, hash), index)
  },
)

export const getTransactionByBlockNumberAndIndex: Method = method(
  ['i', 's', 's'],
  (call, [groupId, number, index]) => {
    const { chain } = memberGroupOf(call, groupId)
    return transactionAt(call, chain, existingNumber(chain, number), index)
  },
)

export const getTransactionReceipt: Method = method(['i', 's'], (call, [groupId, hash]) => {
  const mined = memberGroupOf(call, groupId).chain.receipt(parseHash(hash))
  return mined === undefined ? null : receiptView(mined)
})

export const getTransactionByHashWithProof: Method = method(['i', 's'], (call, [groupId, hash]) => {
  const { chain } = memberGroupOf(call, groupId)
  const mined = chain.transaction(parseHash(hash))
  if (mined === undefined) return null
  const { block } = blockAt(chain, mined.blockNumber)
  return {
    transaction: minedTransactionView(mined, call.suite),
    txProof: transactionProof(block, mined.index, call.suite),
  }
})

export const getTransactionReceiptByHashWithProof: Method = method(
  ['i', 's'],
  (call, [groupId, hash]) => {
    const { chain } = memberGroupOf(call, groupId)
    const mined = chain.receipt(parseHash(hash))
    if (mined === undefined) return null
    const { block } = blockAt(chain, mined.blockNumber)
    return {
      receiptProof: receiptProof(block, mined.index, call.suite),
      transactionReceipt: receiptView(mined),
    }
  },
)

export const getPendingTransactions: Method = method(['i'], (call, [groupId]) =>
  groupOf(call, groupId)
    .pool.pending()
    .map((transaction) => transactionView(transaction, call.suite)),
)

export const getPendingTxSize: Method = method(['i'], (call, [groupId]) =>
  quantity(groupOf(call, groupId).pool.size()),
)

interface Range {
  readonly from: string
  readonly count: string
  readonly isCompressed: boolean
}

function batchReceipts(call: Call, group: GroupService, number: number, range: Range): JsonValue {
  const { block, hash } = blockAt(group.chain, number)
  const from = parseIndex(range.from)
  const total = block.receipts.length
  if (from >= total) {
    throw new RpcError(
      'RPC_RECEIPT_INDEX_RANGE',
      `start index out of range, the number of receipt is ${total}`,
    )
  }
  const count = range.count === '-1' ? total : parseIndex(range.count)
  const receipts = block.receipts.slice(from, from + count).map((receipt, offset) => {
    const index = from + offset
    const transaction = block.transactions[index]
    if (transaction === undefined) throw new RpcError('RPC_TRANSACTION_INDEX_RANGE')
    const sender = transaction.sender(call.suite) ?? ZERO_ADDRESS
    const place = { index, blockNumber: number, blockHash: hash }
    return batchReceiptView({ transaction, receipt, sender, ...place })
  })
  const answer: JsonObject = {
    blockInfo: {
      blockHash: to0x(hash),
      blockNumber: quantity(number),
      receiptRoot: to0x(block.header.receiptsRoot),
      receiptsCount: quantity(total),
    },
    transactionReceipts: count === 0 ? undefined : receipts,
  }
  return range.isCompressed ? base64(deflateSync(utf8(compactJson(answer)))) : answer
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += BASE64_CHUNK) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + BASE64_CHUNK)))
  }
  return text
}

export const getBatchReceiptsByBlockNumberAndRange: Method = method(
  ['i', 's', 's', 's', 'b'],
  (call, [groupId, number, from, count, isCompressed]) => {
    const group = memberGroupOf(call, groupId)
    const range = { from, count, isCompressed }
    return batchReceipts(call, group, existingNumber(group.chain, number), range)
  },
)

export const getBatchReceiptsByBlockHashAndRange: Method = method(
  ['i', 's', 's', 's', 'b'],
  (call, [groupId, hash, from, count, isCompressed]) => {
    const group = memberGroupOf(call, groupId)
    // Here an unknown hash is reported as an unknown number (spec 02 §14.6).
    const number = group.chain.numberOf(parseHash(hash))
    if (number === undefined) throw new RpcError('RPC_BLOCK_NUMBER_NOT_FOUND')
    return batchReceipts(call, group, number, { from, count, isCompressed })
  },
)

import { statusMessage } from '@bcos-ts/protocol'
import type { ReceiptLog, ReceiptSummary, TransactionReceipt } from '../receipt.ts'
import { JsonReader, readBytes } from './read.ts'

export function readReceipt(method: string, value: unknown): TransactionReceipt {
  const json = new JsonReader(method, value)
  const summary = summaryOf(json)
  return {
    ...summary,
    blockNumber: json.number('blockNumber'),
    blockHash: json.text('blockHash'),
    input: json.bytes('input'),
    root: json.has('root') ? json.text('root') : '0x',
    logsBloom: json.bytes('logsBloom'),
    statusMessage: json.has('statusMsg') ? json.text('statusMsg') : statusMessage(summary.status),
    remainGas: json.has('remainGas') ? json.bigint('remainGas') : 0n,
  }
}

function readReceiptSummary(method: string, value: unknown): ReceiptSummary {
  return summaryOf(new JsonReader(method, value))
}

function summaryOf(json: JsonReader): ReceiptSummary {
  return {
    transactionHash: json.text('transactionHash'),
    transactionIndex: json.number('transactionIndex'),
    from: json.text('from'),
    to: json.text('to'),
    contractAddress: json.text('contractAddress'),
    gasUsed: json.bigint('gasUsed'),
    status: json.number('status'),
    output: json.bytes('output'),
    logs: json.list('logs', readReceiptLog),
  }
}

function readReceiptLog(method: string, value: unknown): ReceiptLog {
  const json = new JsonReader(method, value)
  return {
    address: json.text('address'),
    topics: json.list('topics', readBytes),
    data: json.bytes('data'),
  }
}

/** Receipts of a block (spec 02 §14.8). */
export interface BatchReceipts {
  readonly blockHash: string
  readonly blockNumber: number
  readonly receiptsRoot: string
  /** How many the block has in all. */
  readonly receiptCount: number
  readonly receipts: readonly ReceiptSummary[]
}

export function readBatchReceipts(method: string, value: unknown): BatchReceipts {
  const json = new JsonReader(method, value)
  const block = json.object('blockInfo')
  return {
    blockHash: block.text('blockHash'),
    blockNumber: block.number('blockNumber'),
    receiptsRoot: block.text('receiptRoot'),
    receiptCount: block.number('receiptsCount'),
    receipts: json.has('transactionReceipts')
      ? json.list('transactionReceipts', readReceiptSummary)
      : [],
  }
}

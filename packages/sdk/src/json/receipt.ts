import { statusMessage } from '@bcos-ts/protocol'
import { JsonReader, readBytes } from './read.ts'

/** A log of a receipt. */
export interface ReceiptLog {
  /** `0x` text. */
  readonly address: string
  readonly topics: readonly Uint8Array[]
  readonly data: Uint8Array
}

/** What receipts have alone and in a batch (spec 02 §14.6, §14.8). Hashes and addresses are `0x` text. */
export interface ReceiptSummary {
  readonly transactionHash: string
  readonly transactionIndex: number
  readonly from: string
  /** All zero for a creation. */
  readonly to: string
  /** All zero unless a contract was created. */
  readonly contractAddress: string
  readonly gasUsed: bigint
  /** 0 is success; see `TransactionStatus` of `@bcos-ts/protocol`. */
  readonly status: number
  readonly output: Uint8Array
  readonly logs: readonly ReceiptLog[]
}

/** A receipt with its place in the chain. */
export interface TransactionReceipt extends ReceiptSummary {
  readonly blockNumber: number
  readonly blockHash: string
  readonly input: Uint8Array
  /** State root behind the transaction. */
  readonly root: string
  readonly logsBloom: Uint8Array
  /** Name of the status. */
  readonly statusMessage: string
  /** Gas that the sender has left, where the chain accounts for it. */
  readonly remainGas: bigint
}

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

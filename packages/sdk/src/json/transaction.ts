import { JsonReader, readNumber } from './read.ts'

/** A transaction as JSON-RPC shows it (spec 02 §14.6). Hashes and addresses are `0x` text. */
export interface PendingTransaction {
  readonly hash: string
  readonly from: string
  /** All zero for a creation. */
  readonly to: string
  readonly input: Uint8Array
  readonly nonce: bigint
  readonly blockLimit: bigint
  readonly gas: bigint
  readonly gasPrice: bigint
  readonly value: bigint
  readonly chainId: bigint
  readonly groupId: bigint
  readonly extraData: Uint8Array
  /** r, s, v (65 bytes) or r, s, public key (128 bytes). */
  readonly signature: Uint8Array
}

/** A transaction in a block. */
export interface MinedTransaction extends PendingTransaction {
  readonly blockHash: string
  readonly blockNumber: number
  readonly transactionIndex: number
}

export function readPendingTransaction(method: string, value: unknown): PendingTransaction {
  return fieldsOf(new JsonReader(method, value))
}

export function readMinedTransaction(method: string, value: unknown): MinedTransaction {
  const json = new JsonReader(method, value)
  return {
    ...fieldsOf(json),
    blockHash: json.text('blockHash'),
    blockNumber: json.number('blockNumber'),
    transactionIndex: json.number('transactionIndex'),
  }
}

function fieldsOf(json: JsonReader): PendingTransaction {
  return {
    hash: json.text('hash'),
    from: json.text('from'),
    to: json.text('to'),
    input: json.bytes('input'),
    nonce: json.bigint('nonce'),
    blockLimit: json.bigint('blockLimit'),
    gas: json.bigint('gas'),
    gasPrice: json.bigint('gasPrice'),
    value: json.bigint('value'),
    chainId: json.bigint('chainId'),
    groupId: json.bigint('groupId'),
    extraData: json.bytes('extraData'),
    signature: json.has('signature') ? json.object('signature').bytes('signature') : NO_BYTES,
  }
}

const NO_BYTES: Uint8Array = new Uint8Array(0)

/** Counters of a group. */
export interface TransactionCount {
  readonly blockNumber: number
  readonly txSum: number
  readonly failedTxSum: number
}

export function readTransactionCount(method: string, value: unknown): TransactionCount {
  const json = new JsonReader(method, value)
  return {
    blockNumber: json.number('blockNumber'),
    txSum: json.number('txSum'),
    failedTxSum: readNumber(method, json.raw('failedTxSum') ?? '0x0'),
  }
}

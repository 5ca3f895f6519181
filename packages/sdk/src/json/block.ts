import { JsonReader, readBytes, readText } from './read.ts'
import { type MinedTransaction, readMinedTransaction } from './transaction.ts'

export interface BlockSignatureView {
  /** Position of the sealer in the block's list. */
  readonly index: number
  readonly signature: Uint8Array
}

/** Head of a block (spec 02 §14.6). Hashes are `0x` text. */
export interface BlockHeaderView {
  readonly number: number
  readonly hash: string
  readonly parentHash: string
  readonly transactionsRoot: string
  readonly receiptsRoot: string
  readonly dbHash: string
  readonly stateRoot: string
  readonly logsBloom: Uint8Array
  /** Position of the leader among all sealers; of rPBFT, {@link sealerList} has only those who work. */
  readonly sealer: number
  readonly sealerList: readonly string[]
  readonly extraData: readonly Uint8Array[]
  readonly gasLimit: bigint
  readonly gasUsed: bigint
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: bigint
  /** Present when signatures, or the full block, were asked for. */
  readonly signatures: readonly BlockSignatureView[] | undefined
}

/** A block with the hashes of its transactions. */
export interface BlockView extends BlockHeaderView {
  readonly transactions: readonly string[]
}

/** A block with its transactions. */
export interface FullBlockView extends BlockHeaderView {
  readonly transactions: readonly MinedTransaction[]
}

export function readHeader(method: string, value: unknown): BlockHeaderView {
  return headerOf(new JsonReader(method, value))
}

export function readBlock(method: string, value: unknown): BlockView {
  const json = new JsonReader(method, value)
  return { ...headerOf(json), transactions: json.list('transactions', readText) }
}

export function readFullBlock(method: string, value: unknown): FullBlockView {
  const json = new JsonReader(method, value)
  return { ...headerOf(json), transactions: json.list('transactions', readMinedTransaction) }
}

function headerOf(json: JsonReader): BlockHeaderView {
  return {
    number: json.number('number'),
    hash: json.text('hash'),
    parentHash: json.text('parentHash'),
    transactionsRoot: json.text('transactionsRoot'),
    receiptsRoot: json.text('receiptsRoot'),
    dbHash: json.text('dbHash'),
    stateRoot: json.text('stateRoot'),
    logsBloom: json.bytes('logsBloom'),
    sealer: json.number('sealer'),
    sealerList: json.list('sealerList', readText),
    extraData: json.list('extraData', readBytes),
    gasLimit: json.bigint('gasLimit'),
    gasUsed: json.bigint('gasUsed'),
    timestamp: json.bigint('timestamp'),
    signatures: json.has('signatureList') ? json.list('signatureList', readSignature) : undefined,
  }
}

function readSignature(method: string, value: unknown): BlockSignatureView {
  const json = new JsonReader(method, value)
  return { index: json.number('index'), signature: json.bytes('signature') }
}

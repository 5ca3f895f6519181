import { equalBytes, fromHex, toHex } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/crypto'
import type { Block, BlockHeader, BlockSignature } from '../block.ts'
import { InvalidBlockError } from '../errors.ts'
import { decodeReceipt, writeReceipt } from './receipt.ts'
import { RlpWriter } from './rlp-writer.ts'
import { decodeList, encodeBytes, encodeInteger, encodeList, type RlpList } from './rlp.ts'
import { decodeTransactionList, encodeTransactionList } from './transaction-list.ts'

const own = new RlpWriter()

/** RLP of the 13 header fields (spec 01 §7.1). Its hash is the block hash. */
export function encodeHeader(header: BlockHeader): Uint8Array {
  own.clear()
  const list = own.beginList()
  own.bytes(header.parentHash)
  own.bytes(header.stateRoot)
  own.bytes(header.transactionsRoot)
  own.bytes(header.receiptsRoot)
  own.bytes(header.dbHash)
  own.bytes(header.logBloom)
  own.integer(header.number)
  own.integer(header.gasLimit)
  own.integer(header.gasUsed)
  own.integer(header.timestamp)
  const extraData = own.beginList()
  for (const one of header.extraData) own.bytes(one)
  own.endList(extraData)
  own.integer(header.sealer)
  const sealers = own.beginList()
  for (const id of header.sealerList) own.bytes(fromHex(id))
  own.endList(sealers)
  own.endList(list)
  return own.take()
}

export function hashHeader(header: BlockHeader, suite: CryptoSuite): Uint8Array {
  return suite.hash(encodeHeader(header))
}

/** Throws `PROTOCOL_INVALID_RLP` or `PROTOCOL_INVALID_BLOCK`. */
export function decodeHeader(list: RlpList): BlockHeader {
  const extraData = list.list(10)
  const sealerList = list.list(12)
  return {
    parentHash: list.fixed(0, 32),
    stateRoot: list.fixed(1, 32),
    transactionsRoot: list.fixed(2, 32),
    receiptsRoot: list.fixed(3, 32),
    dbHash: list.fixed(4, 32),
    logBloom: list.fixed(5, 256),
    number: list.number(6),
    gasLimit: list.bigint(7),
    gasUsed: list.bigint(8),
    timestamp: list.bigint(9),
    extraData: extraData.items.map((_, i) => extraData.bytes(i)),
    sealer: list.bigint(11),
    sealerList: sealerList.items.map((_, i) => toHex(sealerList.fixed(i, 64))),
  }
}

/** Pairs of sealer index and signature (spec 01 §7.2). */
export function encodeSignatures(signatures: readonly BlockSignature[]): Uint8Array {
  return encodeList(
    signatures.map((one) => encodeList([encodeInteger(one.index), encodeBytes(one.signature)])),
  )
}

export function decodeSignatures(list: RlpList): BlockSignature[] {
  return list.items.map((_, i) => {
    const pair = list.list(i)
    return { index: pair.number(0), signature: pair.bytes(1) }
  })
}

/** `[header, transactions, header hash, signatures, receipts]` (spec 01 §7.2). */
export function encodeBlock(block: Block, suite: CryptoSuite): Uint8Array {
  const header = encodeHeader(block.header)
  own.clear()
  const list = own.beginList()
  own.raw(header)
  own.bytes(encodeTransactionList(block.transactions))
  own.bytes(suite.hash(header))
  own.raw(encodeSignatures(block.signatures))
  const receipts = own.beginList()
  for (const receipt of block.receipts) writeReceipt(own, receipt)
  own.endList(receipts)
  own.endList(list)
  return own.take()
}

export interface DecodedBlock {
  readonly block: Block
  readonly hash: Uint8Array
}

/**
 * Reads a whole block and checks that it carries the hash of its header.
 * Throws `PROTOCOL_INVALID_RLP`, `PROTOCOL_INVALID_BLOCK` or `PROTOCOL_INVALID_TRANSACTION`.
 */
export function decodeBlock(bytes: Uint8Array, suite: CryptoSuite): DecodedBlock {
  const list = decodeList(bytes)
  const hash = suite.hash(list.raw(0))
  if (!equalBytes(hash, list.bytes(2))) {
    throw new InvalidBlockError('header hash', 'it is not the hash of the header')
  }
  const receipts = list.list(4)
  const block: Block = {
    header: decodeHeader(list.list(0)),
    transactions: decodeTransactionList(list.bytes(1), suite),
    signatures: decodeSignatures(list.list(3)),
    receipts: receipts.items.map((_, i) => decodeReceipt(receipts.list(i))),
  }
  return { block, hash }
}

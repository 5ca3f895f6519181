/**
 * Blocks as peers send them. Everything in them is a claim, so that lengths are bounded before anything is
 * made of them.
 * @module
 */
import { equalBytes, isBcosError, toHex } from '@bcos-ts/common'
import {
  type CryptoSuite,
  type DecodedBlock,
  decodeHeader,
  decodeList,
  decodeSignatures,
  type HashText,
  InvalidBlockError,
  type RlpList,
  splitTransactionList,
  Transaction,
} from '@bcos-ts/protocol'
import type { SuccessorClaim } from '@bcos-ts/protocol/ports'

const BLOCK_ITEMS = 5
const HEADER_ITEMS = 13
const NUMBER_ITEM = 6
/** Headers and signature lists of thousands of sealers. */
const HEADER_BYTES_MAX = 262_144
const SIGNATURES_BYTES_MAX = 524_288

/**
 * The number in the header of an encoded block, and the hash of that header. Throws `PROTOCOL_INVALID_RLP` or
 * `PROTOCOL_INVALID_BLOCK`.
 */
export function pointOfBlock(
  bytes: Uint8Array,
  { hash }: Pick<CryptoSuite, 'hash'>,
): { readonly number: number; readonly hash: HashText } {
  const list = decodeList(bytes, BLOCK_ITEMS)
  const number = headerOf(list).number(NUMBER_ITEM)
  return { number, hash: toHex(hash(list.raw(0))) }
}

/** What an encoded block says of the one before it; `undefined` when it cannot be read. */
export function successorOf(
  bytes: Uint8Array,
  { hash }: Pick<CryptoSuite, 'hash'>,
): SuccessorClaim | undefined {
  try {
    const list = decodeList(bytes, BLOCK_ITEMS)
    const { number, parentHash } = decodeHeader(headerOf(list))
    const signatures = decodeSignatures(bounded(list, 3, SIGNATURES_BYTES_MAX).list(3))
    return { number, parentHash, hash: hash(list.raw(0)), signatures }
  } catch (error) {
    if (!isBcosError(error)) throw error
    return undefined
  }
}

/**
 * Header, transactions and signatures of an encoded block that carries the hash of its header. Its receipts
 * are not read: execution makes them anew. Throws `PROTOCOL_INVALID_RLP`, `PROTOCOL_INVALID_BLOCK` or
 * `PROTOCOL_INVALID_TRANSACTION`.
 */
export function readSyncedBlock(
  bytes: Uint8Array,
  { suite, transactionsMax }: { readonly suite: CryptoSuite; readonly transactionsMax: number },
): DecodedBlock {
  const list = decodeList(bytes, BLOCK_ITEMS)
  const header = decodeHeader(headerOf(list))
  const hash = suite.hash(list.raw(0))
  if (!equalBytes(hash, list.bytes(2))) {
    throw new InvalidBlockError('header hash', 'it is not the hash of the header')
  }
  const signatures = decodeSignatures(bounded(list, 3, SIGNATURES_BYTES_MAX).list(3))
  const raws = splitTransactionList(list.bytes(1), transactionsMax)
  const transactions = raws.map((raw) => new Transaction(raw, suite))
  return { block: { header, transactions, receipts: [], signatures }, hash }
}

function headerOf(list: RlpList): RlpList {
  return bounded(list, 0, HEADER_BYTES_MAX).list(0, HEADER_ITEMS)
}

function bounded(list: RlpList, index: number, bytesMax: number): RlpList {
  const { length } = list.raw(index)
  if (length > bytesMax) {
    throw new InvalidBlockError(`item ${index}`, `${length} bytes, ${bytesMax} allowed`)
  }
  return list
}

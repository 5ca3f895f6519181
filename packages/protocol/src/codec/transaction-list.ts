/**
 * The container of raw transactions in blocks and packets (spec 01 §7.3): little-endian count and offsets,
 * then the transactions side by side. No transaction is the empty string.
 * @module
 */
import { EMPTY_BYTES } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/crypto'
import { InvalidBlockError } from '../errors.ts'
import { Transaction } from '../transaction.ts'

const WORD = 4
/** Where the caller knows no smaller bound: each entry costs its sender five bytes, but us an object. */
const COUNT_MAX = 1_048_576

export function encodeTransactionList(
  transactions: readonly { readonly raw: Uint8Array }[],
): Uint8Array {
  if (transactions.length === 0) return EMPTY_BYTES
  let length = 0
  for (const { raw } of transactions) length += raw.length
  const start = WORD * (transactions.length + 2)
  const bytes = new Uint8Array(start + length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, transactions.length, true)
  let offset = 0
  for (const [index, { raw }] of transactions.entries()) {
    bytes.set(raw, start + offset)
    offset += raw.length
    view.setUint32(WORD * (index + 2), offset, true)
  }
  return bytes
}

/** How many transactions a container says it holds; 0 for what is too short to say so. */
export function countTransactionList(bytes: Uint8Array): number {
  if (bytes.length < WORD) return 0
  return new DataView(bytes.buffer, bytes.byteOffset, WORD).getUint32(0, true)
}

/** Where each transaction lies; at most `countMax` of them. Throws {@link InvalidBlockError}. */
export function splitTransactionList(
  bytes: Uint8Array,
  countMax: number = COUNT_MAX,
): Uint8Array[] {
  if (bytes.length === 0) return []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const count = countTransactionList(bytes)
  const start = WORD * (count + 2)
  if (count === 0 || start > bytes.length) {
    throw new InvalidBlockError('transactions', `${count} transactions in ${bytes.length} bytes`)
  }
  if (count > countMax) {
    throw new InvalidBlockError('transactions', `${count} transactions, ${countMax} allowed`)
  }
  const parts: Uint8Array[] = []
  let from = view.getUint32(WORD, true)
  for (let i = 0; i < count; i++) {
    const to = view.getUint32(WORD * (i + 2), true)
    if (to <= from || start + to > bytes.length) {
      throw new InvalidBlockError(
        'transactions',
        `offset ${to} of transaction ${i} is out of range`,
      )
    }
    parts.push(bytes.subarray(start + from, start + to))
    from = to
  }
  return parts
}

export function decodeTransactionList(bytes: Uint8Array, suite: CryptoSuite): Transaction[] {
  return splitTransactionList(bytes).map((raw) => new Transaction(raw, suite))
}

import { toHex } from '@bcos-ts/common'
import { type Block, type CryptoSuite, encodeReceipt, merkleProof } from '@bcos-ts/protocol'
import type { JsonValue } from '../json.ts'

/** Hashes of the receipts of blocks that were asked for; a block with many submitters is hashed once. */
const receiptHashes = new WeakMap<Block, readonly Uint8Array[]>()

function receiptHashesOf(block: Block, suite: CryptoSuite): readonly Uint8Array[] {
  const known = receiptHashes.get(block)
  if (known !== undefined) return known
  const hashes = block.receipts.map((receipt) => suite.hash(encodeReceipt(receipt)))
  receiptHashes.set(block, hashes)
  return hashes
}

function proofView(hashes: readonly Uint8Array[], index: number, suite: CryptoSuite): JsonValue {
  return merkleProof(hashes, index, suite).map(({ left, right }) => ({
    left: left.map(toHex),
    right: right.map(toHex),
  }))
}

/** Proof of a transaction against the transactions root of its block (spec 02 §14.7). */
export function transactionProof(block: Block, index: number, suite: CryptoSuite): JsonValue {
  const hashes = block.transactions.map((one) => one.hash)
  return proofView(hashes, index, suite)
}

/** Proof of a receipt against the receipts root of its block. */
export function receiptProof(block: Block, index: number, suite: CryptoSuite): JsonValue {
  return proofView(receiptHashesOf(block, suite), index, suite)
}

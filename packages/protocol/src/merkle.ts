/**
 * The 16-ary hash tree over transactions and receipts, and its proofs (spec 01 §6).
 * @module
 */
import { concatBytes, EMPTY_BYTES, equalBytes } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/crypto'
import { RlpWriter } from './codec/rlp-writer.ts'

const WIDTH = 16

/** The siblings left and right of a node, from the leaf upward; the last level is always empty. */
export interface MerkleLevel {
  readonly left: readonly Uint8Array[]
  readonly right: readonly Uint8Array[]
}

const writer = new RlpWriter()

/** `rlp(index) || hash`: leaves are not hashed by themselves. */
export function merkleLeaf(index: number, hash: Uint8Array): Uint8Array {
  writer.integer(index)
  writer.raw(hash)
  return writer.take()
}

function parents(level: readonly Uint8Array[], suite: CryptoSuite): Uint8Array[] {
  const next: Uint8Array[] = []
  for (let at = 0; at < level.length; at += WIDTH) {
    const end = Math.min(level.length, at + WIDTH)
    for (let i = at; i < end; i++) writer.raw(level[i] ?? EMPTY_BYTES)
    next.push(writer.lend(suite.hash))
  }
  return next
}

/** Root over the hashes of a block's transactions or receipts, in order. */
export function merkleRoot(hashes: readonly Uint8Array[], suite: CryptoSuite): Uint8Array {
  let level = hashes.map((hash, index) => merkleLeaf(index, hash))
  while (level.length > 1) level = parents(level, suite)
  return suite.hash(level[0] ?? EMPTY_BYTES)
}

/** Proof that the hash at `index` is under the root. Throws a RangeError when there is no such index. */
export function merkleProof(
  hashes: readonly Uint8Array[],
  index: number,
  suite: CryptoSuite,
): MerkleLevel[] {
  if (index < 0 || index >= hashes.length) throw new RangeError(`no leaf ${index}`)
  const proof: MerkleLevel[] = []
  let at = index
  let level = hashes.map((hash, i) => merkleLeaf(i, hash))
  while (level.length > 1) {
    const start = at - (at % WIDTH)
    proof.push({ left: level.slice(start, at), right: level.slice(at + 1, start + WIDTH) })
    level = parents(level, suite)
    at = start / WIDTH
  }
  proof.push({ left: [], right: [] })
  return proof
}

export interface MerkleClaim {
  readonly index: number
  readonly hash: Uint8Array
  readonly proof: readonly MerkleLevel[]
  readonly root: Uint8Array
}

export function verifyMerkleProof(claim: MerkleClaim, suite: CryptoSuite): boolean {
  let current = merkleLeaf(claim.index, claim.hash)
  for (const { left, right } of claim.proof) {
    current = suite.hash(concatBytes(...left, current, ...right))
  }
  return equalBytes(current, claim.root)
}

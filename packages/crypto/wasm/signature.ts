/**
 * Signatures of ECDSA that wait to be judged: digests (32 bytes each), signatures r, s, v (65), public keys (64) and a byte
 * for the answer, 256 of each.
 */
import { ORDER, PRIME } from './curve'
import { scalarReduce, wordsAdd, wordsAreLess, wordsAreWithin, wordsFromBytes } from './words'

const HASHES: usize = memory.data(256 * 32)
const SIGNATURES: usize = memory.data(256 * 65)
export const KEYS: usize = memory.data(256 * 64)
export const STATUS: usize = memory.data(256)
export const BAD: u8 = 0
export const GOOD: u8 = 1

/** r and s of the signatures, as words. */
export const R: usize = memory.data(256 * 32)
export const S: usize = memory.data(256 * 32)
/** x of the nonce's point of the signature read last. */
export const X: usize = memory.data(32)
/** The digest read last, modulo n. */
export const E: usize = memory.data(32)

export function digestsAt(): usize {
  return HASHES
}

export function signaturesAt(): usize {
  return SIGNATURES
}

export function keysAt(): usize {
  return KEYS
}

export function statusAt(): usize {
  return STATUS
}

export function vOf(i: i32): u32 {
  return load<u8>(SIGNATURES + i * 65, 64)
}

/** Reads r, s and the x of the nonce's point; whether all are in range. */
export function readSignature(i: i32): bool {
  const signature = SIGNATURES + i * 65
  const r = R + (i << 5)
  wordsFromBytes(r, signature)
  wordsFromBytes(S + (i << 5), signature + 32)
  const v = vOf(i)
  if (v > 3 || !wordsAreWithin(r, ORDER) || !wordsAreWithin(S + (i << 5), ORDER)) return false
  memory.copy(X, r, 32)
  return v < 2 || (wordsAdd(X, X, ORDER) == 0 && wordsAreLess(X, PRIME))
}

export function readDigest(i: i32): void {
  wordsFromBytes(E, HASHES + (i << 5))
  scalarReduce(E, E)
}

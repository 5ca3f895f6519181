import { bigIntToBytes, bytesToBigInt } from '@bcos-ts/common'

/** Of secp256k1, SEC 2 §2.4.1. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/**
 * The other signature of secp256k1 that is good for the same message and key, which anybody can make of the first:
 * `r || n - s || 1 - v`, 65 bytes.
 */
export function mirrored(signature: Uint8Array): Uint8Array {
  const other = signature.slice()
  other.set(bigIntToBytes(ORDER - bytesToBigInt(signature.subarray(32, 64)), 32), 32)
  other[64] = 1 - (signature[64] ?? 0)
  return other
}

/**
 * Keccak-256 with the original padding byte 0x01 (the Keccak submission, not FIPS 202): the hash of the
 * standard suite and of Ethereum.
 * @module
 */
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { CHash } from '@noble/hashes/utils.js'

/**
 * Keccak-256 of a byte string, or `keccak256.create()` for streaming.
 *
 * @example
 * ```ts
 * import { keccak256 } from '@bcos-ts/crypto/keccak256'
 *
 * keccak256(new Uint8Array(0)) // c5d24601 86f7233c …
 * ```
 */
export const keccak256: CHash = keccak_256

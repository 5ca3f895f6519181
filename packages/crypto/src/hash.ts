/**
 * The hashes a chain needs beside its suite: SHA-256 and RIPEMD-160 for contracts and for certificates.
 * @module
 */
import { ripemd160 as nobleRipemd160 } from '@noble/hashes/legacy.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import type { CHash } from '@noble/hashes/utils.js'

/** A hash of a whole message. */
export type HashFunction = (message: Uint8Array) => Uint8Array

/** A hash function with the name of the code that runs it, for the start-up log. */
export interface HashEngine {
  readonly engine: string
  readonly hash: HashFunction
  /** Packed digests of packed messages, for engines where that is faster than one by one. */
  readonly hashMany?: (messages: Uint8Array, lengths: Uint32Array) => Uint8Array
}

/** SHA-256 (FIPS 180-4); `sha256.create()` for streaming. */
export const sha256: CHash = nobleSha256
/** RIPEMD-160 (ISO/IEC 10118-3), which contracts reach at address 3. */
export const ripemd160: CHash = nobleRipemd160

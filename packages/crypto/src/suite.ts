/**
 * The one seam between a chain and its cryptography. Passed to whoever needs it; there is no current suite.
 * @module
 */

import type { ManyAtOnce } from './signature-batch.ts'

export type SuiteName = 'standard' | 'guomi'

/** `secretKey` is 32 bytes big-endian, `publicKey` is X || Y, 64 bytes without the `04` prefix. */
export interface KeyPair {
  readonly secretKey: Uint8Array
  readonly publicKey: Uint8Array
}

/**
 * Hash and signature of a chain: keccak256 with secp256k1 (`standard`), or SM3 with SM2 (`guomi`).
 * All methods are synchronous and total: bad input gives `false` or `undefined`, never an exception,
 * except {@link CryptoSuite.sign} and {@link CryptoSuite.keyPair}, whose secret key must be valid.
 *
 * The suites of this package also answer for many at once ({@link BatchSuite}); a suite of your own need not.
 */
export interface CryptoSuite extends Partial<ManyAtOnce> {
  readonly name: SuiteName
  /** Bytes of a signature in blocks and consensus messages: 65 (r, s, v) or 128 (r, s, public key). */
  readonly signatureBytes: number
  /** The suite hash `H`, 32 bytes (spec 01 §3.1). */
  readonly hash: (message: Uint8Array) => Uint8Array
  /** Public key of a secret key of 32 bytes. Throws `CRYPTO_INVALID_KEY`. */
  keyPair(secretKey: Uint8Array): KeyPair
  /** Signs a digest of 32 bytes. The result has {@link signatureBytes} bytes and low `s` where that exists. */
  sign(digest: Uint8Array, keys: KeyPair): Uint8Array
  /** Whether `signature` over `digest` was made by the owner of `publicKey` (64 bytes). */
  verify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean
  /**
   * The public key that made the signature: recovered (standard), or the carried one after it was verified
   * (guomi). `undefined` when the signature is not good.
   */
  recover(signature: Uint8Array, digest: Uint8Array): Uint8Array | undefined
  /**
   * Whether a signature has the form that one of a transaction must have, before any curve arithmetic: of the two values of
   * s that are good for a message only the lower one, and so on (spec 01 §3.3, §3.4). Every transaction that arrives from
   * outside has to pass; blocks read back from storage are not asked.
   */
  isWellFormed(signature: Uint8Array): boolean
  /** Last 20 bytes of the hash of a public key (spec 01 §3.5). */
  address(publicKey: Uint8Array): Uint8Array
  /** Which engine does what, for the start-up log: `{ secp256k1: 'secp256k1 (native)', … }`. */
  readonly engines: Readonly<Record<string, string>>
}

/** A suite that answers for many at once. */
export type BatchSuite = CryptoSuite & ManyAtOnce

/**
 * Many signatures at a time, in packed buffers: nothing is allocated for a single one, and the buffers may be shared with
 * other threads.
 * @module
 */

/** Signatures over digests, one behind the other. */
export interface SignatureBatch {
  readonly count: number
  /** 32 bytes each. */
  readonly digests: Uint8Array
  /** As the suite has them: 65 bytes (r, s, v) or 128 (r, s, public key) each. */
  readonly signatures: Uint8Array
}

/** Signatures that are said to be of given keys. */
export interface SignedBatch extends SignatureBatch {
  /** X || Y, 64 bytes each. */
  readonly publicKeys: Uint8Array
}

/** Who signed, in the order of the batch. */
export interface Signers {
  /** X || Y, 64 bytes each; zeros where a signature is not good. */
  readonly publicKeys: Uint8Array
  /** 20 bytes each; zeros where a signature is not good. */
  readonly addresses: Uint8Array
  /** 1 where a signature is good, else 0. */
  readonly valid: Uint8Array
}

/** Room for {@link Signers}, which a caller may lay into memory of its own. */
export function roomForSigners(count: number): Signers {
  return {
    publicKeys: new Uint8Array(64 * count),
    addresses: new Uint8Array(20 * count),
    valid: new Uint8Array(count),
  }
}

/** What a suite does for many at once; the answers are those of the single calls. */
export interface ManyAtOnce {
  /**
   * Hashes of messages that stand one behind the other: 32 bytes each.
   * `lengths` are theirs, in order; their sum is the length of `messages`.
   */
  hashMany(messages: Uint8Array, lengths: Uint32Array): Uint8Array
  /** `recover` and `address` of every signature. With `into`, writes there, all bytes of it. */
  recoverMany(batch: SignatureBatch, into?: Signers): Signers
  /** `verify` of every signature: 1 or 0 each. */
  verifyMany(batch: SignedBatch): Uint8Array
}

/** Refuses, with a RangeError, a batch whose buffers are not as long as its count says. */
export function assertBatch(batch: SignatureBatch | SignedBatch, signatureBytes: number): void {
  const { count, digests, signatures } = batch
  const keys = 'publicKeys' in batch ? batch.publicKeys.length : 64 * count
  const isWhole =
    digests.length === 32 * count &&
    signatures.length === signatureBytes * count &&
    keys === 64 * count
  if (!isWhole) throw new RangeError(`the buffers do not hold ${count} signatures each`)
}

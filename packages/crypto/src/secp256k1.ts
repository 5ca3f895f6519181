/**
 * ECDSA with public key recovery on secp256k1 (SEC 2 §2.4.1, RFC 6979), as the standard suite uses it.
 *
 * Signatures have 65 bytes: r (32), s (32), v (1), with v the recovery id.
 * @module
 */
import { bigIntToBytes } from '@bcos-ts/common'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { InvalidDigestError, InvalidKeyError } from './errors.ts'
import type { SignatureBatch, SignedBatch, Signers } from './signature-batch.ts'

export const ECDSA_SIGNATURE_BYTES = 65

const N: bigint = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const ORDER: Uint8Array = /* @__PURE__ */ bigIntToBytes(N, 32)
const HALF_ORDER: Uint8Array = /* @__PURE__ */ bigIntToBytes(N >> 1n, 32)
const ONE: Uint8Array = /* @__PURE__ */ bigIntToBytes(1n, 32)

/** Order of the group of secp256k1. */
export const SECP256K1_ORDER: bigint = N

/** The part of ECDSA that sees no secrets. */
export interface EcdsaVerifier {
  /** Shown in the start-up log: `wasm`. */
  readonly engine: string
  /**
   * X || Y of the signer. Recovery ids up to 3 and high s are accepted (spec 01 §3.3); anything that has no
   * signer, of whatever length, gives `undefined`.
   */
  recover(signature: Uint8Array, digest: Uint8Array): Uint8Array | undefined
  /**
   * The same for a batch, for engines where that is faster than one by one: writes keys, zeros where there is no signer,
   * and 1 or 0 to `valid`.
   */
  recoverMany?(batch: SignatureBatch, signers: Pick<Signers, 'publicKeys' | 'valid'>): void
}

/** Faster answers for signers that come again and again, such as the sealers of a chain. */
export interface EcdsaKnownSigners {
  readonly engine: string
  /** Whether `recover` would give this key; `undefined` when the key is not known, and `recover` has to be asked. */
  verifyKnown(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean | undefined
  /** Counts a good signature of a key; one that signs again and again becomes known. */
  noteSigner(publicKey: Uint8Array): void
}

/** Faster answers for many signatures of which it is told who made them. */
export interface EcdsaBatchVerifier {
  readonly engine: string
  /** Signatures that are judged together, at most. */
  readonly together: number
  /**
   * Writes 0 to `valid` for signatures that cannot be good, whose numbers are out of range or whose keys or nonces are no
   * points, and 1 for the others. Gives true when all others are good: but with a probability of 2^-128 each has been made
   * by its key, as `recover` would say. With `false` each of them has to be judged by itself. Refuses, with a RangeError,
   * more than `together`, and buffers that are not as long as the count says.
   */
  verifyTogether(batch: SignedBatch, valid: Uint8Array): boolean
}

/** What the standard suite asks of an implementation of ECDSA. */
export interface EcdsaEngine extends EcdsaVerifier {
  /** X || Y of a secret key. Throws `CRYPTO_INVALID_KEY` unless it is 32 bytes in [1, n-1]. */
  publicKey(secretKey: Uint8Array): Uint8Array
  /**
   * r || s || v with s at most n/2 and the nonce of RFC 6979. Engines make the same bytes for every digest
   * below the group order.
   * Throws `CRYPTO_INVALID_KEY` or `CRYPTO_INVALID_DIGEST`.
   */
  sign(digest: Uint8Array, secretKey: Uint8Array): Uint8Array
}

/**
 * Whether a signature has the form that transactions must have: 65 bytes, v ≤ 1, 0 < r < n, 0 < s ≤ n/2
 * (spec 01 §3.3). Blocks read back from storage skip this check; recovery alone is more tolerant.
 */
export function isValidEcdsaSignature(signature: Uint8Array): boolean {
  if (signature.length !== ECDSA_SIGNATURE_BYTES || (signature[64] ?? 2) > 1) return false
  const isInRange = compareAt(signature, 0, ONE) >= 0 && compareAt(signature, 0, ORDER) < 0
  return (
    isInRange && compareAt(signature, 32, ONE) >= 0 && compareAt(signature, 32, HALF_ORDER) <= 0
  )
}

/** Compares the 32 bytes from `at` on with `other`, as numbers. Asked for with every transaction: no bigint is made. */
function compareAt(bytes: Uint8Array, at: number, other: Uint8Array): number {
  for (const [i, value] of other.entries()) {
    const difference = (bytes[at + i] ?? 0) - value
    if (difference !== 0) return difference
  }
  return 0
}

/** Refuses what no engine may sign with. Shared, so that every engine fails in the same way. */
export function assertEcdsaSecretKey(secretKey: Uint8Array): void {
  if (secretKey.length !== 32) {
    throw new InvalidKeyError('secp256k1', `a secret key has 32 bytes, got ${secretKey.length}`)
  }
  if (!secp256k1.utils.isValidSecretKey(secretKey)) {
    throw new InvalidKeyError('secp256k1', 'the secret key is zero or not below the group order')
  }
}

export function assertDigest(digest: Uint8Array): void {
  if (digest.length !== 32) throw new InvalidDigestError(digest.length)
}

function recoverPortable(signature: Uint8Array, digest: Uint8Array): Uint8Array | undefined {
  if (signature.length !== ECDSA_SIGNATURE_BYTES || digest.length !== 32) return undefined
  const v = signature[64] ?? 4
  if (v > 3) return undefined
  try {
    return secp256k1.Signature.fromBytes(signature.subarray(0, 64))
      .addRecoveryBit(v)
      .recoverPublicKey(digest)
      .toBytes(false)
      .slice(1)
  } catch {
    // r or s out of range, no point with this x, or the point at infinity: no signer.
    return undefined
  }
}

/** ECDSA in portable code: the reference for other engines, and the fallback where none runs. */
export const portableEcdsa: EcdsaEngine = {
  engine: '@noble/curves',
  publicKey(secretKey) {
    assertEcdsaSecretKey(secretKey)
    return secp256k1.getPublicKey(secretKey, false).slice(1)
  },
  sign(digest, secretKey) {
    assertDigest(digest)
    assertEcdsaSecretKey(secretKey)
    const recovered = secp256k1.sign(digest, secretKey, { prehash: false, format: 'recovered' })
    const signature = new Uint8Array(ECDSA_SIGNATURE_BYTES)
    signature.set(recovered.subarray(1))
    signature[64] = recovered[0] ?? 0
    return signature
  },
  recover: recoverPortable,
}

/** Whether 64 bytes X || Y are a point of secp256k1. */
export function isSecp256k1PublicKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 64) return false
  const encoded = new Uint8Array(65)
  encoded[0] = 4
  encoded.set(publicKey, 1)
  return secp256k1.utils.isValidPublicKey(encoded, false)
}

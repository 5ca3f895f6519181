/**
 * SM2 signatures (GB/T 32918.2-2016) on the recommended curve sm2p256v1 (GB/T 32918.5-2017), with the user
 * id that every BCOS chain uses.
 *
 * Signatures have 64 bytes here: r (32), s (32). Public keys have 64 bytes: X || Y.
 * @module
 */
import { bigIntToBytes, bytesToBigInt, concatBytes, utf8 } from '@bcos-ts/common'
import { invertCt } from '@noble/curves/abstract/modular.js'
import {
  weierstrass,
  type WeierstrassOpts,
  type WeierstrassPoint,
  type WeierstrassPointCons,
} from '@noble/curves/abstract/weierstrass.js'
import { createHmacDrbg } from '@noble/curves/utils.js'
import { hmac } from '@noble/hashes/hmac.js'
import { InvalidKeyError } from './errors.ts'
import type { SignatureBatch } from './signature-batch.ts'
import { sm3 } from './sm3.ts'

/** Constant of all chains and certificates; it cannot be configured (spec 01 §3.4). */
export const SM2_USER_ID = '1234567812345678'
export const SM2_SIGNATURE_BYTES = 64

/** Curve parameters, GB/T 32918.5-2017 §2. */
const CURVE: WeierstrassOpts<bigint> = {
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  h: 1n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
}

const { n: N } = CURVE

/** Order of the group of sm2p256v1. */
export const SM2_ORDER: bigint = N

/** Points of sm2p256v1, for protocols built on the curve (key agreement, encryption). */
export const Sm2Point: WeierstrassPointCons<bigint> = /* @__PURE__ */ weierstrass(CURVE)

/** The part of SM2 that sees no secrets. */
export interface Sm2Verifier {
  /** Shown in the start-up log: `wasm`. */
  readonly engine: string
  /** Total: anything that is not a signature, or not a public key, is `false`. */
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
  /**
   * The same for signatures of 128 bytes, which carry their keys, over digests, for engines where that is faster than one
   * by one: writes 1 or 0 to `valid`.
   */
  verifyMany?(batch: SignatureBatch, valid: Uint8Array): void
}

/** What the guomi suite asks of an implementation of SM2. */
export interface Sm2Engine extends Sm2Verifier {
  /** X || Y of a secret key. Throws `CRYPTO_INVALID_KEY` unless it is 32 bytes in [1, n-2]. */
  publicKey(secretKey: Uint8Array): Uint8Array
  /** r || s over a message of any length. Throws `CRYPTO_INVALID_KEY`. */
  sign(message: Uint8Array, keys: Sm2KeyPair): Uint8Array
}

export interface Sm2KeyPair {
  readonly secretKey: Uint8Array
  readonly publicKey: Uint8Array
}

const Z_HEAD: Uint8Array = /* @__PURE__ */ (() =>
  concatBytes(
    Uint8Array.of(0x00, 0x80), // length of the user id in bits
    utf8(SM2_USER_ID),
    bigIntToBytes(CURVE.a, 32),
    bigIntToBytes(CURVE.b, 32),
    bigIntToBytes(CURVE.Gx, 32),
    bigIntToBytes(CURVE.Gy, 32),
  ))()

/** `Z`, the hash of the signer's identity and public key, which goes before every message (§5.5). */
export function sm2Z(publicKey: Uint8Array): Uint8Array {
  return sm3.create().update(Z_HEAD).update(publicKey).digest()
}

/** Refuses what no engine may sign with. d = n-1 has no inverse of 1 + d (§6.1). */
export function assertSm2SecretKey(secretKey: Uint8Array): void {
  if (secretKey.length !== 32) {
    throw new InvalidKeyError('SM2', `a secret key has 32 bytes, got ${secretKey.length}`)
  }
  const d = bytesToBigInt(secretKey)
  if (d < 1n || d > N - 2n) {
    throw new InvalidKeyError('SM2', 'the secret key is zero or above the group order minus 2')
  }
}

/** The point X || Y, or `undefined` when it is not on the curve. */
export function sm2PointOf(publicKey: Uint8Array): WeierstrassPoint<bigint> | undefined {
  if (publicKey.length !== 64) return undefined
  try {
    const point = Sm2Point.fromAffine({
      x: bytesToBigInt(publicKey.subarray(0, 32)),
      y: bytesToBigInt(publicKey.subarray(32)),
    })
    point.assertValidity()
    return point
  } catch {
    return undefined
  }
}

/** `e`: the digest of Z and the message as an integer (§6.1 A1, A2). */
function digestOf(message: Uint8Array, publicKey: Uint8Array): bigint {
  return bytesToBigInt(sm3.create().update(sm2Z(publicKey)).update(message).digest())
}

const hmacSm3 = (key: Uint8Array, message: Uint8Array): Uint8Array => hmac(sm3, key, message)

/** Signature generation, §6.1, with the nonce of RFC 6979 over HMAC-SM3: no randomness to get wrong. */
function signPortable(message: Uint8Array, keys: Sm2KeyPair): Uint8Array {
  assertSm2SecretKey(keys.secretKey)
  const d = bytesToBigInt(keys.secretKey)
  const e = digestOf(message, keys.publicKey)
  const seed = concatBytes(keys.secretKey, bigIntToBytes(e % N, 32))
  const tryNonce = (candidate: Uint8Array): Uint8Array | undefined => {
    const k = bytesToBigInt(candidate)
    if (k < 1n || k >= N) return undefined
    const r = (e + Sm2Point.BASE.multiply(k).toAffine().x) % N
    if (r === 0n || r + k === N) return undefined
    // The inversion is by exponent: its steps do not depend on the secret key.
    const s = (invertCt(1n + d, N) * ((((k - r * d) % N) + N) % N)) % N
    return s === 0n ? undefined : concatBytes(bigIntToBytes(r, 32), bigIntToBytes(s, 32))
  }
  return createHmacDrbg<Uint8Array>(32, 32, hmacSm3)(seed, tryNonce)
}

/** Signature verification, §7.1. */
function verifyPortable(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (signature.length !== SM2_SIGNATURE_BYTES) return false
  const r = bytesToBigInt(signature.subarray(0, 32))
  const s = bytesToBigInt(signature.subarray(32))
  if (r < 1n || r >= N || s < 1n || s >= N) return false
  const t = (r + s) % N
  if (t === 0n) return false
  const signer = sm2PointOf(publicKey)
  if (signer === undefined) return false
  const point = Sm2Point.BASE.mulAddUnsafe(s, signer, t)
  if (point.is0()) return false
  return (digestOf(message, publicKey) + point.toAffine().x) % N === r
}

/** SM2 in portable code: the reference for other engines, and the fallback where none runs. */
export const portableSm2: Sm2Engine = {
  engine: '@noble/curves',
  publicKey(secretKey) {
    assertSm2SecretKey(secretKey)
    return Sm2Point.BASE.multiply(bytesToBigInt(secretKey)).toBytes(false).slice(1)
  },
  sign: signPortable,
  verify: verifyPortable,
}

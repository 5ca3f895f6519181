/**
 * The verifiable random function by which rPBFT draws its working sealers, and which contracts verify at address
 * 0x5006: over ristretto255 (RFC 9496) with SHA3-512 (spec 04 §7.5, spec 03 §3.13).
 *
 * Public keys are 64 hexadecimal digits, proofs three times as many: gamma, c and s, the scalars in little-endian
 * order. Two forms are in use, which the proof itself tells apart: see {@link VrfForm}.
 * @module
 */
import {
  bigIntToBytes,
  bytesToBigInt,
  concatBytes,
  EMPTY_BYTES,
  fromHex,
  isHex,
  type RandomSource,
  systemRandom,
  toHex,
  utf8,
} from '@bcos-ts/common'
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js'
import { sha3_512 } from '@noble/hashes/sha3.js'
import { keccak256 } from './keccak256.ts'

type Point = InstanceType<typeof ristretto255.Point>

const COFACTOR = 8n

/** A text that contracts hand over: bytes up to the first zero, which must be UTF-8. */
export function vrfText(bytes: Uint8Array): string | undefined {
  const end = bytes.indexOf(0)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      end < 0 ? bytes : bytes.subarray(0, end),
    )
  } catch {
    return undefined
  }
}

function order(): bigint {
  return ristretto255.Point.Fn.ORDER
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytesToBigInt(bytes.toReversed())
}

function scalarToHex(scalar: bigint): string {
  return toHex(bigIntToBytes(scalar, 32).toReversed())
}

/** 256 bits of text without the topmost, as the reference reads a scalar: it need not be below the group order. */
function scalarOf(text: string): bigint | undefined {
  return isHex(text, 32) ? BigInt.asUintN(255, fromLittleEndian(fromHex(text))) : undefined
}

/** The point of its only valid encoding. */
function pointOf(text: string): Point | undefined {
  if (!isHex(text, 32)) return undefined
  try {
    return ristretto255.Point.fromBytes(fromHex(text))
  } catch {
    return undefined
  }
}

function hashToScalar(message: Uint8Array): bigint {
  return fromLittleEndian(sha3_512(message)) % order()
}

function hashToPoint(message: Uint8Array): Point {
  const point = ristretto255_hasher.deriveToCurve?.(sha3_512(message))
  // The hasher of this group always derives; only its general type leaves that open.
  return point ?? ristretto255.Point.ZERO
}

/** a·A + b·B of public values. */
function combine(a: bigint, pointA: Point, b: bigint, pointB: Point): Point {
  const n = order()
  return pointA.multiplyUnsafe(a % n).add(pointB.multiplyUnsafe(b % n))
}

/**
 * - `text`: `gamma|c|s`, and everything is hashed as text with `|` between, in the case it came in. So did the library
 *   that nodes of 2.x were linked with.
 * - `bytes`: 192 digits without separators, hashed as the bytes they stand for. So does the library's later release.
 */
export type VrfForm = 'text' | 'bytes'

interface Proof {
  readonly form: VrfForm
  readonly gamma: string
  readonly c: string
  readonly s: string
}

function readProof(proof: string): Proof | undefined {
  if (isHex(proof, 96)) {
    return {
      form: 'bytes',
      gamma: proof.slice(0, 64),
      c: proof.slice(64, 128),
      s: proof.slice(128),
    }
  }
  const [gamma = '', c = '', s, ...more] = proof.split('|')
  return s === undefined || more.length > 0 ? undefined : { form: 'text', gamma, c, s }
}

/** How a form writes points into what is hashed, and what it puts between the parts. */
const FORMS: Readonly<
  Record<VrfForm, { readonly encode: (hex: string) => Uint8Array; readonly separator: Uint8Array }>
> = {
  text: { encode: utf8, separator: /* @__PURE__ */ Uint8Array.of(0x7c) },
  bytes: { encode: fromHex, separator: EMPTY_BYTES },
}

/** What is hashed to the point h. */
function statement(form: VrfForm, publicKey: string, alpha: string): Uint8Array {
  const { encode, separator } = FORMS[form]
  return concatBytes(encode(publicKey), separator, utf8(alpha))
}

interface Transcript {
  readonly form: VrfForm
  readonly publicKey: string
  readonly alpha: string
  readonly gamma: string
}

/** The challenge c: Fiat-Shamir over the statement, gamma and two commitments. */
function challenge({ form, publicKey, alpha, gamma }: Transcript, u: Point, v: Point): bigint {
  const { encode, separator } = FORMS[form]
  const points = [publicKey, gamma, toHex(u.toBytes()), toHex(v.toBytes())].map((hex) =>
    encode(hex),
  )
  return hashToScalar(concatBytes(statement(form, publicKey, alpha), separator, ...points))
}

/** Public key of a secret text: of a sealer, the 64 lower-case digits of its node key. */
export function vrfPublicKey(secret: string): string {
  return toHex(ristretto255.Point.BASE.multiply(hashToScalar(utf8(secret))).toBytes())
}

/** Whether a text is the public key of somebody. */
export function isVrfPublicKey(publicKey: string): boolean {
  return pointOf(publicKey) !== undefined
}

export interface VrfProveOptions {
  /** @default 'text' */
  readonly form?: VrfForm
  /** @default systemRandom */
  readonly random?: RandomSource
}

/** Proof that {@link vrfProofToHash} is the random value of `alpha` under the key of `secret`. */
export function vrfProve(secret: string, alpha: string, options: VrfProveOptions = {}): string {
  const { form = 'text', random = systemRandom } = options
  const n = order()
  const x = hashToScalar(utf8(secret))
  const publicKey = vrfPublicKey(secret)
  const h = hashToPoint(statement(form, publicKey, alpha))
  const gamma = toHex(h.multiply(x).toBytes())
  // Twice the length of the order: no bias. Zero would give the key away, and never comes.
  const k = fromLittleEndian(random.bytes(64)) % n || 1n
  const u = ristretto255.Point.BASE.multiply(k)
  const c = challenge({ form, publicKey, alpha, gamma }, u, h.multiply(k))
  const s = (((k - c * x) % n) + n) % n
  return [gamma, scalarToHex(c), scalarToHex(s)].join(form === 'text' ? '|' : '')
}

/** Whether a proof of either form is good for `alpha` and the public key. Total: any texts give an answer. */
export function vrfVerify(publicKey: string, alpha: string, proof: string): boolean {
  const parts = readProof(proof)
  const signer = pointOf(publicKey)
  if (parts === undefined || signer === undefined) return false
  const { form, gamma } = parts
  const gammaPoint = pointOf(gamma)
  const c = scalarOf(parts.c)
  const s = scalarOf(parts.s)
  if (gammaPoint === undefined || c === undefined || s === undefined) return false
  const h = hashToPoint(statement(form, publicKey, alpha))
  const u = combine(c, signer, s, ristretto255.Point.BASE)
  const v = combine(c, gammaPoint, s, h)
  return c === challenge({ form, publicKey, alpha, gamma }, u, v)
}

/**
 * The random value of a proof, 32 bytes; keccak256 on guomi chains as well. `undefined` when the proof holds no
 * point. Says nothing of the proof's truth: verify first.
 */
export function vrfProofToHash(proof: string): Uint8Array | undefined {
  const gamma = pointOf(readProof(proof)?.gamma ?? '')
  return gamma && keccak256(gamma.multiplyUnsafe(COFACTOR).toBytes())
}

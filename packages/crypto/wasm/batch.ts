/**
 * Whether many signatures are good, all together: the sum of a_i (u1_i G + u2_i Q_i - R_i) is the point at infinity if they
 * are. With a bad one among them it is so for one choice of its factor a_i at most, of 2^128 (Bellare, Garay, Rabin, "Fast
 * batch verification for modular exponentiation and digital signatures", 1998; the group has prime order).
 *
 * Factors are numbers p + q λ of sixteen random digits each. G and each of the keys are one point however often they come.
 */
import {
  DIGITS,
  FACTORS,
  FACTOR_DIGITS,
  SCALAR_DIGITS,
  setNonce,
  setSigner,
  sumIsInfinite,
} from './batch-sum'
import { GENERATOR, ORDER } from './curve'
import { HALF_1, HALF_2, isNegative1, isNegative2, splitScalar } from './endomorphism'
import { numbersOfDigits, prepareDigits, setHexagon, writeHexagonDigits } from './hexagon'
import { pointOfKey } from './key'
import { pointOfX } from './root'
import { invertScalars } from './scalar-batch'
import { BAD, E, GOOD, KEYS, R, readDigest, readSignature, S, STATUS, vOf, X } from './signature'
import { scalarAdd, scalarEnter, scalarMul, wordsAdd, wordsAreEqual, wordsToBytes } from './words'

/** λ, in the form of Montgomery once prepared. */
const LAMBDA: usize = memory.data<u32>([
  0x1b23bd72, 0xdf02967c, 0x20816678, 0x122e22ea, 0x8812645a, 0xa5261c02, 0xc05c30e0, 0x5363ad4c,
])

/** The generator and the keys of a batch: their bytes' addresses, whether they are points of the curve, their scalars. */
const ADDRESSES: usize = memory.data(257 * 4)
const ARE_POINTS: usize = memory.data(257)
const SCALARS: usize = memory.data(257 * 32)
let signers: i32 = 0
/** The signer of each signature. */
const SIGNER_OF: usize = memory.data(256 * 2)

const GENERATOR_KEY: usize = memory.data(64)
const POINT: usize = memory.data(72)
const FACTOR: usize = memory.data(32)
const TERM: usize = memory.data(32)

/** Has to run once, after scalars are prepared. */
export function prepareBatches(): void {
  prepareDigits()
  scalarEnter(LAMBDA, LAMBDA)
  wordsToBytes(GENERATOR_KEY, GENERATOR)
  wordsToBytes(GENERATOR_KEY + 32, GENERATOR + 32)
}

/** Sixteen bytes for each signature, which whoever made it cannot know: new ones every time. */
export function randomAt(): usize {
  return FACTORS
}

/**
 * Whether all signatures of status 1 are good. Writes the status: 0 where a number is out of range or a point is none of
 * the curve.
 */
export function verifyTogether(count: i32): bool {
  signers = 0
  addSigner(GENERATOR_KEY)
  for (let i = 0; i < count; i++) store<u8>(STATUS + i, readItem(i) ? GOOD : BAD)
  invertScalars(S, STATUS, count)
  for (let i = 0; i < count; i++) {
    if (load<u8>(STATUS + i) == GOOD) addScalars(i)
  }
  for (let i = 0; i < signers; i++) writeDigitsOf(i)
  return sumIsInfinite(count, signers)
}

/** Reads a signature, its key, and the opposite of the nonce's point; whether all are what they should be. */
function readItem(i: i32): bool {
  if (!readSignature(i)) return false
  const signer = signerOf(KEYS + (i << 6))
  store<u16>(SIGNER_OF + (i << 1), signer as u16)
  if (load<u8>(ARE_POINTS + signer) == 0) return false
  if (!pointOfX(POINT, X, (vOf(i) & 1) == 0)) return false
  setNonce(i, POINT)
  return true
}

function signerOf(key: usize): i32 {
  for (let i = 0; i < signers; i++) {
    const other = load<u32>(ADDRESSES + (i << 2)) as usize
    if (load<u64>(other) != load<u64>(key)) continue
    if (wordsAreEqual(other, key) && wordsAreEqual(other + 32, key + 32)) return i
  }
  return addSigner(key)
}

function addSigner(key: usize): i32 {
  const signer = signers++
  const isPoint = pointOfKey(POINT, key)
  store<u32>(ADDRESSES + (signer << 2), key as u32)
  store<u8>(ARE_POINTS + signer, isPoint ? 1 : 0)
  memory.fill(SCALARS + (signer << 5), 0, 32)
  setSigner(signer, POINT)
  return signer
}

/** Adds a / s times e and r to the scalars of generator and key, without a factor of 2^256 that both lack. */
function addScalars(i: i32): void {
  numbersOfDigits(FACTOR, TERM, FACTORS + i * FACTOR_DIGITS)
  makeResidue(FACTOR)
  makeResidue(TERM)
  scalarMul(TERM, TERM, LAMBDA)
  scalarAdd(FACTOR, FACTOR, TERM)
  scalarMul(FACTOR, FACTOR, S + (i << 5))
  readDigest(i)
  scalarMul(TERM, FACTOR, E)
  scalarAdd(SCALARS, SCALARS, TERM)
  const scalar = SCALARS + (load<u16>(SIGNER_OF + (i << 1)) << 5)
  scalarMul(TERM, FACTOR, R + (i << 5))
  scalarAdd(scalar, scalar, TERM)
}

/** Brings a small number with a sign into [0, n). */
function makeResidue(number: usize): void {
  if (load<u32>(number, 28) >> 31 != 0) wordsAdd(number, number, ORDER)
}

function writeDigitsOf(signer: i32): void {
  const scalar = SCALARS + (signer << 5)
  scalarEnter(scalar, scalar)
  splitScalar(scalar)
  setHexagon(HALF_1, isNegative1, HALF_2, isNegative2)
  writeHexagonDigits(DIGITS + signer * SCALAR_DIGITS, SCALAR_DIGITS)
}

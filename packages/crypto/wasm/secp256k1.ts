/**
 * ECDSA on secp256k1: who signed (SEC 1 §4.1.6), and whether a known signer did. Public data only: nothing here runs in
 * constant time.
 *
 * `signature.ts` says where signatures stand and how they are judged; `recover` and `verifyKnown` take up to 32 at a time,
 * `verifyTogether` up to 256.
 */
import { prepareBatches } from './batch'
import {
  addGeneratorStep,
  addKeyStep,
  GENERATOR_DIGITS,
  GENERATOR_WIDTH,
  KEY_POINTS,
  KEY_WIDTH,
} from './comb'
import { prepareGenerator, STEPS } from './comb'
import { feIsZero, feToWords } from './curve'
import { DIGITS, negateDigits, writeDigits, writeScalarDigits } from './digits'
import { HALF_1, HALF_2, isNegative1, isNegative2, mapPoints, splitScalar } from './endomorphism'
import { pointOfKey } from './key'
import { COMB, findKnown, isFrequent, makeKnown, noteSigner } from './known-keys'
import { AFFINE, FE, JACOBIAN } from './limbs'
import {
  addDigit,
  beginSum,
  doublePoint,
  oddMultiples,
  setCareful,
  sumIsEmpty,
  toAffine,
} from './point'
import { pointOfX } from './root'
import { invertScalars } from './scalar-batch'
import { BAD, E, GOOD, KEYS, R, readDigest, readSignature, S, STATUS, vOf, X } from './signature'
import { prepareScalars, scalarMul, scalarNegate, wordsAreEqual, wordsToBytes } from './words'

export { randomAt, verifyTogether } from './batch'
export { digestsAt, keysAt, signaturesAt, statusAt } from './signature'

/** The signer has no comb: recover instead. */
const UNKNOWN: u8 = 2

/** Places of the digits of a half scalar. */
const HALF_PLACES: i32 = 130

const INVERSES: usize = memory.data(32 * 32)
const U1: usize = memory.data(32)
const U2: usize = memory.data(32)
const WORDS_OF_X: usize = memory.data(32)
const WORDS_OF_Y: usize = memory.data(32)

const NONCE_POINT: usize = memory.data(72)
const MULTIPLES: usize = memory.data(32 * 8 * 108)
const TABLES: usize = memory.data(32 * 8 * 72)
const MAPPED: usize = memory.data(8 * 72)
const DIGITS_1: usize = memory.data(DIGITS as i32)
const DIGITS_2: usize = memory.data(DIGITS as i32)
const SUMS: usize = memory.data(32 * 108)
const SIGNERS: usize = memory.data(32 * 72)

/** Has to be called once. */
export function prepare(): void {
  prepareScalars()
  prepareGenerator()
  prepareBatches()
}

/** Writes the keys of the signers; status 1 where there is one. */
export function recover(count: i32): void {
  let chosen = 0
  for (let i = 0; i < count; i++) {
    const hasPoint = readSignature(i) && pointOfX(NONCE_POINT, X, (vOf(i) & 1) != 0)
    store<u8>(STATUS + i, hasPoint ? GOOD : BAD)
    if (!hasPoint) continue
    memory.copy(INVERSES + (i << 5), R + (i << 5), 32)
    oddMultiples(MULTIPLES + chosen * KEY_POINTS * JACOBIAN, NONCE_POINT, KEY_POINTS)
    chosen++
  }
  invertScalars(INVERSES, STATUS, count)
  toAffine(TABLES, MULTIPLES, chosen * KEY_POINTS)
  let table = TABLES
  let sum = SUMS
  for (let i = 0; i < count; i++) {
    if (load<u8>(STATUS + i) != GOOD) continue
    if (sumForRecovery(sum, table, i)) sum += JACOBIAN
    else store<u8>(STATUS + i, BAD)
    table += KEY_POINTS * AFFINE
  }
  toAffine(SIGNERS, SUMS, ((sum - SUMS) / JACOBIAN) as i32)
  writeSigners(count)
}

/**
 * Whether the owners of the keys signed: 1 or 0, and 2 where the key has no comb yet. Count what was recovered instead with
 * `note`.
 */
export function verifyKnown(count: i32): void {
  for (let i = 0; i < count; i++) {
    store<u8>(STATUS + i, BAD)
    if (!readSignature(i)) continue
    store<u8>(STATUS + i, GOOD)
    memory.copy(INVERSES + (i << 5), S + (i << 5), 32)
  }
  invertScalars(INVERSES, STATUS, count)
  for (let i = 0; i < count; i++) {
    if (load<u8>(STATUS + i) == GOOD) store<u8>(STATUS + i, verifyOne(i))
  }
}

/** Counts a good signature of the first key, and gives it a comb in time when it is a point of the curve. */
export function note(): void {
  if (findKnown(KEYS) != 0) return
  if (!isFrequent(KEYS)) {
    noteSigner(KEYS)
    return
  }
  if (pointOfKey(NONCE_POINT, KEYS)) makeKnown(KEYS, NONCE_POINT)
}

/** sum = (s R - e G) / r; whether that is a point. */
function sumForRecovery(sum: usize, table: usize, i: i32): bool {
  readDigest(i)
  scalarMul(U1, E, INVERSES + (i << 5))
  scalarNegate(U1, U1)
  scalarMul(U2, S + (i << 5), INVERSES + (i << 5))
  writeScalarDigits(GENERATOR_DIGITS, U1, GENERATOR_WIDTH)
  splitScalar(U2)
  writeDigits(DIGITS_1, HALF_1, KEY_WIDTH, HALF_PLACES)
  writeDigits(DIGITS_2, HALF_2, KEY_WIDTH, HALF_PLACES)
  if (isNegative1) negateDigits(DIGITS_1)
  if (isNegative2) negateDigits(DIGITS_2)
  mapPoints(MAPPED, table, KEY_POINTS)
  addForRecovery(sum, table)
  if (!feIsZero(sum + 2 * FE)) return true
  setCareful(true)
  addForRecovery(sum, table)
  setCareful(false)
  return !sumIsEmpty()
}

function addForRecovery(sum: usize, table: usize): void {
  beginSum()
  for (let place = HALF_PLACES; place >= 0; place--) {
    doublePoint(sum)
    const first = load<i16>(DIGITS_1 + (place << 1)) as i32
    if (first != 0) addDigit(sum, table, first)
    const second = load<i16>(DIGITS_2 + (place << 1)) as i32
    if (second != 0) addDigit(sum, MAPPED, second)
    if (place < STEPS) addGeneratorStep(sum, place)
  }
}

function writeSigners(count: i32): void {
  let signer = SIGNERS
  for (let i = 0; i < count; i++) {
    const key = KEYS + (i << 6)
    if (load<u8>(STATUS + i) != GOOD) {
      memory.fill(key, 0, 64)
      continue
    }
    feToWords(X, signer)
    wordsToBytes(key, X)
    feToWords(X, signer + FE)
    wordsToBytes(key + 32, X)
    signer += AFFINE
  }
}

/** Whether R = (e G + r Q) / s is the point that r and v stand for. */
function verifyOne(i: i32): u8 {
  const known = findKnown(KEYS + (i << 6))
  if (known == 0) return UNKNOWN
  readDigest(i)
  scalarMul(U1, E, INVERSES + (i << 5))
  scalarMul(U2, R + (i << 5), INVERSES + (i << 5))
  writeScalarDigits(GENERATOR_DIGITS, U1, GENERATOR_WIDTH)
  writeScalarDigits(DIGITS_1, U2, KEY_WIDTH)
  addForKnown(known + COMB)
  if (feIsZero(SUMS + 2 * FE)) {
    setCareful(true)
    addForKnown(known + COMB)
    setCareful(false)
    if (sumIsEmpty()) return BAD
  }
  toAffine(SIGNERS, SUMS, 1)
  feToWords(WORDS_OF_X, SIGNERS)
  feToWords(WORDS_OF_Y, SIGNERS + FE)
  readSignature(i)
  const isSameY = (load<u32>(WORDS_OF_Y) & 1) == (vOf(i) & 1)
  return isSameY && wordsAreEqual(WORDS_OF_X, X) ? GOOD : BAD
}

function addForKnown(comb: usize): void {
  beginSum()
  for (let step = STEPS - 1; step >= 0; step--) {
    doublePoint(SUMS)
    addGeneratorStep(SUMS, step)
    addKeyStep(SUMS, comb, DIGITS_1, step)
  }
}

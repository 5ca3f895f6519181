import {
  addGeneratorStep,
  addKeyStep,
  GENERATOR_DIGITS,
  GENERATOR_WIDTH,
  KEY_POINTS,
  KEY_WIDTH,
} from './comb'
import { prepareGenerator, STEPS } from './comb'
/**
 * SM2 signatures (GB/T 32918.2-2016 §7.1). Public data only: nothing here runs in constant time.
 *
 * Up to 32 signatures at a time: digests (32 bytes each) at `digestsAt()`, signatures r, s, public key (128) at
 * `signaturesAt()`, a byte for each at `statusAt()`.
 */
import {
  coefficientB,
  feFromWords,
  feIsZero,
  feMulSub,
  feSqr,
  GENERATOR,
  ORDER,
  PRIME,
} from './curve'
import { DIGITS, writeScalarDigits } from './digits'
import { pointOfKey } from './key'
import { COMB, findKnown, IDENTITY, isFrequent, makeKnown, noteSigner } from './known-keys'
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
import { sm3Finish, sm3Reset, sm3Restore, sm3Save, sm3Update } from './sm3-core'
import {
  prepareScalars,
  scalarAdd,
  scalarReduce,
  scalarSub,
  wordsAdd,
  wordsAreLess,
  wordsAreWithin,
  wordsAreZero,
  wordsFromBytes,
  wordsSub,
  wordsToBytes,
} from './words'

const BAD: u8 = 0
const GOOD: u8 = 1

/** Of the 146 bytes before the key in Z, whole blocks are hashed once. */
const HEAD_BLOCKS: u32 = 128
const HEAD_REST: usize = 18

const HASHES: usize = memory.data(32 * 32)
const SIGNATURES: usize = memory.data(32 * 128)
const STATUS: usize = memory.data(32)

/** Comb of each signer, or 0. */
const COMBS: usize = memory.data(32 * 4)
const R: usize = memory.data(32 * 32)
const S: usize = memory.data(32 * 32)
const T: usize = memory.data(32 * 32)
const E: usize = memory.data(32 * 32)
const X: usize = memory.data(32)
const Y: usize = memory.data(32)

const HEAD: usize = memory.data(152)
const HEAD_STATE: usize = memory.data(32)
const KEY_TEXT: usize = memory.data(96)
const Z_AND_DIGEST: usize = memory.data(72)

const POINT: usize = memory.data(72)
const SIDE: usize = memory.data(36)
const MULTIPLES: usize = memory.data(32 * 8 * 108)
const TABLES: usize = memory.data(32 * 8 * 72)
const KEY_DIGITS: usize = memory.data(DIGITS as i32)
const SUM: usize = memory.data(108)

export function digestsAt(): usize {
  return HASHES
}

export function signaturesAt(): usize {
  return SIGNATURES
}

export function statusAt(): usize {
  return STATUS
}

/** Has to be called once. */
export function prepare(): void {
  prepareScalars()
  prepareGenerator()
  prepareIdentity()
}

/**
 * Writes 1 where the owner of the key signed, else 0. The digests are messages of 32 bytes, or, with `isWhole`, already the
 * digests of Z and a message (§6.1 A2).
 */
export function verify(count: i32, isWhole: bool): void {
  let unknown = 0
  for (let i = 0; i < count; i++) {
    const isReadable = readSignature(i) && readSigner(i)
    store<u8>(STATUS + i, isReadable ? GOOD : BAD)
    if (!isReadable) continue
    readDigest(i, isWhole)
    if (load<u32>(COMBS + (i << 2)) != 0) continue
    oddMultiples(MULTIPLES + unknown * KEY_POINTS * JACOBIAN, POINT, KEY_POINTS)
    unknown++
  }
  toAffine(TABLES, MULTIPLES, unknown * KEY_POINTS)
  let table = TABLES
  for (let i = 0; i < count; i++) {
    if (load<u8>(STATUS + i) != GOOD) continue
    const comb = load<u32>(COMBS + (i << 2))
    const isGood = checkSum(i, comb, table)
    if (comb == 0) table += KEY_POINTS * AFFINE
    if (!isGood) store<u8>(STATUS + i, BAD)
    else if (comb == 0) noteSigner(SIGNATURES + (i << 7) + 64)
  }
}

/** The first 146 bytes of Z (§5.5): length and text of the identity, a, b and the generator. */
function prepareIdentity(): void {
  store<u16>(HEAD, 0x8000)
  store<u64>(HEAD, 0x3837363534333231, 2)
  store<u64>(HEAD, 0x3837363534333231, 10)
  memory.fill(Y, 0, 32)
  store<u32>(Y, 3)
  wordsSub(X, PRIME, Y)
  wordsToBytes(HEAD + 18, X)
  coefficientB(X)
  wordsToBytes(HEAD + 50, X)
  wordsToBytes(HEAD + 82, GENERATOR)
  wordsToBytes(HEAD + 114, GENERATOR + 32)
  sm3Reset()
  sm3Update(HEAD, HEAD_BLOCKS)
  sm3Save(HEAD_STATE)
}

/** Z of a key. */
function writeIdentity(to: usize, key: usize): void {
  memory.copy(KEY_TEXT, HEAD + HEAD_BLOCKS, HEAD_REST)
  memory.copy(KEY_TEXT + HEAD_REST, key, 64)
  sm3Restore(HEAD_STATE, HEAD_BLOCKS)
  sm3Finish(KEY_TEXT, (HEAD_REST + 64) as u32, to)
}

/** Reads r, s and t = r + s; whether all are in range. */
function readSignature(i: i32): bool {
  const at: usize = i << 5
  wordsFromBytes(R + at, SIGNATURES + (i << 7))
  wordsFromBytes(S + at, SIGNATURES + (i << 7) + 32)
  if (!wordsAreWithin(R + at, ORDER) || !wordsAreWithin(S + at, ORDER)) return false
  scalarAdd(T + at, R + at, S + at)
  return !wordsAreZero(T + at)
}

/** Finds or makes the comb of a signer; without one leaves the point. Whether the key is a point. */
function readSigner(i: i32): bool {
  const key = SIGNATURES + (i << 7) + 64
  let known = findKnown(key)
  if (known == 0) {
    if (!pointOfKey(POINT, key)) return false
    if (isFrequent(key)) {
      known = makeKnown(key, POINT)
      writeIdentity(known + IDENTITY, key)
    }
  }
  store<u32>(COMBS + (i << 2), known as u32)
  return true
}

/** e modulo n. */
function readDigest(i: i32, isWhole: bool): void {
  const digest = HASHES + (i << 5)
  const e = E + (i << 5)
  if (isWhole) {
    wordsFromBytes(e, digest)
  } else {
    const known: usize = load<u32>(COMBS + (i << 2))
    if (known != 0) memory.copy(Z_AND_DIGEST, known + IDENTITY, 32)
    else writeIdentity(Z_AND_DIGEST, SIGNATURES + (i << 7) + 64)
    memory.copy(Z_AND_DIGEST + 32, digest, 32)
    sm3Reset()
    sm3Finish(Z_AND_DIGEST, 64, Z_AND_DIGEST)
    wordsFromBytes(e, Z_AND_DIGEST)
  }
  scalarReduce(e, e)
}

/** Whether the x of s G + t P is r - e modulo n. */
function checkSum(i: i32, known: usize, table: usize): bool {
  const at: usize = i << 5
  writeScalarDigits(GENERATOR_DIGITS, S + at, GENERATOR_WIDTH)
  writeScalarDigits(KEY_DIGITS, T + at, KEY_WIDTH)
  add(known, table)
  if (feIsZero(SUM + 2 * FE)) {
    setCareful(true)
    add(known, table)
    setCareful(false)
    if (sumIsEmpty()) return false
  }
  scalarSub(X, R + at, E + at)
  if (isX(X)) return true
  return wordsAdd(X, X, ORDER) == 0 && wordsAreLess(X, PRIME) && isX(X)
}

/** Whether the sum has this x: X = x Z². */
function isX(x: usize): bool {
  feFromWords(POINT, x)
  feSqr(SIDE, SUM + 2 * FE)
  feMulSub(SIDE, SIDE, POINT, SUM)
  return feIsZero(SIDE)
}

function add(known: usize, table: usize): void {
  if (known != 0) addWithComb(known + COMB)
  else addWithTable(table)
}

function addWithComb(comb: usize): void {
  beginSum()
  for (let step = STEPS - 1; step >= 0; step--) {
    doublePoint(SUM)
    addGeneratorStep(SUM, step)
    addKeyStep(SUM, comb, KEY_DIGITS, step)
  }
}

function addWithTable(table: usize): void {
  beginSum()
  for (let place = 255; place >= 0; place--) {
    doublePoint(SUM)
    const digit = load<i16>(KEY_DIGITS + (place << 1)) as i32
    if (digit != 0) addDigit(SUM, table, digit)
    if (place < STEPS) addGeneratorStep(SUM, place)
  }
}

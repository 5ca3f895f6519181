/**
 * Scalars p + q λ as digits in base 16, for sums of many points. As λ² + λ + 1 = 0, such numbers are the integers of
 * Eisenstein, a lattice of triangles in which 1, 1 + λ, λ, -1, -1 - λ, -λ are a sixth of a turn apart. A digit is the smallest
 * number of its class modulo 16, of which there are 256: but for turns, which cost a point nothing, these are 0 and 43 others
 * x + y (1 + λ) with x and y up to 8. So 128 random bits are sixteen additions; two numbers of 64 bits, in signed digits
 * with no more buckets, are 22.
 *
 * Different digits are different numbers modulo n: a difference that is 0 modulo n, but not 0, has a norm p² - p q + q² of n
 * at least, and those of sixteen digits have less than 2^131.
 */
import { wordsSub } from './words'

/** Digits but for their turn and zero, each with a sum of its own. */
export const BUCKETS: i32 = 43
/** The bucket of the digit zero. */
export const NOWHERE: i32 = 0xff
/** Largest x and y. */
export const REACH: i32 = 8
/** No digit is farther from zero: (x² + x y + y²) is at most 16² / 3. */
const NORM_MAX: i32 = 85

/** For each class p + 16 q modulo 16: bucket, sixths of a turn, and the digit's own p and q. */
const CLASSES: usize = memory.data(256 * 4)
/** x and y of the buckets. */
const PLACES: usize = memory.data(43 * 2)
const ZERO: usize = memory.data(32)
const P: usize = memory.data(32)
const Q: usize = memory.data(32)

/** Has to run once, before any digit. */
export function prepareDigits(): void {
  for (let i = 0; i < 256; i++) store<u8>(CLASSES + (i << 2), NOWHERE as u8)
  let bucket = 0
  for (let norm = 1; norm <= NORM_MAX; norm++) {
    for (let y = 0; y <= REACH; y++) {
      for (let x = 1; x <= REACH; x++) {
        if (x * x + x * y + y * y == norm && takeClasses(bucket, x + y, y)) {
          store<u8>(PLACES + (bucket << 1), x as u8)
          store<u8>(PLACES + (bucket << 1), y as u8, 1)
          bucket++
        }
      }
    }
  }
}

/** Gives the classes of p + q λ, turned and turned again, to a bucket; whether they were free. */
function takeClasses(bucket: i32, p: i32, q: i32): bool {
  let isFree = false
  for (let turn = 0; turn < 6; turn++) {
    const at = classAt((p & 15) | ((q & 15) << 4))
    // Of 8 the opposite is in the same class, and keeps it.
    if (load<u8>(at) == (NOWHERE as u8)) {
      isFree = true
      store<u8>(at, bucket as u8)
      store<u8>(at, turn as u8, 1)
      store<i8>(at, p as i8, 2)
      store<i8>(at, q as i8, 3)
    }
    const turned = p - q
    q = p
    p = turned
  }
  return isFree
}

function classAt(digit: i32): usize {
  return CLASSES + (digit << 2)
}

export function bucketOf(digit: i32): i32 {
  return load<u8>(classAt(digit)) as i32
}

/** Sixths of a turn from the bucket's number to the digit. */
export function turnOf(digit: i32): i32 {
  return load<u8>(classAt(digit), 1) as i32
}

export function xOfBucket(bucket: i32): i32 {
  return load<u8>(PLACES + (bucket << 1)) as i32
}

export function yOfBucket(bucket: i32): i32 {
  return load<u8>(PLACES + (bucket << 1), 1) as i32
}

/**
 * Writes the digits of p + q λ, a byte each, lowest first. p and q are given by their sizes, below 2^(4 (count - 1)), and
 * signs.
 */
export function writeHexagonDigits(out: usize, count: i32): void {
  let carryP = 0
  let carryQ = 0
  for (let i = 0; i < count; i++) {
    const p = nibbleOf(P, i) + carryP
    const q = nibbleOf(Q, i) + carryQ
    const digit = (p & 15) | ((q & 15) << 4)
    store<u8>(out + i, digit as u8)
    carryP = (p - load<i8>(classAt(digit), 2)) >> 4
    carryQ = (q - load<i8>(classAt(digit), 3)) >> 4
  }
}

/** What {@link writeHexagonDigits} writes the digits of. */
export function setHexagon(p: usize, isNegativeP: bool, q: usize, isNegativeQ: bool): void {
  wordsSub(P, isNegativeP ? ZERO : p, isNegativeP ? p : ZERO)
  wordsSub(Q, isNegativeQ ? ZERO : q, isNegativeQ ? q : ZERO)
}

function nibbleOf(words: usize, i: i32): i32 {
  return ((load<u8>(words + (i >> 1)) as i32) >> ((i & 1) << 2)) & 15
}

/** Writes p and q of sixteen digits, as words with a sign. */
export function numbersOfDigits(p: usize, q: usize, digits: usize): void {
  writeNumber(p, digits, 2)
  writeNumber(q, digits, 3)
}

function writeNumber(words: usize, digits: usize, part: usize): void {
  const low = numberOf(digits, part)
  const high = numberOf(digits + 8, part) + (low >> 32)
  const sign = high >> 63
  store<u32>(words, low as u32)
  store<i64>(words, high, 4)
  store<u32>(words, sign as u32, 12)
  store<i64>(words, sign, 16)
  store<i64>(words, sign, 24)
}

/** p or q of eight digits. */
function numberOf(digits: usize, part: usize): i64 {
  let sum: i64 = 0
  for (let i: i32 = 7; i >= 0; i--) {
    sum = (sum << 4) + load<i8>(classAt(load<u8>(digits + i) as i32) + part)
  }
  return sum
}

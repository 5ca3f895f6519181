/**
 * Whether the multiples of many points add up to the point at infinity: by buckets (Pippenger 1976), with the digits of
 * `hexagon.ts`. Points of a window go to the bucket of their digit. As buckets are numbers x + y (1 + λ), those with the
 * same x are added, and those with the same y; then those whose x, or y, has a certain bit, so that what is left are as
 * many points for each bit of a scalar as it takes to add them between doublings.
 */
import { feMul } from './curve'
import { BETA } from './endomorphism'
import { BUCKETS, bucketOf, NOWHERE, REACH, turnOf, xOfBucket, yOfBucket } from './hexagon'
import { FE, feCopy, feNegate } from './limbs'
import { addAffine, beginSum, doublePoint, setCareful, sumIsEmpty } from './point'
import { beginSums, copyPoint, setCarefulSums, sumGroups, turnedPoint } from './point-sums'
import { GOOD, STATUS } from './signature'

/** Bytes of a point y, x, β² x, β x. */
const TURNED: usize = 144
/** Digits of a factor, and of a scalar. */
export const FACTOR_DIGITS: i32 = 16
export const SCALAR_DIGITS: i32 = 33

/** Digits of the factors of the nonces' points, and these. */
export const FACTORS: usize = memory.data(256 * 16)
const NONCES: usize = memory.data(256 * 144)
/** Digits of the scalars of the generator and the keys, and these. */
export const DIGITS: usize = memory.data(257 * 33)
const SIGNERS: usize = memory.data(257 * 144)

/** A list's address and length for each bucket of each window, and the lists. */
const GROUPS: usize = memory.data(33 * 43 * 8)
const LISTS: usize = memory.data(4 * (256 * 16 + 257 * 33))
/** For each window the buckets with the same x, and those with the same y: 8 lines each way. */
const LINES: usize = memory.data(33 * 16 * 8)
const LINE_LISTS: usize = memory.data(33 * 16 * 32)
const LINE_ROOM: usize = 32
/** For each window the lines whose x, or y, has a bit. */
const BITS: usize = memory.data(33 * 8 * 8)
const BIT_LISTS: usize = memory.data(33 * 8 * 16)
const BIT_ROOM: usize = 16

const POINT: usize = memory.data(72)
const TOTAL: usize = memory.data(108)

export function setNonce(i: i32, point: usize): void {
  setPoint(NONCES + i * TURNED, point)
}

export function setSigner(i: i32, point: usize): void {
  setPoint(SIGNERS + i * TURNED, point)
}

function setPoint(out: usize, point: usize): void {
  feCopy(out, point + FE)
  feCopy(out + FE, point)
  feMul(out + 3 * FE, point, BETA)
  feMul(out + 2 * FE, out + 3 * FE, BETA)
}

/** Whether `count` nonces' points, those of status 1, and `signers` others add up to infinity. */
export function sumIsInfinite(count: i32, signers: i32): bool {
  if (!fillBits(count, signers)) {
    // Somebody sent equal or opposite points, or keys that are sums of others.
    setCarefulSums(true)
    fillBits(count, signers)
    setCarefulSums(false)
  }
  return totalIsInfinite()
}

/** Makes the sums for each bit of each window; whether that went well. */
function fillBits(count: i32, signers: i32): bool {
  beginSums()
  let list = LISTS
  for (let window = 0; window < SCALAR_DIGITS; window++) {
    list = fillBuckets(window, list, count, signers)
  }
  if (!sumGroups(GROUPS, SCALAR_DIGITS * BUCKETS)) return false
  fillLines()
  if (!sumGroups(LINES, SCALAR_DIGITS * 2 * REACH)) return false
  sortLines()
  return sumGroups(BITS, SCALAR_DIGITS * 8)
}

/** Sorts the points of a window by bucket; where the next list begins. */
function fillBuckets(window: i32, list: usize, count: i32, signers: i32): usize {
  const groups = GROUPS + ((window * BUCKETS) << 3)
  const nonces = window < FACTOR_DIGITS ? count : 0
  memory.fill(groups, 0, (BUCKETS as usize) << 3)
  for (let i = 0; i < nonces; i++) {
    if (load<u8>(STATUS + i) == GOOD) countDigit(groups, digitOfNonce(i, window))
  }
  for (let i = 0; i < signers; i++) countDigit(groups, digitOfSigner(i, window))
  for (let group = groups; group < groups + (BUCKETS << 3); group += 8) {
    store<u32>(group, list as u32)
    list += (load<u32>(group, 4) as usize) << 2
    store<u32>(group, 0, 4)
  }
  for (let i = 0; i < nonces; i++) {
    if (load<u8>(STATUS + i) != GOOD) continue
    addToBucket(groups, digitOfNonce(i, window), NONCES + i * TURNED)
  }
  for (let i = 0; i < signers; i++) {
    addToBucket(groups, digitOfSigner(i, window), SIGNERS + i * TURNED)
  }
  return list
}

function digitOfNonce(i: i32, window: i32): i32 {
  return load<u8>(FACTORS + i * FACTOR_DIGITS + window) as i32
}

function digitOfSigner(i: i32, window: i32): i32 {
  return load<u8>(DIGITS + i * SCALAR_DIGITS + window) as i32
}

function countDigit(groups: usize, digit: i32): void {
  const bucket = bucketOf(digit)
  if (bucket == NOWHERE) return
  const group = groups + (bucket << 3)
  store<u32>(group, load<u32>(group, 4) + 1, 4)
}

function addToBucket(groups: usize, digit: i32, point: usize): void {
  const bucket = bucketOf(digit)
  if (bucket != NOWHERE) append(groups + (bucket << 3), turnedPoint(point, turnOf(digit)))
}

function append(group: usize, point: u32): void {
  const length = load<u32>(group, 4)
  store<u32>((load<u32>(group) as usize) + (length << 2), point)
  store<u32>(group, length + 1, 4)
}

/** Makes `count` empty groups with lists of `room` bytes. */
function emptyGroups(groups: usize, count: i32, lists: usize, room: usize): void {
  for (let i = 0; i < count; i++) {
    store<u32>(groups + (i << 3), (lists + i * room) as u32)
    store<u32>(groups + (i << 3), 0, 4)
  }
}

function fillLines(): void {
  emptyGroups(LINES, SCALAR_DIGITS * 2 * REACH, LINE_LISTS, LINE_ROOM)
  for (let window = 0; window < SCALAR_DIGITS; window++) {
    const lines = LINES + ((window * 2 * REACH) << 3)
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const group = GROUPS + ((window * BUCKETS + bucket) << 3)
      if (load<u32>(group, 4) == 0) continue
      const sum = load<u32>(load<u32>(group) as usize)
      const y = yOfBucket(bucket)
      append(lines + ((xOfBucket(bucket) - 1) << 3), sum)
      if (y != 0) append(lines + ((REACH + y - 1) << 3), sum)
    }
  }
}

function sortLines(): void {
  emptyGroups(BITS, SCALAR_DIGITS * 8, BIT_LISTS, BIT_ROOM)
  for (let i = 0; i < SCALAR_DIGITS * 2; i++) {
    for (let number = 1; number <= REACH; number++) {
      const line = LINES + ((i * REACH + number - 1) << 3)
      if (load<u32>(line, 4) == 0) continue
      const sum = load<u32>(load<u32>(line) as usize)
      for (let bit = 0; bit < 4; bit++) {
        if (((number >> bit) & 1) != 0) append(BITS + ((i * 4 + bit) << 3), sum)
      }
    }
  }
}

/** The sum over all bits, highest first. It is meant to cancel in the end, and made with care. */
function totalIsInfinite(): bool {
  setCareful(true)
  beginSum()
  for (let place = 4 * SCALAR_DIGITS - 1; place >= 0; place--) {
    doublePoint(TOTAL)
    const ofX = BITS + (((place >> 2) * 8 + (place & 3)) << 3)
    addSum(ofX, 0)
    addSum(ofX + (4 << 3), 1)
  }
  setCareful(false)
  return sumIsEmpty()
}

/** Adds the sum of a group, if it has any, turned by as many sixths. */
function addSum(group: usize, turn: i32): void {
  if (load<u32>(group, 4) == 0) return
  copyPoint(POINT, load<u32>(load<u32>(group) as usize))
  if (turn == 1) {
    feMul(POINT, POINT, BETA)
    feMul(POINT, POINT, BETA)
    feNegate(POINT + FE, POINT + FE)
  }
  addAffine(TOTAL, POINT)
}

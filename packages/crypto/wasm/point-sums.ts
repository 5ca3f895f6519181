/**
 * Many sums of points at once, in affine coordinates: each round adds neighbours of every sum in pairs, and all pairs share
 * an inversion (Montgomery's trick), so that an addition takes six multiplications.
 *
 * A point stands as y, x, and for a point of the start β² x and β x behind. A reference to one is the address of y, with the
 * number of the x that counts in the lowest bits, and the sign of y in the top one.
 */
import { feInvert, feIsZero, feMul, feMulSub, feSqr, feSqrSub, ONE } from './curve'
import { FE, feAdd, feAddTwice, feCopy, feNegate, feSub, feTwice } from './limbs'

/** Bytes of a sum. */
const SUM: usize = 72
/** Sums that there is room for: half as many as there are points, buckets and lines in all windows of `batch-sum.ts`. */
const SUMS_MAX: i32 = 8192
/** Pairs that share an inversion, at most. */
const PAIRS_MAX: i32 = 512

const ADDRESS: u32 = 0x7ffffffc
const SIGN: u32 = 0x80000000
/** Beside the address of a sum: both points are the same. */
const DOUBLE: u32 = 1
/** The reference to no point, which is the point at infinity. */
const INFINITY: u32 = 0

const SUMS: usize = memory.data(8192 * 72)
/** References to both points of a pair, and the address of the sum. */
const PAIRS: usize = memory.data(512 * 12)
const PREFIX: usize = memory.data(36 * (512 + 1))
const INVERSE: usize = memory.data(36)
const RUN: usize = memory.data(36)
const RISE: usize = memory.data(36)
const SLOPE: usize = memory.data(36)
const BOTH: usize = memory.data(36)
const SUM_X: usize = memory.data(36)

let nextSum: usize = SUMS
let pairs: i32 = 0
let isCareful = false

/** Forgets all sums. */
export function beginSums(): void {
  nextSum = SUMS
  pairs = 0
}

/** The reference to a point of three x, turned by as many sixths: 1 + λ takes (x, y) to (β² x, -y). */
export function turnedPoint(point: usize, turn: i32): u32 {
  const which = turn > 2 ? turn - 3 : turn
  return (point as u32) | (which as u32) | ((turn as u32) << 31)
}

/** Copies a point that is referred to, as (x, y). */
export function copyPoint(out: usize, point: u32): void {
  feCopy(out, xOf(point))
  if ((point & SIGN) != 0) feNegate(out + FE, yOf(point))
  else feCopy(out + FE, yOf(point))
}

/** Whether additions look for equal and opposite points, which they make nonsense of. */
export function setCarefulSums(careful: bool): void {
  isCareful = careful
}

/**
 * Adds up the points of each of `count` groups, which are a list's address and its length each: the list becomes a
 * reference to the sum and the length 1, or 0 for the point at infinity. Whether that went well; it always does when careful.
 */
export function sumGroups(groups: usize, count: i32): bool {
  const firstOfOwn = nextSum
  const end = groups + (count << 3)
  let isDone = false
  while (!isDone) {
    isDone = true
    for (let group = groups; group < end; group += 8) {
      if (load<u32>(group, 4) < 2) continue
      if (!halveGroup(group, firstOfOwn)) return false
      if (load<u32>(group, 4) > 1) isDone = false
    }
    if (pairs > 0 && !addPairs()) return false
  }
  return true
}

/** Replaces neighbours in a group by their sums; those from `firstOfOwn` on belong to it. Whether all went well so far. */
function halveGroup(group: usize, firstOfOwn: usize): bool {
  const length = load<u32>(group, 4)
  let from = load<u32>(group) as usize
  let to = from
  for (let i: u32 = 1; i < length; i += 2) {
    const sum = addLater(load<u32>(from), load<u32>(from, 4), firstOfOwn)
    from += 8
    if (sum == INFINITY) continue
    store<u32>(to, sum)
    to += 4
    if (pairs == PAIRS_MAX && !addPairs()) return false
  }
  if ((length & 1) != 0) {
    store<u32>(to, load<u32>(from))
    to += 4
  }
  store<u32>(group, ((to - (load<u32>(group) as usize)) >> 2) as u32, 4)
  return true
}

/** Notes a pair; the reference to its sum, which takes the place of a sum that nothing else refers to. */
function addLater(first: u32, second: u32, firstOfOwn: usize): u32 {
  const pair = PAIRS + pairs * 12
  store<u32>(pair, first)
  store<u32>(pair, second, 4)
  let isDouble = false
  if (isCareful) {
    store<u32>(pair, 0, 8)
    writeRun(pair)
    if (feIsZero(RUN)) {
      writeRise(pair)
      if (!feIsZero(RISE)) return INFINITY
      isDouble = true
    }
  }
  let out = yOf(first)
  if (out < firstOfOwn || out >= SUMS + (SUMS_MAX as usize) * SUM) {
    out = nextSum
    nextSum += SUM
  }
  store<u32>(pair, (out as u32) | (isDouble ? DOUBLE : 0), 8)
  pairs++
  // The sum is made for a first point of positive y, and bears its sign.
  return (out as u32) | (first & SIGN)
}

/** Adds all pairs that are noted; whether all could be added. */
function addPairs(): bool {
  const end = PAIRS + pairs * 12
  pairs = 0
  let prefix = PREFIX
  feCopy(prefix, ONE)
  for (let pair = PAIRS; pair < end; pair += 12) {
    writeRun(pair)
    feMul(prefix + FE, prefix, RUN)
    prefix += FE
  }
  feInvert(INVERSE, prefix)
  if (feIsZero(INVERSE)) return false
  for (let pair = end - 12; pair >= PAIRS; pair -= 12) {
    prefix -= FE
    feMul(SLOPE, INVERSE, prefix)
    writeRun(pair)
    feMul(INVERSE, INVERSE, RUN)
    writeRise(pair)
    feMul(SLOPE, SLOPE, RISE)
    const first = load<u32>(pair)
    const x = xOf(first)
    feAdd(BOTH, x, xOf(load<u32>(pair, 4)))
    feSqrSub(SUM_X, SLOPE, BOTH)
    feSub(BOTH, x, SUM_X)
    const out = yOf(load<u32>(pair, 8))
    feMulSub(out, SLOPE, BOTH, yOf(first))
    feCopy(out + FE, SUM_X)
  }
  return true
}

/** The denominator of the slope: x2 - x1, for different signs x1 - x2, and 2 y where the points are the same. */
function writeRun(pair: usize): void {
  const first = load<u32>(pair)
  const second = load<u32>(pair, 4)
  if ((load<u32>(pair, 8) & DOUBLE) != 0) feTwice(RUN, yOf(first))
  else if (((first ^ second) & SIGN) == 0) feSub(RUN, xOf(second), xOf(first))
  else feSub(RUN, xOf(first), xOf(second))
}

/** The numerator: y2 - y1, for different signs y1 + y2, and 3 x² where the points are the same. */
function writeRise(pair: usize): void {
  const first = load<u32>(pair)
  const second = load<u32>(pair, 4)
  if ((load<u32>(pair, 8) & DOUBLE) != 0) {
    feSqr(BOTH, xOf(first))
    feAddTwice(RISE, BOTH, BOTH)
  } else if (((first ^ second) & SIGN) == 0) feSub(RISE, yOf(second), yOf(first))
  else feAdd(RISE, yOf(second), yOf(first))
}

function xOf(point: u32): usize {
  return yOf(point) + FE + ((point & 3) as usize) * FE
}

function yOf(point: u32): usize {
  return (point & ADDRESS) as usize
}

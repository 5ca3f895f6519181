/** Numbers of 256 bits as eight 32-bit words, lowest first, and arithmetic modulo the order of the group. */
import { ORDER } from './curve'
import { inverseOf } from './inverse'

/** Bytes of a number. */
export const WORDS: usize = 32

const ZERO: usize = memory.data(32)
/** 2^512 modulo n: brings a scalar into the form of Montgomery. */
const SQUARE_OF_R: usize = memory.data(32)
const PRODUCT: usize = memory.data(40)
/** -1 / n modulo 2^32. */
let negativeInverse: u32 = 0

/** Has to run once, before anything modulo n. */
export function prepareScalars(): void {
  negativeInverse = -inverseOf(load<u32>(ORDER))
  memory.fill(SQUARE_OF_R, 0, WORDS)
  store<u32>(SQUARE_OF_R, 1)
  for (let i = 0; i < 512; i++) scalarAdd(SQUARE_OF_R, SQUARE_OF_R, SQUARE_OF_R)
}

export function wordsFromBytes(out: usize, from: usize): void {
  for (let i: usize = 0; i < WORDS; i += 4) {
    store<u32>(out + 28 - i, bswap<u32>(load<u32>(from + i)))
  }
}

export function wordsToBytes(to: usize, words: usize): void {
  for (let i: usize = 0; i < WORDS; i += 4) {
    store<u32>(to + 28 - i, bswap<u32>(load<u32>(words + i)))
  }
}

export function wordsAreZero(a: usize): bool {
  return (load<u64>(a) | load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24)) == 0
}

export function wordsAreEqual(a: usize, b: usize): bool {
  let bits: u64 = 0
  for (let i: usize = 0; i < WORDS; i += 8) bits |= load<u64>(a + i) ^ load<u64>(b + i)
  return bits == 0
}

export function wordsAreLess(a: usize, b: usize): bool {
  for (let i: usize = 32; i > 0; i -= 4) {
    const x = load<u32>(a + i - 4)
    const y = load<u32>(b + i - 4)
    if (x != y) return x < y
  }
  return false
}

/** Whether 0 < a < `bound`. */
export function wordsAreWithin(a: usize, bound: usize): bool {
  return !wordsAreZero(a) && wordsAreLess(a, bound)
}

/** out = a + b; the carry. */
export function wordsAdd(out: usize, a: usize, b: usize): u32 {
  let carry: u64 = 0
  for (let i: usize = 0; i < WORDS; i += 4) {
    carry += (load<u32>(a + i) as u64) + load<u32>(b + i)
    store<u32>(out + i, carry as u32)
    carry >>= 32
  }
  return carry as u32
}

/** out = a - b; 1 when that is below zero. */
export function wordsSub(out: usize, a: usize, b: usize): u32 {
  let borrow: i64 = 0
  for (let i: usize = 0; i < WORDS; i += 4) {
    borrow += (load<u32>(a + i) as i64) - (load<u32>(b + i) as i64)
    store<u32>(out + i, borrow as u32)
    borrow >>= 32
  }
  return -borrow as u32
}

/** out = a modulo n, for any a of 256 bits: n is above 2^255. */
export function scalarReduce(out: usize, a: usize): void {
  wordsSub(out, a, wordsAreLess(a, ORDER) ? ZERO : ORDER)
}

/** out = a + b modulo n. */
export function scalarAdd(out: usize, a: usize, b: usize): void {
  const carry = wordsAdd(out, a, b)
  if (carry != 0 || !wordsAreLess(out, ORDER)) wordsSub(out, out, ORDER)
}

/** out = a - b modulo n. */
export function scalarSub(out: usize, a: usize, b: usize): void {
  if (wordsSub(out, a, b) != 0) wordsAdd(out, out, ORDER)
}

/** out = -a modulo n. */
export function scalarNegate(out: usize, a: usize): void {
  scalarSub(out, ZERO, a)
}

/** out = a · b / 2^256 modulo n, for a, b < n. */
export function scalarMul(out: usize, a: usize, b: usize): void {
  memory.fill(PRODUCT, 0, 40)
  for (let i: usize = 0; i < WORDS; i += 4) {
    addTimes(load<u32>(a + i) as u64, b)
    const low: u64 = load<u32>(PRODUCT)
    addTimes((low * negativeInverse) & 0xffffffff, ORDER)
    for (let j: usize = 0; j < 36; j += 4) store<u32>(PRODUCT + j, load<u32>(PRODUCT + j, 4))
    store<u32>(PRODUCT, 0, 36)
  }
  const isOver = load<u32>(PRODUCT, 32) != 0 || !wordsAreLess(PRODUCT, ORDER)
  wordsSub(out, PRODUCT, isOver ? ORDER : ZERO)
}

function addTimes(factor: u64, b: usize): void {
  let carry: u64 = 0
  for (let j: usize = 0; j < WORDS; j += 4) {
    carry += factor * load<u32>(b + j) + load<u32>(PRODUCT + j)
    store<u32>(PRODUCT + j, carry as u32)
    carry >>= 32
  }
  carry += load<u32>(PRODUCT, 32)
  store<u32>(PRODUCT, carry as u32, 32)
  store<u32>(PRODUCT, load<u32>(PRODUCT, 36) + ((carry >> 32) as u32), 36)
}

/** out = a · 2^256 modulo n: with such a factor {@link scalarMul} is a plain product. */
export function scalarEnter(out: usize, a: usize): void {
  scalarMul(out, a, SQUARE_OF_R)
}

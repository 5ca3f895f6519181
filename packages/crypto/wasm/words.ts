/** Numbers of 256 bits as eight 32-bit words, lowest first, and arithmetic modulo the order of the group. */
import { ORDER } from './curve'
import { inverseOf } from './inverse'

/** Bytes of a number. */
export const WORDS: usize = 32
/** The bits of a word. */
const WORD: u64 = 0xffffffff

const ZERO: usize = memory.data(32)
/** 2^512 modulo n: brings a scalar into the form of Montgomery. */
const SQUARE_OF_R: usize = memory.data(32)
const PRODUCT: usize = memory.data(32)
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

/** out = a · b / 2^256 modulo n, for a, b < n: adds multiples of b, and of n so that the lowest word can go. */
export function scalarMul(out: usize, a: usize, b: usize): void {
  const b0: u64 = load<u32>(b, 0)
  const b1: u64 = load<u32>(b, 4)
  const b2: u64 = load<u32>(b, 8)
  const b3: u64 = load<u32>(b, 12)
  const b4: u64 = load<u32>(b, 16)
  const b5: u64 = load<u32>(b, 20)
  const b6: u64 = load<u32>(b, 24)
  const b7: u64 = load<u32>(b, 28)
  let t0: u64 = 0
  let t1: u64 = 0
  let t2: u64 = 0
  let t3: u64 = 0
  let t4: u64 = 0
  let t5: u64 = 0
  let t6: u64 = 0
  let t7: u64 = 0
  let t8: u64 = 0
  for (let i: usize = 0; i < WORDS; i += 4) {
    const x: u64 = load<u32>(a + i)
    let c = x * b0 + t0
    const m: u64 = (c as u32) * negativeInverse
    let d = m * load<u32>(ORDER) + (c & WORD)
    c = (c >> 32) + x * b1 + t1
    d = (d >> 32) + m * load<u32>(ORDER, 4) + (c & WORD)
    t0 = d & WORD
    c = (c >> 32) + x * b2 + t2
    d = (d >> 32) + m * load<u32>(ORDER, 8) + (c & WORD)
    t1 = d & WORD
    c = (c >> 32) + x * b3 + t3
    d = (d >> 32) + m * load<u32>(ORDER, 12) + (c & WORD)
    t2 = d & WORD
    c = (c >> 32) + x * b4 + t4
    d = (d >> 32) + m * load<u32>(ORDER, 16) + (c & WORD)
    t3 = d & WORD
    c = (c >> 32) + x * b5 + t5
    d = (d >> 32) + m * load<u32>(ORDER, 20) + (c & WORD)
    t4 = d & WORD
    c = (c >> 32) + x * b6 + t6
    d = (d >> 32) + m * load<u32>(ORDER, 24) + (c & WORD)
    t5 = d & WORD
    c = (c >> 32) + x * b7 + t7
    d = (d >> 32) + m * load<u32>(ORDER, 28) + (c & WORD)
    t6 = d & WORD
    d = (d >> 32) + (c >> 32) + t8
    t7 = d & WORD
    t8 = d >> 32
  }
  store<u32>(PRODUCT, t0 as u32, 0)
  store<u32>(PRODUCT, t1 as u32, 4)
  store<u32>(PRODUCT, t2 as u32, 8)
  store<u32>(PRODUCT, t3 as u32, 12)
  store<u32>(PRODUCT, t4 as u32, 16)
  store<u32>(PRODUCT, t5 as u32, 20)
  store<u32>(PRODUCT, t6 as u32, 24)
  store<u32>(PRODUCT, t7 as u32, 28)
  if (t8 != 0 || !wordsAreLess(PRODUCT, ORDER)) wordsSub(out, PRODUCT, ORDER)
  else memory.copy(out, PRODUCT, WORDS)
}

/** out = a · 2^256 modulo n: with such a factor {@link scalarMul} is a plain product. */
export function scalarEnter(out: usize, a: usize): void {
  scalarMul(out, a, SQUARE_OF_R)
}

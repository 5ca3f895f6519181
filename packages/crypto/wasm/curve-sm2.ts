import { modInverse } from './inverse'
/**
 * The field of sm2p256v1 (GB/T 32918.5-2017 §2), p = 2^256 - 2^224 - 2^96 + 2^64 - 1, in the form of Montgomery with
 * R = 2^261: p = -1 modulo 2^64, so that a step of the reduction takes shifts only.
 *
 * An element is nine limbs of 29 bits, 32-bit words in memory, lowest first, with a sign each: a sum of products of nine
 * limbs, of a difference with a difference or of a sum of three with one, fits 64 bits. What multiplication stores is
 * carried: limbs in [0, 2^29] and a small top; sums and differences are not, and may be used once in a product.
 */
import { feAdd, feScale, feSub, LIMB, NORMAL, carryNormal, packLimbs, spreadWords } from './limbs'

/** p, as 32-bit words. */
export const PRIME: usize = memory.data<u32>([
  0xffffffff, 0xffffffff, 0x00000000, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xfffffffe,
])
/** n, the order of the group. */
export const ORDER: usize = memory.data<u32>([
  0x39d54123, 0x53bbf409, 0x21c6052b, 0x7203df6b, 0xffffffff, 0xffffffff, 0xffffffff, 0xfffffffe,
])
/** The generator. */
export const GENERATOR: usize = memory.data<u32>([
  0x334c74c7, 0x715a4589, 0xf2660be1, 0x8fe30bbf, 0x6a39c994, 0x5f990446, 0x1f198119, 0x32c4ae2c,
  0x2139f0a0, 0x02df32e5, 0xc62a4740, 0xd0a9877c, 0x6b692153, 0x59bdcee3, 0xf4f6779c, 0xbc3736a2,
])
const PRIME_LIMBS: usize = memory.data<u32>([
  0x1fffffff, 0x1fffffff, 0x0000003f, 0x1ffffe00, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fdfffff,
  0x00ffffff,
])
/** 1, that is R. */
export const ONE: usize = memory.data<u32>([
  0x00000020, 0x00000000, 0x1ffff800, 0x00003fff, 0x00000000, 0x00000000, 0x00000000, 0x04000000,
  0x00000000,
])
const SQUARE_OF_R: usize = memory.data<u32>([
  0x00000c00, 0x00004000, 0x1fff0000, 0x0017ffff, 0x00400000, 0x02000000, 0x00000000, 0x00000001,
  0x00000010,
])
/** b of y² = x³ - 3 x + b. */
const B: usize = memory.data<u32>([
  0x181ba844, 0x1230632b, 0x09bd5b86, 0x0de6c26d, 0x1878e39e, 0x1505ea51, 0x04293cc0, 0x0368838b,
  0x0081fc31,
])
/** 1 outside of Montgomery's form: multiplication with it leaves that form. */
const UNIT: usize = memory.data<u32>([1, 0, 0, 0, 0, 0, 0, 0, 0])
const WORDS: usize = memory.data(32)
const PLAIN: usize = memory.data(36)
const FIRST: usize = memory.data(36)
const SECOND: usize = memory.data(36)

/** Brings the limbs at `NORMAL` into [0, 2^256). */
function normalize(): void {
  fold(carryNormal())
  fold(carryNormal())
  carryNormal()
}

/** Adds `times` · 2^256, which is 2^224 + 2^96 - 2^64 + 1. */
function fold(times: i64): void {
  store<i64>(NORMAL, load<i64>(NORMAL) + times)
  store<i64>(NORMAL, load<i64>(NORMAL, 16) - (times << 6), 16)
  store<i64>(NORMAL, load<i64>(NORMAL, 24) + (times << 9), 24)
  store<i64>(NORMAL, load<i64>(NORMAL, 56) + (times << 21), 56)
}

/** Takes p away when what stands at `NORMAL` is not less. */
function reduceOnce(): void {
  fold(1)
  if (carryNormal() != 0) return
  fold(-1)
  carryNormal()
}

export function feToWords(words: usize, a: usize): void {
  feMul(PLAIN, a, UNIT)
  spreadNormal(PLAIN)
  normalize()
  reduceOnce()
  packLimbs(words)
}

/** `words` below p. */
export function feFromWords(out: usize, words: usize): void {
  spreadWords(out, words)
  feMul(out, out, SQUARE_OF_R)
}

export function feIsZero(a: usize): bool {
  feToWords(WORDS, a)
  let bits: u64 = 0
  for (let i: usize = 0; i < 32; i += 8) bits |= load<u64>(WORDS + i)
  return bits == 0
}

function spreadNormal(a: usize): void {
  for (let i: usize = 0; i < 9; i++) store<i64>(NORMAL + (i << 3), i64.load32_s(a + (i << 2)))
}

/** out = 1 / a; zero has no inverse and gives zero. */
export function feInvert(out: usize, a: usize): void {
  feToWords(WORDS, a)
  modInverse(WORDS, WORDS, PRIME)
  feFromWords(out, WORDS)
}

/** out = 3 a / 2, the factor of a doubling. */
export function feHalfThrice(out: usize, a: usize): void {
  feScale(out, a, PRIME_LIMBS)
}

/** The tangent's 3 x² + a z⁴ without its 3: here a = -3. */
export function tangent(out: usize, x: usize, z: usize): void {
  feSqr(FIRST, z)
  feAdd(SECOND, x, FIRST)
  feSub(FIRST, x, FIRST)
  feMul(out, FIRST, SECOND)
}

/** b, as words. */
export function coefficientB(words: usize): void {
  feToWords(words, B)
}

/** out = x³ - 3 x + b */
export function rightSide(out: usize, x: usize): void {
  feSqr(FIRST, x)
  for (let i: usize = 0; i < 36; i += 4) {
    store<i32>(SECOND + i, 3 * load<i32>(x + i) - load<i32>(B + i))
  }
  feMulSub(out, FIRST, x, SECOND)
}

/** out = a · b */
export function feMul(out: usize, a: usize, b: usize): void {
  const a0 = i64.load32_s(a, 0)
  const a1 = i64.load32_s(a, 4)
  const a2 = i64.load32_s(a, 8)
  const a3 = i64.load32_s(a, 12)
  const a4 = i64.load32_s(a, 16)
  const a5 = i64.load32_s(a, 20)
  const a6 = i64.load32_s(a, 24)
  const a7 = i64.load32_s(a, 28)
  const a8 = i64.load32_s(a, 32)
  const b0 = i64.load32_s(b, 0)
  const b1 = i64.load32_s(b, 4)
  const b2 = i64.load32_s(b, 8)
  const b3 = i64.load32_s(b, 12)
  const b4 = i64.load32_s(b, 16)
  const b5 = i64.load32_s(b, 20)
  const b6 = i64.load32_s(b, 24)
  const b7 = i64.load32_s(b, 28)
  const b8 = i64.load32_s(b, 32)
  let sum: i64 = 0
  sum += a0 * b0
  const q0 = sum & LIMB
  sum >>= 29
  sum += a0 * b1 + a1 * b0
  const q1 = sum & LIMB
  sum >>= 29
  sum += a0 * b2 + a1 * b1 + a2 * b0 + (q0 << 6)
  const q2 = sum & LIMB
  sum >>= 29
  sum += a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + (q1 << 6) - (q0 << 9)
  const q3 = sum & LIMB
  sum >>= 29
  sum += a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 + (q2 << 6) - (q1 << 9)
  const q4 = sum & LIMB
  sum >>= 29
  sum += a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 + (q3 << 6) - (q2 << 9)
  const q5 = sum & LIMB
  sum >>= 29
  sum += a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0 + (q4 << 6) - (q3 << 9)
  const q6 = sum & LIMB
  sum >>= 29
  sum +=
    a0 * b7 +
    a1 * b6 +
    a2 * b5 +
    a3 * b4 +
    a4 * b3 +
    a5 * b2 +
    a6 * b1 +
    a7 * b0 +
    (q5 << 6) -
    (q4 << 9) -
    (q0 << 21)
  const q7 = sum & LIMB
  sum >>= 29
  sum +=
    a0 * b8 +
    a1 * b7 +
    a2 * b6 +
    a3 * b5 +
    a4 * b4 +
    a5 * b3 +
    a6 * b2 +
    a7 * b1 +
    a8 * b0 +
    (q6 << 6) -
    (q5 << 9) -
    (q1 << 21) +
    (q0 << 24)
  const q8 = sum & LIMB
  sum >>= 29
  sum +=
    a1 * b8 +
    a2 * b7 +
    a3 * b6 +
    a4 * b5 +
    a5 * b4 +
    a6 * b3 +
    a7 * b2 +
    a8 * b1 +
    (q7 << 6) -
    (q6 << 9) -
    (q2 << 21) +
    (q1 << 24)
  const r0 = sum & LIMB
  sum >>= 29
  sum +=
    a2 * b8 +
    a3 * b7 +
    a4 * b6 +
    a5 * b5 +
    a6 * b4 +
    a7 * b3 +
    a8 * b2 +
    (q8 << 6) -
    (q7 << 9) -
    (q3 << 21) +
    (q2 << 24)
  const r1 = sum & LIMB
  sum >>= 29
  sum +=
    a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3 - (q8 << 9) - (q4 << 21) + (q3 << 24)
  const r2 = sum & LIMB
  sum >>= 29
  sum += a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4 - (q5 << 21) + (q4 << 24)
  const r3 = sum & LIMB
  sum >>= 29
  sum += a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5 - (q6 << 21) + (q5 << 24)
  const r4 = sum & LIMB
  sum >>= 29
  sum += a6 * b8 + a7 * b7 + a8 * b6 - (q7 << 21) + (q6 << 24)
  const r5 = sum & LIMB
  sum >>= 29
  sum += a7 * b8 + a8 * b7 - (q8 << 21) + (q7 << 24)
  const r6 = sum & LIMB
  sum >>= 29
  sum += a8 * b8 + (q8 << 24)
  const r7 = sum & LIMB
  sum >>= 29
  i64.store32(out, r0, 0)
  i64.store32(out, r1, 4)
  i64.store32(out, r2, 8)
  i64.store32(out, r3, 12)
  i64.store32(out, r4, 16)
  i64.store32(out, r5, 20)
  i64.store32(out, r6, 24)
  i64.store32(out, r7, 28)
  i64.store32(out, sum, 32)
}

/** out = a² */
export function feSqr(out: usize, a: usize): void {
  const a0 = i64.load32_s(a, 0)
  const a1 = i64.load32_s(a, 4)
  const a2 = i64.load32_s(a, 8)
  const a3 = i64.load32_s(a, 12)
  const a4 = i64.load32_s(a, 16)
  const a5 = i64.load32_s(a, 20)
  const a6 = i64.load32_s(a, 24)
  const a7 = i64.load32_s(a, 28)
  const a8 = i64.load32_s(a, 32)
  const d0 = a0 << 1
  const d1 = a1 << 1
  const d2 = a2 << 1
  const d3 = a3 << 1
  const d4 = a4 << 1
  const d5 = a5 << 1
  const d6 = a6 << 1
  const d7 = a7 << 1
  let sum: i64 = 0
  sum += a0 * a0
  const q0 = sum & LIMB
  sum >>= 29
  sum += d0 * a1
  const q1 = sum & LIMB
  sum >>= 29
  sum += d0 * a2 + a1 * a1 + (q0 << 6)
  const q2 = sum & LIMB
  sum >>= 29
  sum += d0 * a3 + d1 * a2 + (q1 << 6) - (q0 << 9)
  const q3 = sum & LIMB
  sum >>= 29
  sum += d0 * a4 + d1 * a3 + a2 * a2 + (q2 << 6) - (q1 << 9)
  const q4 = sum & LIMB
  sum >>= 29
  sum += d0 * a5 + d1 * a4 + d2 * a3 + (q3 << 6) - (q2 << 9)
  const q5 = sum & LIMB
  sum >>= 29
  sum += d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3 + (q4 << 6) - (q3 << 9)
  const q6 = sum & LIMB
  sum >>= 29
  sum += d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4 + (q5 << 6) - (q4 << 9) - (q0 << 21)
  const q7 = sum & LIMB
  sum >>= 29
  sum +=
    d0 * a8 +
    d1 * a7 +
    d2 * a6 +
    d3 * a5 +
    a4 * a4 +
    (q6 << 6) -
    (q5 << 9) -
    (q1 << 21) +
    (q0 << 24)
  const q8 = sum & LIMB
  sum >>= 29
  sum += d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5 + (q7 << 6) - (q6 << 9) - (q2 << 21) + (q1 << 24)
  const r0 = sum & LIMB
  sum >>= 29
  sum += d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5 + (q8 << 6) - (q7 << 9) - (q3 << 21) + (q2 << 24)
  const r1 = sum & LIMB
  sum >>= 29
  sum += d3 * a8 + d4 * a7 + d5 * a6 - (q8 << 9) - (q4 << 21) + (q3 << 24)
  const r2 = sum & LIMB
  sum >>= 29
  sum += d4 * a8 + d5 * a7 + a6 * a6 - (q5 << 21) + (q4 << 24)
  const r3 = sum & LIMB
  sum >>= 29
  sum += d5 * a8 + d6 * a7 - (q6 << 21) + (q5 << 24)
  const r4 = sum & LIMB
  sum >>= 29
  sum += d6 * a8 + a7 * a7 - (q7 << 21) + (q6 << 24)
  const r5 = sum & LIMB
  sum >>= 29
  sum += d7 * a8 - (q8 << 21) + (q7 << 24)
  const r6 = sum & LIMB
  sum >>= 29
  sum += a8 * a8 + (q8 << 24)
  const r7 = sum & LIMB
  sum >>= 29
  i64.store32(out, r0, 0)
  i64.store32(out, r1, 4)
  i64.store32(out, r2, 8)
  i64.store32(out, r3, 12)
  i64.store32(out, r4, 16)
  i64.store32(out, r5, 20)
  i64.store32(out, r6, 24)
  i64.store32(out, r7, 28)
  i64.store32(out, sum, 32)
}

/** out = a · b - c */
export function feMulSub(out: usize, a: usize, b: usize, c: usize): void {
  const a0 = i64.load32_s(a, 0)
  const a1 = i64.load32_s(a, 4)
  const a2 = i64.load32_s(a, 8)
  const a3 = i64.load32_s(a, 12)
  const a4 = i64.load32_s(a, 16)
  const a5 = i64.load32_s(a, 20)
  const a6 = i64.load32_s(a, 24)
  const a7 = i64.load32_s(a, 28)
  const a8 = i64.load32_s(a, 32)
  const b0 = i64.load32_s(b, 0)
  const b1 = i64.load32_s(b, 4)
  const b2 = i64.load32_s(b, 8)
  const b3 = i64.load32_s(b, 12)
  const b4 = i64.load32_s(b, 16)
  const b5 = i64.load32_s(b, 20)
  const b6 = i64.load32_s(b, 24)
  const b7 = i64.load32_s(b, 28)
  const b8 = i64.load32_s(b, 32)
  let sum: i64 = 0
  sum += a0 * b0
  const q0 = sum & LIMB
  sum >>= 29
  sum += a0 * b1 + a1 * b0
  const q1 = sum & LIMB
  sum >>= 29
  sum += a0 * b2 + a1 * b1 + a2 * b0 + (q0 << 6)
  const q2 = sum & LIMB
  sum >>= 29
  sum += a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + (q1 << 6) - (q0 << 9)
  const q3 = sum & LIMB
  sum >>= 29
  sum += a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 + (q2 << 6) - (q1 << 9)
  const q4 = sum & LIMB
  sum >>= 29
  sum += a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 + (q3 << 6) - (q2 << 9)
  const q5 = sum & LIMB
  sum >>= 29
  sum += a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0 + (q4 << 6) - (q3 << 9)
  const q6 = sum & LIMB
  sum >>= 29
  sum +=
    a0 * b7 +
    a1 * b6 +
    a2 * b5 +
    a3 * b4 +
    a4 * b3 +
    a5 * b2 +
    a6 * b1 +
    a7 * b0 +
    (q5 << 6) -
    (q4 << 9) -
    (q0 << 21)
  const q7 = sum & LIMB
  sum >>= 29
  sum +=
    a0 * b8 +
    a1 * b7 +
    a2 * b6 +
    a3 * b5 +
    a4 * b4 +
    a5 * b3 +
    a6 * b2 +
    a7 * b1 +
    a8 * b0 +
    (q6 << 6) -
    (q5 << 9) -
    (q1 << 21) +
    (q0 << 24)
  const q8 = sum & LIMB
  sum >>= 29
  sum +=
    a1 * b8 +
    a2 * b7 +
    a3 * b6 +
    a4 * b5 +
    a5 * b4 +
    a6 * b3 +
    a7 * b2 +
    a8 * b1 +
    (q7 << 6) -
    (q6 << 9) -
    (q2 << 21) +
    (q1 << 24) -
    i64.load32_s(c, 0)
  const r0 = sum & LIMB
  sum >>= 29
  sum +=
    a2 * b8 +
    a3 * b7 +
    a4 * b6 +
    a5 * b5 +
    a6 * b4 +
    a7 * b3 +
    a8 * b2 +
    (q8 << 6) -
    (q7 << 9) -
    (q3 << 21) +
    (q2 << 24) -
    i64.load32_s(c, 4)
  const r1 = sum & LIMB
  sum >>= 29
  sum +=
    a3 * b8 +
    a4 * b7 +
    a5 * b6 +
    a6 * b5 +
    a7 * b4 +
    a8 * b3 -
    (q8 << 9) -
    (q4 << 21) +
    (q3 << 24) -
    i64.load32_s(c, 8)
  const r2 = sum & LIMB
  sum >>= 29
  sum +=
    a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4 - (q5 << 21) + (q4 << 24) - i64.load32_s(c, 12)
  const r3 = sum & LIMB
  sum >>= 29
  sum += a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5 - (q6 << 21) + (q5 << 24) - i64.load32_s(c, 16)
  const r4 = sum & LIMB
  sum >>= 29
  sum += a6 * b8 + a7 * b7 + a8 * b6 - (q7 << 21) + (q6 << 24) - i64.load32_s(c, 20)
  const r5 = sum & LIMB
  sum >>= 29
  sum += a7 * b8 + a8 * b7 - (q8 << 21) + (q7 << 24) - i64.load32_s(c, 24)
  const r6 = sum & LIMB
  sum >>= 29
  sum += a8 * b8 + (q8 << 24) - i64.load32_s(c, 28)
  const r7 = sum & LIMB
  sum >>= 29
  i64.store32(out, r0, 0)
  i64.store32(out, r1, 4)
  i64.store32(out, r2, 8)
  i64.store32(out, r3, 12)
  i64.store32(out, r4, 16)
  i64.store32(out, r5, 20)
  i64.store32(out, r6, 24)
  i64.store32(out, r7, 28)
  i64.store32(out, sum - i64.load32_s(c, 32), 32)
}

/** out = a² - c */
export function feSqrSub(out: usize, a: usize, c: usize): void {
  const a0 = i64.load32_s(a, 0)
  const a1 = i64.load32_s(a, 4)
  const a2 = i64.load32_s(a, 8)
  const a3 = i64.load32_s(a, 12)
  const a4 = i64.load32_s(a, 16)
  const a5 = i64.load32_s(a, 20)
  const a6 = i64.load32_s(a, 24)
  const a7 = i64.load32_s(a, 28)
  const a8 = i64.load32_s(a, 32)
  const d0 = a0 << 1
  const d1 = a1 << 1
  const d2 = a2 << 1
  const d3 = a3 << 1
  const d4 = a4 << 1
  const d5 = a5 << 1
  const d6 = a6 << 1
  const d7 = a7 << 1
  let sum: i64 = 0
  sum += a0 * a0
  const q0 = sum & LIMB
  sum >>= 29
  sum += d0 * a1
  const q1 = sum & LIMB
  sum >>= 29
  sum += d0 * a2 + a1 * a1 + (q0 << 6)
  const q2 = sum & LIMB
  sum >>= 29
  sum += d0 * a3 + d1 * a2 + (q1 << 6) - (q0 << 9)
  const q3 = sum & LIMB
  sum >>= 29
  sum += d0 * a4 + d1 * a3 + a2 * a2 + (q2 << 6) - (q1 << 9)
  const q4 = sum & LIMB
  sum >>= 29
  sum += d0 * a5 + d1 * a4 + d2 * a3 + (q3 << 6) - (q2 << 9)
  const q5 = sum & LIMB
  sum >>= 29
  sum += d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3 + (q4 << 6) - (q3 << 9)
  const q6 = sum & LIMB
  sum >>= 29
  sum += d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4 + (q5 << 6) - (q4 << 9) - (q0 << 21)
  const q7 = sum & LIMB
  sum >>= 29
  sum +=
    d0 * a8 +
    d1 * a7 +
    d2 * a6 +
    d3 * a5 +
    a4 * a4 +
    (q6 << 6) -
    (q5 << 9) -
    (q1 << 21) +
    (q0 << 24)
  const q8 = sum & LIMB
  sum >>= 29
  sum +=
    d1 * a8 +
    d2 * a7 +
    d3 * a6 +
    d4 * a5 +
    (q7 << 6) -
    (q6 << 9) -
    (q2 << 21) +
    (q1 << 24) -
    i64.load32_s(c, 0)
  const r0 = sum & LIMB
  sum >>= 29
  sum +=
    d2 * a8 +
    d3 * a7 +
    d4 * a6 +
    a5 * a5 +
    (q8 << 6) -
    (q7 << 9) -
    (q3 << 21) +
    (q2 << 24) -
    i64.load32_s(c, 4)
  const r1 = sum & LIMB
  sum >>= 29
  sum += d3 * a8 + d4 * a7 + d5 * a6 - (q8 << 9) - (q4 << 21) + (q3 << 24) - i64.load32_s(c, 8)
  const r2 = sum & LIMB
  sum >>= 29
  sum += d4 * a8 + d5 * a7 + a6 * a6 - (q5 << 21) + (q4 << 24) - i64.load32_s(c, 12)
  const r3 = sum & LIMB
  sum >>= 29
  sum += d5 * a8 + d6 * a7 - (q6 << 21) + (q5 << 24) - i64.load32_s(c, 16)
  const r4 = sum & LIMB
  sum >>= 29
  sum += d6 * a8 + a7 * a7 - (q7 << 21) + (q6 << 24) - i64.load32_s(c, 20)
  const r5 = sum & LIMB
  sum >>= 29
  sum += d7 * a8 - (q8 << 21) + (q7 << 24) - i64.load32_s(c, 24)
  const r6 = sum & LIMB
  sum >>= 29
  sum += a8 * a8 + (q8 << 24) - i64.load32_s(c, 28)
  const r7 = sum & LIMB
  sum >>= 29
  i64.store32(out, r0, 0)
  i64.store32(out, r1, 4)
  i64.store32(out, r2, 8)
  i64.store32(out, r3, 12)
  i64.store32(out, r4, 16)
  i64.store32(out, r5, 20)
  i64.store32(out, r6, 24)
  i64.store32(out, r7, 28)
  i64.store32(out, sum - i64.load32_s(c, 32), 32)
}

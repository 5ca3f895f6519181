import { modInverse } from './inverse'
/**
 * The field of secp256k1 (SEC 2 §2.4.1), p = 2^256 - 2^32 - 977.
 *
 * An element is nine limbs of 29 bits, 32-bit words in memory, lowest first, with a sign each: a sum of products of nine
 * limbs, of a difference with a difference or of a sum of three with one, fits 64 bits. What multiplication stores is
 * carried: limbs in [0, 2^29] and a small top; sums and differences are not, and may be used once in a product.
 */
import { LIMB, packLimbs, spreadWords, carryNormal, NORMAL, feScale } from './limbs'

/** p, as 32-bit words. */
export const PRIME: usize = memory.data<u32>([
  0xfffffc2f, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
])
/** n, the order of the group. */
export const ORDER: usize = memory.data<u32>([
  0xd0364141, 0xbfd25e8c, 0xaf48a03b, 0xbaaedce6, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff,
])
/** The generator. */
export const GENERATOR: usize = memory.data<u32>([
  0x16f81798, 0x59f2815b, 0x2dce28d9, 0x029bfcdb, 0xce870b07, 0x55a06295, 0xf9dcbbac, 0x79be667e,
  0xfb10d4b8, 0x9c47d08f, 0xa6855419, 0xfd17b448, 0x0e1108a8, 0x5da4fbfc, 0x26a3c465, 0x483ada77,
])
const PRIME_LIMBS: usize = memory.data<u32>([
  0x1ffffc2f, 0x1ffffff7, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff,
  0x00ffffff,
])
export const ONE: usize = memory.data<u32>([1, 0, 0, 0, 0, 0, 0, 0, 0])
const WORDS: usize = memory.data(32)

/** 2^261 = 2^37 + 31264 modulo p: what the limbs from the ninth on become, in limb 0 and as a shift in limb 1. */
const FOLD_0: i64 = 31264
const FOLD_1: i64 = 8

/** Brings the limbs at `NORMAL` into [0, p). */
function normalize(): void {
  fold(carryNormal())
  fold(carryNormal())
  carryNormal()
}

/** Adds `times` · 2^256. */
function fold(times: i64): void {
  store<i64>(NORMAL, load<i64>(NORMAL) + times * 977)
  store<i64>(NORMAL, load<i64>(NORMAL, 8) + (times << 3), 8)
}

/** Takes p away when what stands at `NORMAL` is not less. */
function reduceOnce(): void {
  fold(1)
  if (carryNormal() != 0) return
  fold(-1)
  carryNormal()
}

export function feToWords(words: usize, a: usize): void {
  spreadNormal(a)
  normalize()
  reduceOnce()
  packLimbs(words)
}

/** `words` below p. */
export function feFromWords(out: usize, words: usize): void {
  spreadWords(out, words)
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

/** The tangent's 3 x² + a z⁴ without its 3: here a = 0. */
export function tangent(out: usize, x: usize, _z: usize): void {
  feSqr(out, x)
}

/** out = x³ + 7 */
export function rightSide(out: usize, x: usize): void {
  feSqr(out, x)
  feMul(out, out, x)
  store<u32>(out, load<u32>(out) + 7)
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
  let high: i64 = 0
  let low: i64 = 0
  high += a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1
  const u0 = high & LIMB
  high >>= 29
  low += a0 * b0 + u0 * FOLD_0
  const r0 = low & LIMB
  low >>= 29
  high += a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2
  const u1 = high & LIMB
  high >>= 29
  low += a0 * b1 + a1 * b0 + u1 * FOLD_0 + (u0 << FOLD_1)
  const r1 = low & LIMB
  low >>= 29
  high += a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3
  const u2 = high & LIMB
  high >>= 29
  low += a0 * b2 + a1 * b1 + a2 * b0 + u2 * FOLD_0 + (u1 << FOLD_1)
  const r2 = low & LIMB
  low >>= 29
  high += a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4
  const u3 = high & LIMB
  high >>= 29
  low += a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + u3 * FOLD_0 + (u2 << FOLD_1)
  const r3 = low & LIMB
  low >>= 29
  high += a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5
  const u4 = high & LIMB
  high >>= 29
  low += a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 + u4 * FOLD_0 + (u3 << FOLD_1)
  const r4 = low & LIMB
  low >>= 29
  high += a6 * b8 + a7 * b7 + a8 * b6
  const u5 = high & LIMB
  high >>= 29
  low += a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0 + u5 * FOLD_0 + (u4 << FOLD_1)
  const r5 = low & LIMB
  low >>= 29
  high += a7 * b8 + a8 * b7
  const u6 = high & LIMB
  high >>= 29
  low +=
    a0 * b6 +
    a1 * b5 +
    a2 * b4 +
    a3 * b3 +
    a4 * b2 +
    a5 * b1 +
    a6 * b0 +
    u6 * FOLD_0 +
    (u5 << FOLD_1)
  const r6 = low & LIMB
  low >>= 29
  high += a8 * b8
  const u7 = high & LIMB
  high >>= 29
  low +=
    a0 * b7 +
    a1 * b6 +
    a2 * b5 +
    a3 * b4 +
    a4 * b3 +
    a5 * b2 +
    a6 * b1 +
    a7 * b0 +
    u7 * FOLD_0 +
    (u6 << FOLD_1)
  const r7 = low & LIMB
  low >>= 29
  low +=
    a0 * b8 +
    a1 * b7 +
    a2 * b6 +
    a3 * b5 +
    a4 * b4 +
    a5 * b3 +
    a6 * b2 +
    a7 * b1 +
    a8 * b0 +
    high * FOLD_0 +
    (u7 << FOLD_1)
  const r8 = low & LIMB
  low >>= 29
  low += high << FOLD_1
  high = low
  low = r0 + high * FOLD_0
  i64.store32(out, low & LIMB)
  low = r1 + (high << FOLD_1) + (low >> 29)
  i64.store32(out, low & LIMB, 4)
  i64.store32(out, r2 + (low >> 29), 8)
  i64.store32(out, r3, 12)
  i64.store32(out, r4, 16)
  i64.store32(out, r5, 20)
  i64.store32(out, r6, 24)
  i64.store32(out, r7, 28)
  i64.store32(out, r8, 32)
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
  let high: i64 = 0
  let low: i64 = 0
  high += d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5
  const u0 = high & LIMB
  high >>= 29
  low += a0 * a0 + u0 * FOLD_0
  const r0 = low & LIMB
  low >>= 29
  high += d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5
  const u1 = high & LIMB
  high >>= 29
  low += d0 * a1 + u1 * FOLD_0 + (u0 << FOLD_1)
  const r1 = low & LIMB
  low >>= 29
  high += d3 * a8 + d4 * a7 + d5 * a6
  const u2 = high & LIMB
  high >>= 29
  low += d0 * a2 + a1 * a1 + u2 * FOLD_0 + (u1 << FOLD_1)
  const r2 = low & LIMB
  low >>= 29
  high += d4 * a8 + d5 * a7 + a6 * a6
  const u3 = high & LIMB
  high >>= 29
  low += d0 * a3 + d1 * a2 + u3 * FOLD_0 + (u2 << FOLD_1)
  const r3 = low & LIMB
  low >>= 29
  high += d5 * a8 + d6 * a7
  const u4 = high & LIMB
  high >>= 29
  low += d0 * a4 + d1 * a3 + a2 * a2 + u4 * FOLD_0 + (u3 << FOLD_1)
  const r4 = low & LIMB
  low >>= 29
  high += d6 * a8 + a7 * a7
  const u5 = high & LIMB
  high >>= 29
  low += d0 * a5 + d1 * a4 + d2 * a3 + u5 * FOLD_0 + (u4 << FOLD_1)
  const r5 = low & LIMB
  low >>= 29
  high += d7 * a8
  const u6 = high & LIMB
  high >>= 29
  low += d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3 + u6 * FOLD_0 + (u5 << FOLD_1)
  const r6 = low & LIMB
  low >>= 29
  high += a8 * a8
  const u7 = high & LIMB
  high >>= 29
  low += d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4 + u7 * FOLD_0 + (u6 << FOLD_1)
  const r7 = low & LIMB
  low >>= 29
  low += d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4 + high * FOLD_0 + (u7 << FOLD_1)
  const r8 = low & LIMB
  low >>= 29
  low += high << FOLD_1
  high = low
  low = r0 + high * FOLD_0
  i64.store32(out, low & LIMB)
  low = r1 + (high << FOLD_1) + (low >> 29)
  i64.store32(out, low & LIMB, 4)
  i64.store32(out, r2 + (low >> 29), 8)
  i64.store32(out, r3, 12)
  i64.store32(out, r4, 16)
  i64.store32(out, r5, 20)
  i64.store32(out, r6, 24)
  i64.store32(out, r7, 28)
  i64.store32(out, r8, 32)
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
  let high: i64 = 0
  let low: i64 = 0
  high += a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1
  const u0 = high & LIMB
  high >>= 29
  low += a0 * b0 + u0 * FOLD_0 - i64.load32_s(c, 0)
  const r0 = low & LIMB
  low >>= 29
  high += a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2
  const u1 = high & LIMB
  high >>= 29
  low += a0 * b1 + a1 * b0 + u1 * FOLD_0 + (u0 << FOLD_1) - i64.load32_s(c, 4)
  const r1 = low & LIMB
  low >>= 29
  high += a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3
  const u2 = high & LIMB
  high >>= 29
  low += a0 * b2 + a1 * b1 + a2 * b0 + u2 * FOLD_0 + (u1 << FOLD_1) - i64.load32_s(c, 8)
  const r2 = low & LIMB
  low >>= 29
  high += a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4
  const u3 = high & LIMB
  high >>= 29
  low += a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + u3 * FOLD_0 + (u2 << FOLD_1) - i64.load32_s(c, 12)
  const r3 = low & LIMB
  low >>= 29
  high += a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5
  const u4 = high & LIMB
  high >>= 29
  low +=
    a0 * b4 +
    a1 * b3 +
    a2 * b2 +
    a3 * b1 +
    a4 * b0 +
    u4 * FOLD_0 +
    (u3 << FOLD_1) -
    i64.load32_s(c, 16)
  const r4 = low & LIMB
  low >>= 29
  high += a6 * b8 + a7 * b7 + a8 * b6
  const u5 = high & LIMB
  high >>= 29
  low +=
    a0 * b5 +
    a1 * b4 +
    a2 * b3 +
    a3 * b2 +
    a4 * b1 +
    a5 * b0 +
    u5 * FOLD_0 +
    (u4 << FOLD_1) -
    i64.load32_s(c, 20)
  const r5 = low & LIMB
  low >>= 29
  high += a7 * b8 + a8 * b7
  const u6 = high & LIMB
  high >>= 29
  low +=
    a0 * b6 +
    a1 * b5 +
    a2 * b4 +
    a3 * b3 +
    a4 * b2 +
    a5 * b1 +
    a6 * b0 +
    u6 * FOLD_0 +
    (u5 << FOLD_1) -
    i64.load32_s(c, 24)
  const r6 = low & LIMB
  low >>= 29
  high += a8 * b8
  const u7 = high & LIMB
  high >>= 29
  low +=
    a0 * b7 +
    a1 * b6 +
    a2 * b5 +
    a3 * b4 +
    a4 * b3 +
    a5 * b2 +
    a6 * b1 +
    a7 * b0 +
    u7 * FOLD_0 +
    (u6 << FOLD_1) -
    i64.load32_s(c, 28)
  const r7 = low & LIMB
  low >>= 29
  low +=
    a0 * b8 +
    a1 * b7 +
    a2 * b6 +
    a3 * b5 +
    a4 * b4 +
    a5 * b3 +
    a6 * b2 +
    a7 * b1 +
    a8 * b0 +
    high * FOLD_0 +
    (u7 << FOLD_1) -
    i64.load32_s(c, 32)
  const r8 = low & LIMB
  low >>= 29
  low += high << FOLD_1
  high = low
  low = r0 + high * FOLD_0
  i64.store32(out, low & LIMB)
  low = r1 + (high << FOLD_1) + (low >> 29)
  i64.store32(out, low & LIMB, 4)
  i64.store32(out, r2 + (low >> 29), 8)
  i64.store32(out, r3, 12)
  i64.store32(out, r4, 16)
  i64.store32(out, r5, 20)
  i64.store32(out, r6, 24)
  i64.store32(out, r7, 28)
  i64.store32(out, r8, 32)
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
  let high: i64 = 0
  let low: i64 = 0
  high += d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5
  const u0 = high & LIMB
  high >>= 29
  low += a0 * a0 + u0 * FOLD_0 - i64.load32_s(c, 0)
  const r0 = low & LIMB
  low >>= 29
  high += d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5
  const u1 = high & LIMB
  high >>= 29
  low += d0 * a1 + u1 * FOLD_0 + (u0 << FOLD_1) - i64.load32_s(c, 4)
  const r1 = low & LIMB
  low >>= 29
  high += d3 * a8 + d4 * a7 + d5 * a6
  const u2 = high & LIMB
  high >>= 29
  low += d0 * a2 + a1 * a1 + u2 * FOLD_0 + (u1 << FOLD_1) - i64.load32_s(c, 8)
  const r2 = low & LIMB
  low >>= 29
  high += d4 * a8 + d5 * a7 + a6 * a6
  const u3 = high & LIMB
  high >>= 29
  low += d0 * a3 + d1 * a2 + u3 * FOLD_0 + (u2 << FOLD_1) - i64.load32_s(c, 12)
  const r3 = low & LIMB
  low >>= 29
  high += d5 * a8 + d6 * a7
  const u4 = high & LIMB
  high >>= 29
  low += d0 * a4 + d1 * a3 + a2 * a2 + u4 * FOLD_0 + (u3 << FOLD_1) - i64.load32_s(c, 16)
  const r4 = low & LIMB
  low >>= 29
  high += d6 * a8 + a7 * a7
  const u5 = high & LIMB
  high >>= 29
  low += d0 * a5 + d1 * a4 + d2 * a3 + u5 * FOLD_0 + (u4 << FOLD_1) - i64.load32_s(c, 20)
  const r5 = low & LIMB
  low >>= 29
  high += d7 * a8
  const u6 = high & LIMB
  high >>= 29
  low += d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3 + u6 * FOLD_0 + (u5 << FOLD_1) - i64.load32_s(c, 24)
  const r6 = low & LIMB
  low >>= 29
  high += a8 * a8
  const u7 = high & LIMB
  high >>= 29
  low += d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4 + u7 * FOLD_0 + (u6 << FOLD_1) - i64.load32_s(c, 28)
  const r7 = low & LIMB
  low >>= 29
  low +=
    d0 * a8 +
    d1 * a7 +
    d2 * a6 +
    d3 * a5 +
    a4 * a4 +
    high * FOLD_0 +
    (u7 << FOLD_1) -
    i64.load32_s(c, 32)
  const r8 = low & LIMB
  low >>= 29
  low += high << FOLD_1
  high = low
  low = r0 + high * FOLD_0
  i64.store32(out, low & LIMB)
  low = r1 + (high << FOLD_1) + (low >> 29)
  i64.store32(out, low & LIMB, 4)
  i64.store32(out, r2 + (low >> 29), 8)
  i64.store32(out, r3, 12)
  i64.store32(out, r4, 16)
  i64.store32(out, r5, 20)
  i64.store32(out, r6, 24)
  i64.store32(out, r7, 28)
  i64.store32(out, r8, 32)
}

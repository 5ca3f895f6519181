/**
 * The endomorphism of secp256k1 (Gallant, Lambert, Vanstone 2001): λ · (x, y) = (β x, y). A scalar is split in two of at
 * most 128 bits, k = k1 + k2 λ modulo n, by rounding in the lattice of (a1, -b1) and (a2, a1).
 */
import { feMul } from './curve'
import { AFFINE, FE, feCopy } from './limbs'
import { wordsAdd, wordsSub } from './words'

export const BETA: usize = memory.data<u32>([
  0x119501ee, 0x09cb6143, 0x1d626570, 0x0092ea25, 0x034e99cf, 0x03cf561a, 0x1c41b991, 0x056caf80,
  0x007ae96a,
])
const A1: usize = memory.data<u32>([
  0x9284eb15, 0xe86c90e4, 0xa7d46bcd, 0x3086d221, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
])
const B1: usize = memory.data<u32>([
  0x0abfe4c3, 0x6f547fa9, 0x010e8828, 0xe4437ed6, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
])
const A2: usize = memory.data<u32>([
  0x9d44cfd8, 0x57c1108d, 0xa8e2f3f6, 0x14ca50f7, 0x00000001, 0x00000000, 0x00000000, 0x00000000,
])
/** 2^384 a1 / n and 2^384 b1 / n, rounded. */
const ROUND_1: usize = memory.data<u32>([
  0x45dbb031, 0xe893209a, 0x71e8ca7f, 0x3daa8a14, 0x9284eb15, 0xe86c90e4, 0xa7d46bcd, 0x3086d221,
])
const ROUND_2: usize = memory.data<u32>([
  0x8ac47f71, 0x1571b4ae, 0x9df506c6, 0x221208ac, 0x0abfe4c4, 0x6f547fa9, 0x010e8828, 0xe4437ed6,
])
const ZERO: usize = memory.data(32)
const PRODUCT: usize = memory.data(64)
const C1: usize = memory.data(32)
const C2: usize = memory.data(32)
const TERM: usize = memory.data(32)

/** The sizes of both halves of the scalar split last, and whether they are negative. */
export const HALF_1: usize = memory.data(32)
export const HALF_2: usize = memory.data(32)
export let isNegative1: bool = false
export let isNegative2: bool = false

export function splitScalar(k: usize): void {
  roundedShare(C1, k, ROUND_1)
  roundedShare(C2, k, ROUND_2)
  multiply(C1, A1)
  wordsSub(HALF_1, k, PRODUCT)
  multiply(C2, A2)
  wordsSub(HALF_1, HALF_1, PRODUCT)
  multiply(C1, B1)
  memory.copy(TERM, PRODUCT, 32)
  multiply(C2, A1)
  wordsSub(HALF_2, TERM, PRODUCT)
  isNegative1 = makePositive(HALF_1)
  isNegative2 = makePositive(HALF_2)
}

/** λ times affine points: another x. */
export function mapPoints(out: usize, points: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    feMul(out, points, BETA)
    feCopy(out + FE, points + FE)
    out += AFFINE
    points += AFFINE
  }
}

/** Takes the sign, the top bit, off a number in two's complement. */
function makePositive(a: usize): bool {
  if (load<u32>(a, 28) >> 31 == 0) return false
  wordsSub(a, ZERO, a)
  return true
}

/** out = k · share / 2^384, rounded. */
function roundedShare(out: usize, k: usize, share: usize): void {
  multiply(k, share)
  memory.fill(out, 0, 32)
  memory.copy(out, PRODUCT + 48, 16)
  memory.fill(TERM, 0, 32)
  store<u32>(TERM, load<u32>(PRODUCT, 44) >> 31)
  wordsAdd(out, out, TERM)
}

/** PRODUCT = a · b, sixteen words. */
function multiply(a: usize, b: usize): void {
  memory.fill(PRODUCT, 0, 64)
  for (let i: usize = 0; i < 32; i += 4) {
    const factor = load<u32>(a + i) as u64
    let carry: u64 = 0
    for (let j: usize = 0; j < 32; j += 4) {
      carry += factor * load<u32>(b + j) + load<u32>(PRODUCT + i + j)
      store<u32>(PRODUCT + i + j, carry as u32)
      carry >>= 32
    }
    store<u32>(PRODUCT + i, carry as u32, 32)
  }
}

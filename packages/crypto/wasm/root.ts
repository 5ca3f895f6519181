/** Square roots of the field of secp256k1, and the points that they belong to. */
import { feFromWords, feIsZero, feMul, feMulSub, feSqr, feToWords, rightSide } from './curve'
import { FE, feCopy, feNegate } from './limbs'

const X2: usize = memory.data(36)
const X3: usize = memory.data(36)
const X22: usize = memory.data(36)
const X44: usize = memory.data(36)
const X88: usize = memory.data(36)
const T: usize = memory.data(36)
const SIDE: usize = memory.data(36)
const WORDS: usize = memory.data(32)

/** a = a^(2^times) · factor */
function squareThenMul(a: usize, times: i32, factor: usize): void {
  for (let i = 0; i < times; i++) feSqr(a, a)
  feMul(a, a, factor)
}

/** out = a^((p + 1) / 4): a root of `a` when it has one. The exponent is 223 ones, 0, 22 ones, 0000 11 00. */
function rootCandidate(out: usize, a: usize): void {
  feSqr(X2, a)
  feMul(X2, X2, a)
  feSqr(X3, X2)
  feMul(X3, X3, a)
  feCopy(T, X3)
  squareThenMul(T, 3, X3)
  squareThenMul(T, 3, X3)
  squareThenMul(T, 2, X2)
  feCopy(X22, T)
  squareThenMul(X22, 11, T)
  feCopy(X44, X22)
  squareThenMul(X44, 22, X22)
  feCopy(X88, X44)
  squareThenMul(X88, 44, X44)
  feCopy(T, X88)
  squareThenMul(T, 88, X88)
  squareThenMul(T, 44, X44)
  squareThenMul(T, 3, X3)
  squareThenMul(T, 23, X22)
  squareThenMul(T, 6, X2)
  feSqr(T, T)
  feSqr(out, T)
}

/** The affine point with that x (words below p) and a y that is odd or even; whether there is one. */
export function pointOfX(out: usize, x: usize, isOdd: bool): bool {
  feFromWords(out, x)
  rightSide(SIDE, out)
  const y = out + FE
  rootCandidate(y, SIDE)
  feMulSub(SIDE, y, y, SIDE)
  if (!feIsZero(SIDE)) return false
  feToWords(WORDS, y)
  if (((load<u32>(WORDS) & 1) != 0) != isOdd) feNegate(y, y)
  return true
}

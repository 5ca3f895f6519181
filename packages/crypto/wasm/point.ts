/**
 * Points of the curve. A sum (X, Y, Z) is made by the short formulas, which know nothing of equal or opposite points: when
 * they meet, Z becomes zero and stays zero. Who finds zero at the end adds again with `setCareful(true)`.
 */
import {
  feHalfThrice,
  feIsZero,
  feInvert,
  feMul,
  feMulSub,
  feSqr,
  feSqrSub,
  ONE,
  tangent,
} from './curve'
import { AFFINE, FE, feAddTwice, feCopy, feNegate, feSub, feTwice, JACOBIAN } from './limbs'

/** Points whose Z are inverted together, at most. */
const TOGETHER: i32 = 512

const A: usize = memory.data(36)
const B: usize = memory.data(36)
const C: usize = memory.data(36)
const H: usize = memory.data(36)
const R: usize = memory.data(36)
const V: usize = memory.data(36)
const NEGATED: usize = memory.data(72)
const TWICE: usize = memory.data(108)
const TWICE_X: usize = memory.data(72)
const PREFIX: usize = memory.data(36 * (TOGETHER + 1))

let isCareful = false
/** Whether the sum is still the point at infinity. */
let isEmpty = true

export function setCareful(careful: bool): void {
  isCareful = careful
}

/** Begins a sum. */
export function beginSum(): void {
  isEmpty = true
}

/** Whether the sum is the point at infinity; certain only after careful additions. */
export function sumIsEmpty(): bool {
  return isEmpty
}

/** p = 2 p */
export function doublePoint(p: usize): void {
  if (isEmpty) return
  const y = p + FE
  const z = p + 2 * FE
  tangent(A, p, z)
  feHalfThrice(A, A)
  feMul(z, y, z)
  feSqr(B, y)
  feMul(C, p, B)
  feTwice(V, C)
  feSqrSub(p, A, V)
  feSub(C, C, p)
  feSqr(B, B)
  feMulSub(y, A, C, B)
}

/** p = p + q, with q affine. */
export function addAffine(p: usize, q: usize): void {
  const y = p + FE
  const z = p + 2 * FE
  if (isEmpty) {
    feCopy(p, q)
    feCopy(y, q + FE)
    feCopy(z, ONE)
    isEmpty = false
    return
  }
  feSqr(A, z)
  feMulSub(H, q, A, p)
  feMul(B, q + FE, z)
  feMulSub(R, B, A, y)
  if (isCareful && feIsZero(H)) {
    if (feIsZero(R)) doublePoint(p)
    else isEmpty = true
    return
  }
  feMul(z, z, H)
  feSqr(A, H)
  feMul(B, H, A)
  feMul(V, p, A)
  feAddTwice(C, B, V)
  feSqrSub(p, R, C)
  feSub(V, V, p)
  feMul(C, y, B)
  feMulSub(y, R, V, C)
}

/** Adds `digit` times a point whose odd multiples are in `table`. */
export function addDigit(p: usize, table: usize, digit: i32): void {
  if (digit > 0) {
    addAffine(p, table + (digit >> 1) * AFFINE)
    return
  }
  const q = table + (-digit >> 1) * AFFINE
  feCopy(NEGATED, q)
  feNegate(NEGATED + FE, q + FE)
  addAffine(p, NEGATED)
}

/** Writes `count` odd multiples q, 3 q, 5 q, … of an affine point as (X, Y, Z). */
export function oddMultiples(out: usize, q: usize, count: i32): void {
  isEmpty = true
  addAffine(TWICE, q)
  doublePoint(TWICE)
  // On the isomorphic curve where 2 q has Z = 1; addition does not depend on the curve's coefficients.
  const z = TWICE + 2 * FE
  feSqr(A, z)
  feMul(B, A, z)
  feCopy(TWICE_X, TWICE)
  feCopy(TWICE_X + FE, TWICE + FE)
  feMul(out, q, A)
  feMul(out + FE, q + FE, B)
  feCopy(out + 2 * FE, ONE)
  for (let i = 1; i < count; i++) {
    const next = out + JACOBIAN
    memory.copy(next, out, JACOBIAN)
    addAffine(next, TWICE_X)
    feMul(out + 2 * FE, out + 2 * FE, z)
    out = next
  }
  feMul(out + 2 * FE, out + 2 * FE, z)
}

/** Writes `count` points (X, Y, Z) as (x, y), with one inversion for all; none may be infinite. */
export function toAffine(out: usize, points: usize, count: i32): void {
  if (count == 0) return
  let prefix = PREFIX
  feCopy(prefix, ONE)
  let p = points + 2 * FE
  for (let i = 0; i < count; i++) {
    feMul(prefix + FE, prefix, p)
    prefix += FE
    p += JACOBIAN
  }
  feInvert(A, prefix)
  out += count * AFFINE
  for (let i = 0; i < count; i++) {
    prefix -= FE
    p -= JACOBIAN
    out -= AFFINE
    feMul(B, A, prefix)
    feMul(A, A, p)
    feSqr(C, B)
    feMul(out, p - 2 * FE, C)
    feMul(C, C, B)
    feMul(out + FE, p - FE, C)
  }
}

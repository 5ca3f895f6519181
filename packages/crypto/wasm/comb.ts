/**
 * Tables of a point that comes again: odd multiples of 2^(16 i) · P for i = 0 to 15, so that a scalar of 256 bits costs 16
 * doublings, which sums over several tables share. The generator's is made at the start.
 */
import { feFromWords, GENERATOR } from './curve'
import { DIGITS } from './digits'
import { AFFINE, FE, JACOBIAN } from './limbs'
import { addAffine, addDigit, beginSum, doublePoint, oddMultiples, toAffine } from './point'

/** Tables of a comb, and doublings that it takes. */
const TEETH: i32 = 16
export const STEPS: i32 = 16

/** Width of the digits of a multiple of the generator, and of another point. */
export const GENERATOR_WIDTH: i32 = 8
export const KEY_WIDTH: i32 = 5
const GENERATOR_POINTS: i32 = 1 << (GENERATOR_WIDTH - 2)
/** Odd multiples that digits of a key need. */
export const KEY_POINTS: i32 = 1 << (KEY_WIDTH - 2)
/** Bytes of the comb of a key. */
export const KEY_COMB: usize = ((TEETH * KEY_POINTS) as usize) * AFFINE

const GENERATOR_COMB: usize = memory.data(TEETH * GENERATOR_POINTS * 72)
/** Digits of the factor of the generator in the sum at hand. */
export const GENERATOR_DIGITS: usize = memory.data(DIGITS as i32)

const SHIFTED: usize = memory.data(TEETH * 108)
const BASES: usize = memory.data(TEETH * 72)
const POINTS: usize = memory.data(GENERATOR_POINTS * 108)

/** Writes the comb of an affine point, with 2^(width - 2) odd multiples in each table. */
function writeComb(out: usize, point: usize, count: i32): void {
  const last = SHIFTED + (TEETH - 1) * JACOBIAN
  beginSum()
  addAffine(last, point)
  for (let i = 0; i < TEETH; i++) {
    memory.copy(SHIFTED + i * JACOBIAN, last, JACOBIAN)
    if (i == TEETH - 1) break
    for (let j = 0; j < STEPS; j++) doublePoint(last)
  }
  toAffine(BASES, SHIFTED, TEETH)
  for (let i = 0; i < TEETH; i++) {
    oddMultiples(POINTS, BASES + i * AFFINE, count)
    toAffine(out + i * count * AFFINE, POINTS, count)
  }
}

export function writeKeyComb(out: usize, key: usize): void {
  writeComb(out, key, KEY_POINTS)
}

/** Has to run once, before any sum with the generator. */
export function prepareGenerator(): void {
  feFromWords(BASES, GENERATOR)
  feFromWords(BASES + FE, GENERATOR + 32)
  memory.copy(POINTS, BASES, AFFINE)
  writeComb(GENERATOR_COMB, POINTS, GENERATOR_POINTS)
}

/** The additions of one step for the generator, by `GENERATOR_DIGITS`. */
export function addGeneratorStep(sum: usize, step: i32): void {
  let table = GENERATOR_COMB
  for (let place = step; place < 256; place += STEPS) {
    const digit = load<i16>(GENERATOR_DIGITS + (place << 1)) as i32
    if (digit != 0) addDigit(sum, table, digit)
    table += GENERATOR_POINTS * AFFINE
  }
}

/** The additions of one step for a key, by digits of `KEY_WIDTH`. */
export function addKeyStep(sum: usize, comb: usize, digits: usize, step: i32): void {
  for (let place = step; place < 256; place += STEPS) {
    const digit = load<i16>(digits + (place << 1)) as i32
    if (digit != 0) addDigit(sum, comb, digit)
    comb += KEY_POINTS * AFFINE
  }
}

/** Scalars as few signed odd digits (wNAF), and the sum over many of them. */
import { ORDER } from './curve'
import { wordsSub } from './words'

/** Bytes of the digits of a scalar: one of 16 bits for each of 257 places, and one to spare. */
export const DIGITS: usize = 516

const NEGATED: usize = memory.data(32)

/** The bits of `words` from `at` on, `count` of them; nothing stands above bit 255. */
function bitsOf(words: usize, at: i32, count: i32): i32 {
  const from = words + ((at >> 5) << 2)
  let bits = at >= 256 ? 0 : (load<u32>(from) as u64)
  if (at < 224) bits |= (load<u32>(from, 4) as u64) << 32
  return ((bits >> (at & 31)) as i32) & ((1 << count) - 1)
}

/**
 * Writes the digits of a number below 2^`length`, each odd and below 2^(`width` - 1) in size, or zero.
 * `length` has to leave room for a carry.
 */
export function writeDigits(out: usize, words: usize, width: i32, length: i32): void {
  memory.fill(out, 0, DIGITS)
  let carry: i32 = 0
  let at: i32 = 0
  while (at < length) {
    if (bitsOf(words, at, 1) == carry) {
      at++
      continue
    }
    const many = width < length - at ? width : length - at
    const bits = bitsOf(words, at, many) + carry
    carry = (bits >> (width - 1)) & 1
    store<i16>(out + (at << 1), (bits - (carry << width)) as i16)
    at += many
  }
}

export function negateDigits(digits: usize): void {
  for (let i: usize = 0; i < DIGITS; i += 2) store<i16>(digits + i, -load<i16>(digits + i))
}

/** Digits of a scalar below n in places 0 to 255: of its opposite, negated, when it is above 2^255. */
export function writeScalarDigits(out: usize, words: usize, width: i32): void {
  if (load<u32>(words, 28) >> 31 == 0) {
    writeDigits(out, words, width, 256)
    return
  }
  wordsSub(NEGATED, ORDER, words)
  writeDigits(out, NEGATED, width, 256)
  negateDigits(out)
}

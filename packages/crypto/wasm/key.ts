/** Public keys, which anybody may send. */
import { feFromWords, feIsZero, feMulSub, PRIME, rightSide } from './curve'
import { FE } from './limbs'
import { wordsAreLess, wordsFromBytes } from './words'

const X: usize = memory.data(32)
const Y: usize = memory.data(32)
const SIDE: usize = memory.data(36)

/** Reads X || Y, 64 bytes, as an affine point; whether it is one of the curve. */
export function pointOfKey(out: usize, key: usize): bool {
  wordsFromBytes(X, key)
  wordsFromBytes(Y, key + 32)
  if (!wordsAreLess(X, PRIME) || !wordsAreLess(Y, PRIME)) return false
  feFromWords(out, X)
  feFromWords(out + FE, Y)
  rightSide(SIDE, out)
  feMulSub(SIDE, out + FE, out + FE, SIDE)
  return feIsZero(SIDE)
}

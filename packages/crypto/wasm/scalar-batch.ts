/** Inverses of many scalars with one inversion (Montgomery's trick). */
import { ORDER } from './curve'
import { modInverse } from './inverse'
import { scalarEnter, scalarMul, WORDS } from './words'

/** Room for 256 scalars, as many signatures as are worked on together. */
const PREFIX: usize = memory.data(32 * (256 + 1))
const INVERSE: usize = memory.data(32)

/**
 * Replaces scalars a, not zero, by 2^256 / a: factors that make {@link scalarMul} a division. Only those whose byte in
 * `chosen` is 1. Each product of the first few lacks the factor that makes the quotient of two of them an inverse.
 */
export function invertScalars(scalars: usize, chosen: usize, count: i32): void {
  let prefix = PREFIX
  memory.fill(prefix, 0, WORDS)
  store<u32>(prefix, 1)
  scalarEnter(prefix, prefix)
  for (let i = 0; i < count; i++) {
    if (load<u8>(chosen + i) != 1) continue
    const scalar = scalars + (i << 5)
    scalarMul(prefix + WORDS, prefix, scalar)
    prefix += WORDS
  }
  modInverse(INVERSE, prefix, ORDER)
  scalarEnter(INVERSE, INVERSE)
  for (let i = count - 1; i >= 0; i--) {
    if (load<u8>(chosen + i) != 1) continue
    const scalar = scalars + (i << 5)
    prefix -= WORDS
    scalarMul(prefix + WORDS, INVERSE, prefix)
    scalarMul(INVERSE, INVERSE, scalar)
    memory.copy(scalar, prefix + WORDS, WORDS)
  }
}

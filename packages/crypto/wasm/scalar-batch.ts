/** Inverses of many scalars with one inversion (Montgomery's trick). */
import { scalarEnter, scalarInvert, scalarMul, WORDS } from './words'

/** Room for 32 scalars, as many signatures as are worked on together. */
const PREFIX: usize = memory.data(32 * (32 + 1))
const INVERSE: usize = memory.data(32)

/**
 * Replaces scalars a, not zero, by 2^256 / a: factors that make {@link scalarMul} a division. Only those whose byte in
 * `chosen` is 1.
 */
export function invertScalars(scalars: usize, chosen: usize, count: i32): void {
  let prefix = PREFIX
  memory.fill(prefix, 0, WORDS)
  store<u32>(prefix, 1)
  scalarEnter(prefix, prefix)
  for (let i = 0; i < count; i++) {
    if (load<u8>(chosen + i) != 1) continue
    const scalar = scalars + (i << 5)
    scalarEnter(scalar, scalar)
    scalarMul(prefix + WORDS, prefix, scalar)
    prefix += WORDS
  }
  scalarInvert(INVERSE, prefix)
  for (let i = count - 1; i >= 0; i--) {
    if (load<u8>(chosen + i) != 1) continue
    const scalar = scalars + (i << 5)
    prefix -= WORDS
    scalarMul(prefix + WORDS, INVERSE, prefix)
    scalarMul(INVERSE, INVERSE, scalar)
    memory.copy(scalar, prefix + WORDS, WORDS)
  }
}

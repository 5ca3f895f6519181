/**
 * SM3 (GB/T 32905-2016): the hash of the guomi suite.
 *
 * A message, or several back to back, is written to `inputAt()` and its digest read at `outputAt()`. The input may be
 * read up to three bytes beyond its end; what stands there does not matter.
 */
import { sm3Finish, sm3Reset, sm3Update } from './sm3-core'

/** Bytes that a caller may write at once; longer messages come in whole blocks (`absorb`), the rest last. */
const INPUT_BYTES: i32 = 65536 + 8
/** Messages of one batch. */
const BATCH: i32 = 1024

const INPUT: usize = memory.data(INPUT_BYTES)
const OUTPUT: usize = memory.data(32 * BATCH)
const LENGTHS: usize = memory.data(4 * BATCH)

export function inputAt(): usize {
  return INPUT
}

export function outputAt(): usize {
  return OUTPUT
}

/** Where the lengths of the messages of a batch go, 32 bits each. */
export function lengthsAt(): usize {
  return LENGTHS
}

export function reset(): void {
  sm3Reset()
}

/** Takes whole blocks from the input; `length` is a multiple of 64. */
export function absorb(length: u32): void {
  sm3Update(INPUT, length)
}

/** Takes the rest of a message from the input and writes the digest. */
export function finish(length: u32): void {
  sm3Finish(INPUT, length, OUTPUT)
}

/** The digest of a whole message. */
export function hash(length: u32): void {
  sm3Reset()
  sm3Finish(INPUT, length, OUTPUT)
}

/** Digests of `count` messages, back to back in the input, with their lengths given. */
export function hashMany(count: u32): void {
  let at = INPUT
  for (let i: u32 = 0; i < count; i++) {
    const length = load<u32>(LENGTHS + (i << 2))
    sm3Reset()
    sm3Finish(at, length, OUTPUT + (i << 5))
    at += length
  }
}

/** Where unpredictable bytes come from. A simulator brings a seeded one. */
export interface RandomSource {
  bytes(length: number): Uint8Array
}

/** An integer from 0 up to, not including, `limit` (at most 2^32). */
export function randomBelow(source: RandomSource, limit: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = source.bytes(4)
  return Math.floor(((((a << 24) | (b << 16) | (c << 8) | d) >>> 0) / 2 ** 32) * limit)
}

declare const crypto: { getRandomValues(bytes: Uint8Array): Uint8Array }

const POOL_BYTES = 1024
/** Only what is too short to be a secret key comes from the pool. */
const POOLED_MAX = 16

const pool = new Uint8Array(POOL_BYTES)
let taken = POOL_BYTES

/** A call of the platform takes as long for 4 bytes as for a thousand. Bytes are given out once, and forgotten. */
function pooledBytes(length: number): Uint8Array {
  if (taken + length > POOL_BYTES) {
    crypto.getRandomValues(pool)
    taken = 0
  }
  const bytes = pool.slice(taken, taken + length)
  pool.fill(0, taken, taken + length)
  taken += length
  return bytes
}

/** The platform's cryptographic random source (Node and browsers). */
export const systemRandom: RandomSource = {
  bytes: (length) =>
    length <= POOLED_MAX ? pooledBytes(length) : crypto.getRandomValues(new Uint8Array(length)),
}

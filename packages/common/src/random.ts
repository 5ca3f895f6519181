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

/** The platform's cryptographic random source (Node and browsers). */
export const systemRandom: RandomSource = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
}

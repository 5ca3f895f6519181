import { equalBytes, fromHex, isBcosError } from '@bcos-ts/common'
import * as fc from 'fast-check'
import { uncompress } from 'snappyjs'
import { describe, expect, it } from 'vitest'
import { snappyCompress, snappyUncompress } from './snappy.ts'

const LIMIT = 1 << 20

describe('snappy blocks', () => {
  it('come back whole, repetitive or not', () => {
    const words = fc.array(fc.constantFrom('abcd', 'efghijkl', 'zz', '0123456789'), {
      maxLength: 600,
      size: 'max',
    })
    const text = words.map((parts) => new TextEncoder().encode(parts.join('')))
    fc.assert(
      fc.property(fc.oneof(text, fc.uint8Array({ maxLength: 3000, size: 'max' })), (bytes) => {
        expect(equalBytes(snappyUncompress(snappyCompress(bytes), LIMIT), bytes)).toBe(true)
      }),
    )
  })

  it('read every kind of element', () => {
    // A literal of four bytes, then copies with one, two and four bytes of offset, all four bytes back.
    const block = fromHex('140c616263640d041204000f04000000')
    expect(new TextDecoder().decode(snappyUncompress(block, LIMIT))).toBe('abcd'.repeat(5))
  })

  it('agree with the library on whatever the library reads to its end', () => {
    const compressed = fc.uint8Array({ minLength: 1, maxLength: 300, size: 'max' })
    fc.assert(
      fc.property(compressed, fc.nat(400), fc.nat(255), (bytes, at, value) => {
        const block = snappyCompress(bytes)
        block[at % block.length] = value
        const own = attempt(() => snappyUncompress(block, LIMIT))
        // The library hangs on literals of negative length and reads on behind the announced end.
        return own === undefined || equalBytes(own, uncompress(block))
      }),
      { numRuns: 2000 },
    )
  })

  it('refuse a literal of negative length, with which the library never ends', () => {
    expect(attempt(() => snappyUncompress(fromHex('0afcf7ffffff000000000000'), LIMIT))).toBe(
      undefined,
    )
  })
})

function attempt(read: () => Uint8Array): Uint8Array | undefined {
  try {
    return read()
  } catch (error) {
    if (!isBcosError(error, 'NETWORK_INVALID_FRAME')) throw error
    return undefined
  }
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bigIntToBytes,
  bigIntToMinimalBytes,
  bytesToBigInt,
  fromHex,
  InvalidHexError,
  toHex,
} from './bytes.ts'
import { allocBytes, ByteSlab } from './slab.ts'

const anyBytes = fc.uint8Array({ maxLength: 70 })
const slowHex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

describe('hexadecimal text', () => {
  it('is that of each byte, and is read back from either case', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = slowHex(bytes)
        expect(toHex(bytes)).toBe(text)
        expect(fromHex(text)).toEqual(bytes)
        expect(fromHex(`0x${text.toUpperCase()}`)).toEqual(bytes)
      }),
    )
  })

  it.each([
    '0',
    '0x123',
    'zz',
    `${'00'.repeat(40)}g0`,
    `${'00'.repeat(40)}0g`,
    `0x0x${'00'.repeat(40)}`,
  ])('is not %s', (text) => {
    expect(() => fromHex(text)).toThrow(InvalidHexError)
  })
})

describe('integers', () => {
  it('are the same as bytes and as text', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const value = bytes.length === 0 ? 0n : BigInt(`0x${slowHex(bytes)}`)
        expect(bytesToBigInt(bytes)).toBe(value)
        expect(bigIntToBytes(value, bytes.length)).toEqual(bytes)
        expect(bytesToBigInt(bigIntToMinimalBytes(value))).toBe(value)
      }),
    )
  })

  it('lose what does not fit, and wrap below zero', () => {
    expect(toHex(bigIntToBytes(0x1_02_03n, 2))).toBe('0203')
    expect(toHex(bigIntToBytes(-1n, 20))).toBe('ff'.repeat(20))
    expect(toHex(bigIntToBytes(-(2n ** 64n), 10))).toBe(`ffff${'00'.repeat(8)}`)
  })
})

describe('small pieces of memory', () => {
  it('are zeroed, and no two of them overlap', () => {
    const pieces = Array.from({ length: 500 }, (_, i) => allocBytes(i * 3))
    expect(pieces.every((piece) => piece.every((byte) => byte === 0))).toBe(true)
    for (const [i, piece] of pieces.entries()) piece.fill(i % 256)
    for (const [i, piece] of pieces.entries()) {
      expect(piece.every((byte) => byte === i % 256)).toBe(true)
    }
  })

  it('are copies where a copy was asked for', () => {
    const source = new Uint8Array(100).fill(7)
    const copy = new ByteSlab().copy(source)
    source.fill(9)
    expect(copy).toEqual(new Uint8Array(100).fill(7))
  })
})

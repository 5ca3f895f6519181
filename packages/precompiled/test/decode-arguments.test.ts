import { bigIntToBytes, bytesToText, concatBytes, fromHex, utf8 } from '@bcos-ts/common'
import { encodeAbi } from '@bcos-ts/protocol/abi'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeArguments } from '../src/framework/decode-arguments.ts'
import type { ElementaryType } from '../src/framework/signature.ts'
import { ruleVectors } from './vectors.ts'

const TWO_64 = 2n ** 64n

function decode(types: readonly ElementaryType[], data: Uint8Array) {
  return decodeArguments(
    types.map((type) => ({ type, name: '' })),
    data,
  )
}

const word = (value: bigint | number): Uint8Array => bigIntToBytes(BigInt(value), 32)

describe('reading arguments', () => {
  it('gives back what was encoded', () => {
    const property = fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      fc.uint8Array({ maxLength: 100 }),
      (text, number, bytes) => {
        const types: ElementaryType[] = ['string', 'uint256', 'bytes']
        const values = decode(types, encodeAbi(types, [text, number, bytes]))
        expect(values).toEqual([bytesToText(text), number, bytes])
      },
    )
    fc.assert(property)
  })

  it.each(ruleVectors.int256)('takes $word for $value', (one) => {
    expect(decode(['int256'], fromHex(one.word))).toEqual([BigInt(one.value)])
  })

  it('takes any word that is not zero for true, and the last 20 bytes for an address', () => {
    expect(decode(['bool'], word(2n ** 200n))).toEqual([true])
    expect(decode(['bool'], word(0))).toEqual([false])
    expect(decode(['address'], word(2n ** 256n - 1n))).toEqual(['f'.repeat(40)])
  })

  it('leaves empty what cannot be read, and everything behind it', () => {
    const types: ElementaryType[] = [
      'uint256',
      'string',
      'uint256',
      'bytes',
      'bytes32',
      'address',
      'bool',
      'int256',
    ]
    const zeroes = ['', 0n, new Uint8Array(0), new Uint8Array(32), '0'.repeat(40), false, 0n]
    expect(decode(types, new Uint8Array(0))).toEqual([0n, ...zeroes])
    expect(decode(types, word(7))).toEqual([7n, ...zeroes])
    // The string points behind the data: the number that follows is not read either.
    expect(decode(types, concatBytes(word(7), word(1000), word(8)))).toEqual([7n, ...zeroes])
  })

  it('needs no padding behind a string', () => {
    const text = utf8('abc')
    expect(decode(['string'], concatBytes(word(32), word(3), text))).toEqual(['abc'])
    expect(decode(['string'], concatBytes(word(32), word(4), text))).toEqual([''])
  })

  it.each([
    ['an offset that is too large', [word(2n ** 63n), word(5)], ''],
    [
      'an offset beyond 64 bits, of which the lower ones count',
      [word(TWO_64 + 32n), word(1), utf8('x')],
      'x',
    ],
    ['a length beyond 64 bits', [word(32), word(TWO_64 + 1n), utf8('x')], 'x'],
  ] as const)('reads %s', (_name, parts, text) => {
    expect(decode(['string'], concatBytes(...parts))).toEqual([text])
  })

  it('goes on behind an offset or a length whose sum wraps', () => {
    const types: ElementaryType[] = ['string', 'uint256']
    expect(decode(types, concatBytes(word(TWO_64 - 1n), word(9)))).toEqual(['', 9n])
    // 64 + 32 - 1 and this length make 0 in 64 bits.
    const length = TWO_64 - 95n
    expect(decode(types, concatBytes(word(64), word(9), word(length)))).toEqual(['', 9n])
    // One less, and the sum is the largest number there is.
    expect(decode(types, concatBytes(word(64), word(9), word(length - 1n)))).toEqual(['', 0n])
  })
})

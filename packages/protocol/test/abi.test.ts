import { fromHex, isBcosError, toHex, utf8 } from '@bcos-ts/common'
import { guomiSuite, standardSuite } from '@bcos-ts/crypto'
import {
  type AbiItem,
  type AbiValue,
  decodeAbi,
  decodeErrorText,
  decodeEvent,
  encodeAbi,
  encodeCall,
  encodeErrorText,
  signatureOf,
} from '@bcos-ts/protocol/abi'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const word = (hex: string): string => hex.padStart(64, '0')

describe('ABI', () => {
  // Contract ABI specification of Solidity, "Examples".
  it('encodes the examples of the specification', () => {
    const sam = encodeAbi(['bytes', 'bool', 'uint256[]'], [utf8('dave'), true, [1n, 2n, 3n]])
    expect(toHex(sam)).toBe(
      [
        word('60'),
        word('1'),
        word('a0'),
        word('4'),
        '64617665'.padEnd(64, '0'),
        word('3'),
        word('1'),
        word('2'),
        word('3'),
      ].join(''),
    )
    const f = encodeAbi(
      ['uint256', 'uint32[]', 'bytes10', 'bytes'],
      [0x123n, [0x456n, 0x789n], utf8('1234567890'), utf8('Hello, world!')],
    )
    expect(toHex(f)).toBe(
      [
        word('123'),
        word('80'),
        '31323334353637383930'.padEnd(64, '0'),
        word('e0'),
        word('2'),
        word('456'),
        word('789'),
        word('d'),
        '48656c6c6f2c20776f726c6421'.padEnd(64, '0'),
      ].join(''),
    )
  })

  it('encodes nested dynamic arrays as the specification does', () => {
    const g = encodeAbi(
      ['uint256[][]', 'string[]'],
      [
        [[1n, 2n], [3n]],
        ['one', 'two', 'three'],
      ],
    )
    expect(decodeAbi(['uint256[][]', 'string[]'], g)).toEqual([
      [[1n, 2n], [3n]],
      ['one', 'two', 'three'],
    ])
    expect(g).toHaveLength(32 * 20)
  })

  const values = fc.record({
    unsigned: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    signed: fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }),
    text: fc.string({ unit: 'grapheme', maxLength: 80 }),
    bytes: fc.uint8Array({ maxLength: 100 }),
    flags: fc.array(fc.boolean(), { maxLength: 5 }),
    pair: fc.tuple(fc.string({ maxLength: 40 }), fc.bigInt({ min: 0n, max: 255n })),
  })
  const types = [
    'uint256',
    'int128',
    'string',
    'bytes',
    'bool[]',
    {
      name: 'pair',
      type: 'tuple',
      components: [
        { name: 'name', type: 'string' },
        { name: 'age', type: 'uint8' },
      ],
    },
  ]

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(values, ({ unsigned, signed, text, bytes, flags, pair }) => {
        const data = encodeAbi(types, [unsigned, signed, text, bytes, flags, pair])
        expect(decodeAbi(types, data)).toEqual([
          unsigned,
          signed,
          text,
          `0x${toHex(bytes)}`,
          flags,
          pair,
        ])
      }),
    )
  })

  it('answers any data with values or a typed error', () => {
    const good = encodeAbi(types, [1n, -1n, 'x', new Uint8Array(3), [true], ['y', 2n]])
    const mutated = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([place, byte]) => {
      const data = good.slice()
      data[place] = byte
      return data
    })
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 400 })), (data) => {
        try {
          decodeAbi(types, data)
        } catch (error) {
          expect(isBcosError(error, 'PROTOCOL_INVALID_ABI')).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it.each<[string, AbiValue]>([
    ['uint8', 256n],
    ['uint256', -1n],
    ['int8', 128n],
    ['address', '0x12'],
    ['bytes4', '0x010203'],
    ['uint256[2]', [1n]],
    ['uint256', 'many'],
    ['uint7', 1n],
    ['fixed', 1n],
  ])('refuses a %s of %s', (type, value) => {
    expect(() => encodeAbi([type], [value])).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_INVALID_ABI' }),
    )
  })
})

describe('contracts', () => {
  const transfer: AbiItem = {
    type: 'function',
    name: 'transfer',
    inputs: [
      { name: 'to', type: 'address' },
      { name: 'amount', type: 'uint' },
    ],
  }

  it('writes the full names of types in a signature', () => {
    expect(signatureOf(transfer)).toBe('transfer(address,uint256)')
    const nested: AbiItem = {
      type: 'function',
      name: 'f',
      inputs: [
        {
          name: 'p',
          type: 'tuple[2]',
          components: [
            { name: 'a', type: 'uint' },
            { name: 'b', type: 'bytes' },
          ],
        },
      ],
    }
    expect(signatureOf(nested)).toBe('f((uint256,bytes)[2])')
  })

  it('calls with the selector of the suite', () => {
    const call = (suite: typeof standardSuite) =>
      toHex(encodeCall(transfer, [`0x${'11'.repeat(20)}`, 5n], suite))
    expect(call(standardSuite).slice(0, 8)).toBe('a9059cbb')
    expect(call(guomiSuite).slice(0, 8)).not.toBe('a9059cbb')
    expect(call(standardSuite).slice(8)).toBe(call(guomiSuite).slice(8))
  })

  it('carries error texts in the envelope of the suite', () => {
    const standard = encodeErrorText(utf8('no such table'), standardSuite)
    expect(toHex(standard.subarray(0, 4))).toBe('08c379a0')
    expect(toHex(encodeErrorText(utf8('x'), guomiSuite).subarray(0, 4))).toBe('c703cb12')
    expect(decodeErrorText(standard, standardSuite)).toBe('no such table')
    expect(decodeErrorText(standard, guomiSuite)).toBeUndefined()
    expect(decodeErrorText(fromHex('08c379a0ffff'), standardSuite)).toBeUndefined()
  })

  it('names the event of a log and its values, hashed where they are dynamic', () => {
    const event: AbiItem = {
      type: 'event',
      name: 'Sent',
      inputs: [
        { name: 'from', type: 'address', indexed: true },
        { name: 'memo', type: 'string', indexed: true },
        { name: 'amount', type: 'uint256' },
      ],
    }
    const memo = standardSuite.hash(utf8('hello'))
    const log = {
      topics: [
        standardSuite.hash(utf8('Sent(address,string,uint256)')),
        encodeAbi(['address'], [`0x${'22'.repeat(20)}`]),
        memo,
      ],
      data: encodeAbi(['uint256'], [7n]),
    }
    expect(decodeEvent([transfer, event], log, standardSuite)).toEqual({
      name: 'Sent',
      values: [
        { name: 'from', value: `0x${'22'.repeat(20)}` },
        { name: 'memo', value: `0x${toHex(memo)}` },
        { name: 'amount', value: 7n },
      ],
    })
    expect(decodeEvent([event], log, guomiSuite)).toBeUndefined()
  })
})

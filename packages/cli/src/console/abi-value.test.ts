import { decodeAbi, encodeAbi } from '@bcos-ts/protocol/abi'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodedToJson, parseAbiValues } from './abi-value.ts'
import { splitWords } from './line.ts'

const parse = (type: string, text: string) =>
  parseAbiValues('f', [{ name: 'x', type }], splitWords(text))[0]

/** What a contract would read. */
const read = (type: string, text: string) =>
  decodeAbi([type], encodeAbi([type], [parse(type, text)!]))[0]

describe('values of calls', () => {
  it.each([
    ['uint256', '5', 5n],
    ['uint8', '0xff', 255n],
    ['int8', '-128', -128n],
    ['bool', 'true', true],
    [
      'address',
      'A94F5374FCE5EDBC8E2A8697C15331677E6EBF0B',
      '0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b',
    ],
    ['string', '"a, b"', 'a, b'],
    ['string', '0x12', '0x12'],
    ['bytes', '0x1234', '0x1234'],
    ['bytes', '"0x?"', '0x30783f'],
    ['bytes', 'ab', '0x6162'],
    ['bytes4', 'ab', '0x61620000'],
    ['uint256[]', '[1, 2,3]', [1n, 2n, 3n]],
    ['string[]', '["alice","bob, too", carol]', ['alice', 'bob, too', 'carol']],
    ['bool[2]', '[true,false]', [true, false]],
    ['uint8[][]', '[[1],[],[2,3]]', [[1n], [], [2n, 3n]]],
    ['uint8[]', '[]', []],
  ])('%s %s', (type, text, value) => {
    expect(read(type, text)).toEqual(value)
  })

  it('take tuples as lists, and show them by name', () => {
    const parameter = {
      name: 'p',
      type: 'tuple[]',
      components: [
        { name: 'id', type: 'uint8' },
        { name: 'name', type: 'string' },
      ],
    }
    const values = parseAbiValues('f', [parameter], splitWords('[(1,"a b"),[2,c]]'))
    expect(
      decodedToJson([parameter], decodeAbi([parameter], encodeAbi([parameter], values))),
    ).toEqual([
      [
        { id: '1', name: 'a b' },
        { id: '2', name: 'c' },
      ],
    ])
  })

  it.each([
    ['uint8', '256', 'x (uint8): "256" is not a whole number from 0 to 255'],
    ['int8', '128', 'from -128 to 127'],
    ['uint256', '-1', 'a whole number of 256 bits'],
    ['uint256', '1x', 'a whole number of 256 bits'],
    ['bool', 'yes', 'true or false'],
    ['address', '0x12', 'an address of 0x and 40 hexadecimal digits'],
    ['bytes', '0x123', 'an even number of hexadecimal digits'],
    ['bytes4', '0x1234567890', 'at most 4 bytes'],
    ['uint8[2]', '[1]', '2 values are expected, 1 were given: it looks like [1,1]'],
    ['uint8[]', '1', 'a list such as [1,1]'],
    ['uint8[]', '[1,300]', 'x[1]'],
    ['uint8[]', '[1 2]', 'at character 4: , or ] is expected here'],
    ['uint8[]', '[,]', 'at character 2: a value is expected here'],
    ['string[]', '[["a"]]', 'one value is expected, not a list'],
  ])('%s %s tells the expected form', (type, text, reason) => {
    expect(() => parse(type, text)).toThrow(
      expect.objectContaining({
        code: 'CONSOLE_ABI_VALUE',
        message: expect.stringContaining(reason),
      }),
    )
  })

  it('must be as many as the function has', () => {
    expect(() => parseAbiValues('f', [{ name: 'a', type: 'uint8' }], splitWords('1 2'))).toThrow(
      'f (uint8 a): takes 1 arguments, 2 were given',
    )
  })

  it('of lists come back as they were typed', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (items) => {
        const text = `[${items.map((item) => `"${item.replaceAll(/["\\]/g, '\\$&')}"`).join(', ')}]`
        expect(read('string[]', text)).toEqual(items)
      }),
    )
  })

  it('end in a value or a typed error, whatever is typed', () => {
    const piece = fc.constantFrom('[', ']', '(', ')', ',', '"a"', '1', ' ', '0x', '-', '"')
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const word = { text: pieces.join(''), isQuoted: false, start: 0 }
        try {
          parseAbiValues('f', [{ name: 'x', type: 'uint8[][]' }], [word])
        } catch (error) {
          expect(error).toMatchObject({
            code: expect.stringMatching(/^CONSOLE_(?:ABI_VALUE|LINE_SYNTAX)$/),
          })
        }
      }),
    )
  })
})

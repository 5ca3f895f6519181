import { bytesToText, utf8ToText } from '@bcos-ts/common'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../src/index.ts'
import { formatDouble } from '../src/json/double.ts'
import { type JsonValue, membersOf, readJson, textOf } from '../src/json/read.ts'
import { compactJson, quote, styledRows } from '../src/json/write.ts'
import { ruleVectors } from './vectors.ts'

/** A value in the form of ordinary JSON, all leaves as texts. */
function plain(value: JsonValue | undefined): unknown {
  if (value === undefined) return undefined
  if (value.type === 'null') return null
  if (value.type === 'array') return []
  if (value.type === 'scalar') return value.text
  return Object.fromEntries(membersOf(value).map(([name, one]) => [name, plain(one)]))
}

const read = (text: string): unknown => plain(readJson(text))

describe('reading JSON', () => {
  it.each([
    ['{"a":"1","b":{"c":null}}', { a: '1', b: { c: null } }],
    ['{"a":true,"b":false}', { a: 'true', b: 'false' }],
    ['{"a":[1,{"b":2}]}', { a: [] }],
    ['{"a":[]}', { a: [] }],
    ['{}', {}],
    [' \t\r\n{ } ', {}],
    ['null', null],
    ['"text"', 'text'],
    ['[]', []],
    // Beyond the standard.
    ['{"a":"1"} and so on', { a: '1' }],
    ['{"a":1,"a":2}', { a: '2' }],
    ['{"a":{"x":1},"a":{"y":2}}', { a: { y: '2' } }],
    ['/* c */{"a":/* c */1/* c */,/* c */"b":2}// c', { a: '1', b: '2' }],
    ['// c\n{}', {}],
    ['// c\r{}', {}],
    ['{"a":1 /* c */ "b" "c":2}', { a: '1', c: '2' }],
    ['{"a":1 /* c *//,"b":2}', { a: '1', b: '2' }],
    ['{"a":1}/* never closed', { a: '1' }],
    ['{"":1,}', { '': '1' }],
    ['/*/', undefined],
    ['{"a":1/*/', undefined],
  ])('%s', (text, value) => {
    expect(read(text)).toEqual(value)
  })

  it.each([
    '',
    ' ',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{"a" 1}',
    '{"a"/* c */:1}',
    '{a:1}',
    "{'a':1}",
    '{1:2}',
    '[1,]',
    '[1 2]',
    '[1',
    '[/* c */]',
    ']',
    ',',
    'tru',
    'nul',
    '+1',
    '.5',
    '"',
    '"a',
    '"\\"',
    '"\\x"',
    '"\\u12"',
    '"\\u12g4"',
    '"\\ud800"',
    '"\\ud800\\n     "',
    '"\\ud800\\u12"',
    '/',
    '/x',
    '/* c',
    '{"a":1}\0{'.slice(0, 6),
    '\0{}',
  ])('not %j', (text) => {
    expect(read(text)).toBeUndefined()
  })

  it.each([
    ['1', '1'],
    ['-1', '-1'],
    ['007', '7'],
    ['-', '0'],
    ['-0', '0'],
    ['-0.0', '-0'],
    ['1.0', '1'],
    ['1.', '1'],
    ['-.5', '-0.5'],
    ['0.1', '0.10000000000000001'],
    ['1e5', '100000'],
    ['1E+5', '100000'],
    ['1e-7', '9.9999999999999995e-08'],
    ['18446744073709551615', '18446744073709551615'],
    ['18446744073709551616', '1.8446744073709552e+19'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['-9223372036854775809', '-9.2233720368547758e+18'],
    [`${'0'.repeat(30)}5`, '5'],
    ['1e-400', '0'],
    ['1e400', undefined],
    [`1${'0'.repeat(400)}`, undefined],
    ['1e', undefined],
    ['1e+', undefined],
    ['-.', undefined],
    ['-e5', undefined],
  ])('the number %s as %s', (number, text) => {
    expect(read(`{"a":${number}}`)).toEqual(text === undefined ? undefined : { a: text })
  })

  it.each([
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    ['"\\u0041\\u00e9\\u4e2d"', utf8ToText('Aé中')],
    ['"\\ud83d\\ude00"', utf8ToText('😀')],
    // Any second escape completes a pair, and a second half stands alone as three bytes.
    ['"\\ud800\\u0041"', utf8ToText(String.fromCodePoint(0x10041))],
    ['"\\udc00"', '\u00ed\u00b0\u0080'],
    ['"a\\u0000b"', 'a\0b'],
    [`"${utf8ToText('中\u0007')}"`, utf8ToText('中\u0007')],
  ])('the string %s', (token, text) => {
    expect(read(token)).toBe(text)
  })

  it('takes what JSON.stringify makes', () => {
    const texts = fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))
    const property = fc.property(texts, (object) => {
      const expected = Object.entries(object).map(([name, text]) => [
        utf8ToText(name),
        utf8ToText(text),
      ])
      const value = readJson(utf8ToText(JSON.stringify(object)))
      const members = value?.type === 'object' ? [...value.members] : []
      expect(members.map(([name, one]) => [name, textOf(one)])).toEqual(expected)
    })
    fc.assert(property)
  })

  it('ends for any bytes', () => {
    const property = fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }).map(bytesToText),
        fc.stringMatching(/^[[\]{},:"/*\\a1.e-]*$/),
      ),
      (text) => {
        expect(['object', 'undefined']).toContain(typeof readJson(text))
      },
    )
    fc.assert(property, { numRuns: 2000 })
  })

  it('refuses the call beyond a depth of 1000, on whatever stack it runs', () => {
    expect(read('['.repeat(1000) + ']'.repeat(1000))).toEqual([])
    expect(() => readJson('['.repeat(1001))).toThrow(Refusal)
    expect(() => readJson('{"":'.repeat(100_000))).toThrow(Refusal)
  })

  it('refuses members of what has none, and text of what is none', () => {
    const array: JsonValue = { type: 'array' }
    expect(() => membersOf(array)).toThrow(Refusal)
    expect(() => membersOf({ type: 'scalar', text: '' })).toThrow(Refusal)
    expect(() => textOf(array)).toThrow(Refusal)
    expect(membersOf({ type: 'null' })).toEqual([])
    expect(textOf({ type: 'null' })).toBe('')
  })

  it('gives members by name, byte by byte', () => {
    const value = readJson('{"b":1,"a":2,"ab":3,"B":4,"":5}')
    expect(value && membersOf(value).map(([name]) => name)).toEqual(['', 'B', 'a', 'ab', 'b'])
  })
})

describe('doubles with 17 digits', () => {
  // As printf of glibc writes them.
  it.each([
    [1, '1'],
    [-1.5, '-1.5'],
    [0, '0'],
    [-0, '-0'],
    [100, '100'],
    [0.1, '0.10000000000000001'],
    [1e-4, '0.0001'],
    [1e-5, '1.0000000000000001e-05'],
    [1e16, '10000000000000000'],
    [1e17, '1e+17'],
    [123456789012345680, '1.2345678901234568e+17'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [5e-324, '4.9406564584124654e-324'],
    [1e100, '1e+100'],
    // Half way between two: to the even digit.
    [562949953421312.125, '562949953421312.12'],
    [562949953421312.375, '562949953421312.38'],
    [-562949953421312.125, '-562949953421312.12'],
  ])('%d is %s', (value, text) => {
    expect(formatDouble(value)).toBe(text)
  })

  it('can be read back', () => {
    const property = fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Object.is(Number(formatDouble(value)), value)).toBe(true)
      expect(
        formatDouble(value)
          .replace(/e.*|\D/g, '')
          .replace(/^0+/, '').length,
      ).toBeLessThan(18)
    })
    fc.assert(property, { numRuns: 1000 })
  })
})

describe('writing JSON', () => {
  it('escapes what it must, and nothing else', () => {
    expect(quote('"\\/\b\f\n\r\t\0\u001f\u007f\u00ff')).toBe(
      String.raw`"\"\\/\b\f\n\r\t\u0000\u001F` + '\u007f\u00ff"',
    )
  })

  it('writes rows as the reference does', () => {
    const { rows, text, empty } = ruleVectors.crudSelectText
    expect(styledRows(rows.map((row) => Object.entries(row)))).toBe(text)
    expect(styledRows([])).toBe(empty)
    const two = styledRows([[['a', '1']], [['a', '2']]])
    expect(two).toBe('[\n   {\n      "a" : "1"\n   },\n   {\n      "a" : "2"\n   }\n]\n')
  })

  it('writes one line, members by name', () => {
    const { rows, text, empty } = ruleVectors.cnsSelectText
    expect(compactJson(rows)).toBe(text)
    expect(compactJson([])).toBe(empty)
    expect(compactJson(null)).toBe('null\n')
    expect(compactJson({ b: ['x', null], a: {} })).toBe('{"a":{},"b":["x",null]}\n')
  })
})

import { describe, expect, it } from 'vitest'
import { parseAssigned, parseSigned, parseWide } from '../src/numbers.ts'
import { lowerCase, parseAddress, trim } from '../src/text.ts'

const WRAP = 2n ** 256n

describe('numbers in text', () => {
  it.each([
    ['0', 0n],
    ['+5', 5n],
    ['-5', -5n],
    ['0005', 5n],
    ['9223372036854775807', 2n ** 63n - 1n],
    ['-9223372036854775808', -(2n ** 63n)],
    ['9223372036854775808', undefined],
    ['', undefined],
    ['-', undefined],
    [' 5', undefined],
    ['5 ', undefined],
    ['1.5', undefined],
    ['0x10', undefined],
    ['٣', undefined],
  ])('of 64 bits: %j', (text, value) => {
    expect(parseSigned(text, 64)).toBe(value)
  })

  it('of 32 bits', () => {
    expect(parseSigned('2147483647', 32)).toBe(2n ** 31n - 1n)
    expect(parseSigned('2147483648', 32)).toBeUndefined()
  })

  it.each([
    ['5', 5n],
    ['-5', WRAP - 5n],
    ['+5', undefined],
    // Octal behind a zero.
    ['0016', 14n],
    ['-010', WRAP - 8n],
    ['08', undefined],
    ['0', 0n],
    ['-', 0n],
    ['--5', undefined],
    ['5-', undefined],
    ['', undefined],
    ['0x10', undefined],
    [' 5', undefined],
    [String(WRAP + 3n), 3n],
  ])('of 256 bits, as rows are read: %j', (text, value) => {
    expect(parseWide(text)).toBe(value)
  })

  it.each([
    ['', 0n],
    ['0x10', 16n],
    ['0X', 0n],
    ['-0xf', WRAP - 15n],
    ['12\0x', 12n],
    ['x', undefined],
    ['+5', undefined],
  ])('of 256 bits, as they are assigned: %j', (text, value) => {
    expect(parseAssigned(text)).toBe(value)
  })
})

describe('text of bytes', () => {
  it('changes its case in ASCII only', () => {
    expect(lowerCase('AbZ\u00c0[')).toBe('abz\u00c0[')
  })

  it('loses blanks at its ends, and no bytes above ASCII', () => {
    expect(trim(' \t\n\v\f\ra b\r \n')).toBe('a b')
    expect(trim('\u00a0a\u00a0')).toBe('\u00a0a\u00a0')
  })

  it.each([
    ['ab'.repeat(20), 'ab'.repeat(20)],
    [`0x${'AB'.repeat(20)}`, 'ab'.repeat(20)],
    ['', '0'.repeat(40)],
    ['0x', '0'.repeat(40)],
    ['0x1', '0'.repeat(40)],
    ['ab'.repeat(21), '0'.repeat(40)],
    [`0X${'ab'.repeat(20)}`, undefined],
    ['xyz', undefined],
    [` ${'ab'.repeat(20)}`, undefined],
  ])('is an address: %j', (text, address) => {
    expect(parseAddress(text)).toBe(address)
  })
})

import { type ByteText, utf8ToText } from '@bcos-ts/common'
import { formatDouble } from './double.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '/': '/',
  '\\': '\\',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

const FOUR_DIGITS = /^[0-9a-fA-F]{4}$/

/** What a quoted token says, or `undefined` for a bad escape. */
export function decodeString(token: ByteText): ByteText | undefined {
  const inner = token.slice(1, -1)
  if (!inner.includes('\\')) return inner
  let decoded = ''
  for (let at = 0; at < inner.length; at++) {
    const character = inner[at] ?? ''
    if (character !== '\\') {
      decoded += character
      continue
    }
    at += 1
    if (inner[at] !== 'u') {
      const escaped = ESCAPES[inner[at] ?? '']
      if (escaped === undefined) return undefined
      decoded += escaped
      continue
    }
    const point = decodeCodePoint(inner, at + 1)
    if (point === undefined) return undefined
    decoded += utf8OfPoint(point.value)
    at += point.length
  }
  return decoded
}

/** A code point behind `\u`; the first half of a surrogate pair needs any second escape behind it. */
function decodeCodePoint(
  text: ByteText,
  at: number,
): { readonly value: number; readonly length: number } | undefined {
  const first = hexDigits(text, at)
  if (first === undefined || first < 0xd800 || first > 0xdbff) {
    return first === undefined ? undefined : { value: first, length: 4 }
  }
  const second = text.startsWith('\\u', at + 4) ? hexDigits(text, at + 6) : undefined
  if (second === undefined) return undefined
  return { value: 0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff), length: 10 }
}

function hexDigits(text: ByteText, at: number): number | undefined {
  const digits = text.slice(at, at + 4)
  return FOUR_DIGITS.test(digits) ? Number.parseInt(digits, 16) : undefined
}

/** A lone second half of a pair is encoded like any other code point, which no text encoder does. */
function utf8OfPoint(point: number): ByteText {
  if (point < 0xd800 || point > 0xdfff) return utf8ToText(String.fromCodePoint(point))
  return String.fromCharCode(
    0xe0 | (point >> 12),
    0x80 | ((point >> 6) & 0x3f),
    0x80 | (point & 0x3f),
  )
}

const INTEGER = /^-?[0-9]*$/
const DOUBLE = /^-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/
/** More digits than 64 bits can have: no need to read such a number exactly. */
const INTEGER_DIGITS_MAX = 20
const INTEGER_MIN = -(2n ** 63n)
const INTEGER_MAX = 2n ** 64n - 1n

/** The text that a number turns into, or `undefined` when the token is none or its double would be infinite. */
export function decodeNumber(token: ByteText): ByteText | undefined {
  if (INTEGER.test(token)) {
    const integer = decodeInteger(token)
    if (integer !== undefined) return String(integer)
  }
  const value = DOUBLE.test(token) ? Number(token) : Number.NaN
  return Number.isFinite(value) ? formatDouble(value) : undefined
}

/** A lone `-` is 0. */
function decodeInteger(token: ByteText): bigint | undefined {
  const isNegative = token.startsWith('-')
  const digits = token.slice(isNegative ? 1 : 0).replace(/^0+/, '')
  if (digits.length > INTEGER_DIGITS_MAX) return undefined
  const value = isNegative ? -BigInt(digits) : BigInt(digits)
  return value < INTEGER_MIN || value > INTEGER_MAX ? undefined : value
}

/**
 * Numbers in the text of rows and arguments, by the reference's three ways of reading them.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'

/** A number with sign and leading zeros allowed, within so many bits; `undefined` for any other text (spec 03 §3.1). */
export function parseSigned(text: ByteText, bits: 32 | 64): bigint | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined
  const value = BigInt(text.replace(/^\+/, ''))
  return BigInt.asIntN(bits, value) === value ? value : undefined
}

/**
 * A 256-bit number as the reference's stream reader takes it: sign `-` but not `+`, octal after a leading zero
 * (spec 03 §4.3, correction b). `undefined` for any other text, the empty one too.
 */
export function parseWide(text: ByteText): bigint | undefined {
  return /^[+\-0-9]+$/.test(text) ? parseAssigned(text) : undefined
}

/** What nodes themselves write: too short to need wrapping. */
const ORDINARY = /^[1-9][0-9]{0,70}$/

/**
 * A 256-bit number as the reference assigns it from text: as {@link parseWide}, and hexadecimal after `0x`, and
 * nothing for the empty text. Bytes after a NUL do not count. Wraps to 256 bits.
 */
export function parseAssigned(text: ByteText): bigint | undefined {
  if (ORDINARY.test(text)) return BigInt(text)
  const [whole = ''] = text.split('\0', 1)
  const isNegative = whole.startsWith('-')
  const magnitude = parseMagnitude(isNegative ? whole.slice(1) : whole)
  if (magnitude === undefined) return undefined
  return BigInt.asUintN(256, isNegative ? -magnitude : magnitude)
}

function parseMagnitude(digits: string): bigint | undefined {
  if (digits === '') return 0n
  if (/^0[xX][0-9a-fA-F]*$/.test(digits)) return BigInt(`0x0${digits.slice(2)}`)
  if (/^0[0-7]*$/.test(digits)) return BigInt(`0o0${digits}`)
  return /^[1-9][0-9]*$/.test(digits) ? BigInt(digits) : undefined
}

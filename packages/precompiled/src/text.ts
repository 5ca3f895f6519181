/**
 * Text as the reference treats it: bytes, with the rules of the C locale. The methods of JavaScript strings know
 * Unicode and would change bytes above 0x7f.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import { type Address, ZERO_ADDRESS } from '@bcos-ts/protocol'

export function lowerCase(text: ByteText): ByteText {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** Without blanks, tabs and line ends at both ends. */
export function trim(text: ByteText): ByteText {
  return text.replace(/^[ \t-\r]+/, '').replace(/[ \t-\r]+$/, '')
}

const HEX = /^(?:0x)?[0-9a-fA-F]*$/

/**
 * The address in a text of hex digits of either case, with or without `0x`. Digits of any other length than an
 * address make the zero address; `undefined` when there are other characters (spec 03 §4.3).
 */
export function parseAddress(text: ByteText): Address | undefined {
  if (!HEX.test(text)) return undefined
  const digits = text.startsWith('0x') ? text.slice(2) : text
  return digits.length === ZERO_ADDRESS.length ? digits.toLowerCase() : ZERO_ADDRESS
}

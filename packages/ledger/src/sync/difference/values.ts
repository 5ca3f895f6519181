/**
 * Values of rows and receipts as an operator reads them.
 * @module
 */
import { type ByteText, textToBytes, textToUtf8, toHex } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/protocol'
import type { DifferingField } from '@bcos-ts/protocol/ports'

const SHOWN_MAX = 512
/** Digits of the hash that stands for what is cut off. */
const DIGEST_DIGITS = 16
/** How much of what is equal is shown before the place where two long values part. */
const BEFORE_MAX = 32

/** Text where it is printable, else `0x` and hex digits; what is long is cut, with its length and hash behind it. */
export function shownValue(value: ByteText, suite: Pick<CryptoSuite, 'hash'>): string {
  const text = readable(value)
  if (text.length <= SHOWN_MAX) return text
  return `${text.slice(0, SHOWN_MAX)}${restOf(value, suite)}`
}

/** Both sides of a field; of long values the part where they begin to differ. */
export function differingField(
  field: string,
  sides: { readonly expected: ByteText | undefined; readonly own: ByteText | undefined },
  suite: Pick<CryptoSuite, 'hash'>,
): DifferingField {
  const { expected, own } = sides
  if (expected === undefined || own === undefined) {
    const shown = (value: ByteText | undefined): string | null =>
      value === undefined ? null : shownValue(value, suite)
    return { field, expected: shown(expected), own: shown(own) }
  }
  const a = readable(expected)
  const b = readable(own)
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  const isLong = a.length > SHOWN_MAX || b.length > SHOWN_MAX
  const from = isLong ? Math.max(0, at - BEFORE_MAX) : 0
  const part = (text: string, value: ByteText): string => {
    const cut = `${from > 0 ? '…' : ''}${text.slice(from, from + SHOWN_MAX)}`
    return isLong ? `${cut}${restOf(value, suite)}` : cut
  }
  return { field, expected: part(a, expected), own: part(b, own) }
}

function restOf(value: ByteText, suite: Pick<CryptoSuite, 'hash'>): string {
  const digest = toHex(suite.hash(textToBytes(value))).slice(0, DIGEST_DIGITS)
  return `… (${value.length} bytes, hash ${digest}…)`
}

function readable(value: ByteText): string {
  const text = textToUtf8(value)
  const isPrintable = !/[\p{Cc}\uFFFD]/u.test(text)
  return isPrintable ? text : `0x${toHex(textToBytes(value))}`
}

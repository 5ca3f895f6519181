/**
 * Writer of the distinguished encoding rules (X.690 §10): each function gives one whole element.
 * @module
 */
import { bigIntToMinimalBytes, compareBytes, concatBytes, EMPTY_BYTES, utf8 } from '@bcos-ts/common'
import { contextTag, TAG } from './tag.ts'

function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length)
  const bytes = bigIntToMinimalBytes(BigInt(length))
  return concatBytes(Uint8Array.of(0x80 | bytes.length), bytes)
}

/** An element of any tag around the bytes given. */
export function element(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...content)
  return concatBytes(Uint8Array.of(tag), lengthOf(body.length), body)
}

export function sequence(...content: readonly Uint8Array[]): Uint8Array {
  return element(TAG.sequence, ...content)
}

/** SET OF, sorted as DER demands (X.690 §11.6). */
export function setOf(...content: readonly Uint8Array[]): Uint8Array {
  return element(TAG.set, ...content.toSorted(compareBytes))
}

export function explicit(n: number, content: Uint8Array): Uint8Array {
  return element(contextTag(n), content)
}

/** A non-negative integer. */
export function integer(value: bigint | number): Uint8Array {
  const bytes = bigIntToMinimalBytes(BigInt(value))
  const needsZero = bytes.length === 0 || (bytes[0] ?? 0) >= 0x80
  return element(TAG.integer, needsZero ? Uint8Array.of(0) : EMPTY_BYTES, bytes)
}

export function boolean(value: boolean): Uint8Array {
  return element(TAG.boolean, Uint8Array.of(value ? 0xff : 0))
}

export function nothing(): Uint8Array {
  return element(TAG.null)
}

export function octetString(bytes: Uint8Array): Uint8Array {
  return element(TAG.octetString, bytes)
}

/** Bits of whole bytes, or with the last `unusedBits` left out. */
export function bitString(bytes: Uint8Array, unusedBits: number = 0): Uint8Array {
  return element(TAG.bitString, Uint8Array.of(unusedBits), bytes)
}

export function utf8String(text: string): Uint8Array {
  return element(TAG.utf8String, utf8(text))
}

/** Text in UTF-16, big-endian. */
export function bmpText(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    bytes[2 * i] = unit >> 8
    bytes[2 * i + 1] = unit
  }
  return bytes
}

/** BMPString, as PKCS#12 writes names. */
export function bmpString(text: string): Uint8Array {
  return element(TAG.bmpString, bmpText(text))
}

/** `1.2.840.…` */
export function oid(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  const bytes: number[] = []
  for (const arc of [40 * first + second, ...rest]) {
    const digits = [arc & 0x7f]
    for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128)) {
      digits.unshift((high & 0x7f) | 0x80)
    }
    bytes.push(...digits)
  }
  return element(TAG.oid, Uint8Array.from(bytes))
}

/** AlgorithmIdentifier. */
export function algorithm(name: string, parameters: Uint8Array = EMPTY_BYTES): Uint8Array {
  return sequence(oid(name), parameters)
}

/** Time of a certificate to the second: two digits of a year up to 2049, four after (RFC 5280 §4.1.2.5). */
export function time(ms: number): Uint8Array {
  const [date = '', clock = ''] = new Date(ms).toISOString().split('T')
  const digits = `${date.replaceAll('-', '')}${clock.slice(0, 8).replaceAll(':', '')}Z`
  const year = Number(digits.slice(0, 4))
  const isShort = year >= 1950 && year < 2050
  return isShort
    ? element(TAG.utcTime, utf8(digits.slice(2)))
    : element(TAG.generalizedTime, utf8(digits))
}

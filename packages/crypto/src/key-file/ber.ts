/**
 * Key stores written by Java (Bouncy Castle) use indefinite lengths and strings in pieces (X.690 §8.1.3.6, §8.7.3).
 * @module
 */
import { TAG } from '../der/tag.ts'
import { element } from '../der/write.ts'
import { InvalidDerError } from '../errors.ts'

const DEPTH_MAX = 24
const CONSTRUCTED = 0x20
const OCTET_STRING_IN_PIECES = 0x24

interface Piece {
  readonly der: Uint8Array
  readonly end: number
}

function fail(reason: string): never {
  throw new InvalidDerError('BER structure', reason)
}

/** Length of the content, or -1 when it is indefinite, and where the content starts. */
function readLength(bytes: Uint8Array, at: number): { length: number; contentAt: number } {
  const first = bytes[at] ?? fail('a length is missing')
  if (first === 0x80) return { length: -1, contentAt: at + 1 }
  if (first < 0x80) return { length: first, contentAt: at + 1 }
  const size = first & 0x7f
  if (size > 4) fail('a length is beyond 4 GiB')
  let length = 0
  for (let i = 1; i <= size; i++) length = length * 256 + (bytes[at + i] ?? fail('a length is cut'))
  return { length, contentAt: at + 1 + size }
}

function isEndOfContents(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0 && bytes[at + 1] === 0
}

function convert(bytes: Uint8Array, at: number, limit: number, depth: number): Piece {
  if (depth > DEPTH_MAX) fail(`more than ${DEPTH_MAX} levels`)
  if (at >= limit) fail('an element is missing')
  const tag = bytes[at] ?? 0
  const { length, contentAt } = readLength(bytes, at + 1)
  const isIndefinite = length < 0
  const contentEnd = isIndefinite ? limit : contentAt + length
  if (contentEnd > limit) fail('an element is longer than what holds it')
  if ((tag & CONSTRUCTED) === 0) {
    if (isIndefinite) fail('a primitive element has no length')
    return { der: element(tag, bytes.subarray(contentAt, contentEnd)), end: contentEnd }
  }
  const children: Uint8Array[] = []
  let next = contentAt
  while (isIndefinite ? !isEndOfContents(bytes, next) : next < contentEnd) {
    const child = convert(bytes, next, contentEnd, depth + 1)
    children.push(child.der)
    next = child.end
  }
  const end = isIndefinite ? next + 2 : next
  if (end > limit) fail('an element is longer than what holds it')
  return { der: join(tag, children), end }
}

/** Pieces of a string become one; everything else keeps its children. */
function join(tag: number, children: readonly Uint8Array[]): Uint8Array {
  if (tag !== OCTET_STRING_IN_PIECES) return element(tag, ...children)
  return element(TAG.octetString, ...children.map(contentOf))
}

function contentOf(octetString: Uint8Array): Uint8Array {
  if (octetString[0] !== TAG.octetString) fail('a string is made of pieces of another type')
  const { contentAt } = readLength(octetString, 1)
  return octetString.subarray(contentAt)
}

/** The same element with definite lengths and whole strings. Throws `CRYPTO_INVALID_DER`. */
export function berToDer(bytes: Uint8Array): Uint8Array {
  const { der, end } = convert(bytes, 0, bytes.length, 0)
  if (end !== bytes.length) fail('bytes follow the structure')
  return der
}

import { BcosError } from './errors.ts'
import { hexSlice, hostWrite } from './host-buffer.ts'
import { allocBytes } from './slab.ts'

/** Text that should have been hexadecimal digits, two for each byte. */
export class InvalidHexError extends BcosError<'COMMON_INVALID_HEX', { readonly text: string }> {
  override readonly name = 'InvalidHexError'
  constructor(text: string) {
    const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text
    super('COMMON_INVALID_HEX', `not hexadecimal text with two digits a byte: "${shown}"`, {
      details: { text: shown },
    })
  }
}

export const EMPTY_BYTES: Uint8Array = new Uint8Array(0)

const HEX_PAIRS: readonly string[] = Array.from({ length: 256 }, (_, i) =>
  i.toString(16).padStart(2, '0'),
)

/** Lower-case hexadecimal digits, without `0x`. */
export function toHex(bytes: Uint8Array): string {
  if (hexSlice !== undefined) return hexSlice.call(bytes)
  let text = ''
  for (const byte of bytes) text += HEX_PAIRS[byte]
  return text
}

/** Lower-case hexadecimal digits behind `0x`. */
export function to0x(bytes: Uint8Array): string {
  return `0x${toHex(bytes)}`
}

function nibble(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

/** Bytes of hexadecimal text of either case, with or without `0x`. Throws {@link InvalidHexError}. */
export function fromHex(text: string): Uint8Array {
  const digits = text.startsWith('0x') ? text.slice(2) : text
  if (digits.length % 2 !== 0) throw new InvalidHexError(text)
  const bytes = allocBytes(digits.length / 2)
  const written = hostWrite(bytes, digits, 'hex')
  if (written !== undefined) {
    if (written !== bytes.length) throw new InvalidHexError(text)
    return bytes
  }
  for (let i = 0; i < bytes.length; i++) {
    const high = nibble(digits.charCodeAt(2 * i))
    const low = nibble(digits.charCodeAt(2 * i + 1))
    if (high < 0 || low < 0) throw new InvalidHexError(text)
    bytes[i] = (high << 4) | low
  }
  return bytes
}

export function isHex(text: string, bytes?: number): boolean {
  return (bytes === undefined || text.length === 2 * bytes) && /^(?:[0-9a-fA-F]{2})*$/.test(text)
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const whole = allocBytes(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Byte-wise order, a prefix first: negative, zero or positive as in `Array.sort`. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

const WORD_BYTES = 8
const WORD_BITS = 64n
/** Where bigints are put together: a view for each value would cost more than the value. Lowest byte first. */
const scratch = new Uint8Array(4 * WORD_BYTES)
const scratchView = new DataView(scratch.buffer)
/** Integers of so many bytes are exact in a double. */
const DOUBLE_BYTES = 6

/** Big-endian unsigned integer of any length, in `[start, end)`; no bytes are 0. */
export function bytesToBigInt(bytes: Uint8Array, start = 0, end: number = bytes.length): bigint {
  const length = end - start
  if (length <= DOUBLE_BYTES) {
    let value = 0
    for (let i = start; i < end; i++) value = value * 256 + (bytes[i] ?? 0)
    return BigInt(value)
  }
  if (length > scratch.length) return BigInt(`0x${toHex(bytes.subarray(start, end))}`)
  let at = Math.ceil(length / WORD_BYTES) * WORD_BYTES
  scratch.fill(0, length, at)
  for (let i = 0; i < length; i++) scratch[length - 1 - i] = bytes[start + i] ?? 0
  let value = 0n
  while (at > 0) {
    at -= WORD_BYTES
    value = (value << WORD_BITS) | scratchView.getBigUint64(at, true)
  }
  return value
}

/** Big-endian, exactly `length` bytes; higher bits are cut off. */
export function bigIntToBytes(value: bigint, length: number): Uint8Array {
  const bytes = allocBytes(length)
  let rest = value
  for (let end = length; end > 0 && rest !== 0n; end -= WORD_BYTES) {
    scratchView.setBigUint64(0, rest, true)
    const count = Math.min(WORD_BYTES, end)
    for (let i = 0; i < count; i++) bytes[end - 1 - i] = scratch[i] ?? 0
    rest >>= WORD_BITS
  }
  return bytes
}

/** Big-endian without leading zero bytes; zero is empty. */
export function bigIntToMinimalBytes(value: bigint): Uint8Array {
  if (value === 0n) return EMPTY_BYTES
  const digits = value.toString(16)
  return fromHex(digits.length % 2 === 0 ? digits : `0${digits}`)
}

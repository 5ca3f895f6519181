import { BcosError } from './errors.ts'

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
  const start = text.startsWith('0x') ? 2 : 0
  const digits = text.length - start
  if (digits % 2 !== 0) throw new InvalidHexError(text)
  const bytes = new Uint8Array(digits / 2)
  for (let i = 0; i < bytes.length; i++) {
    const high = nibble(text.charCodeAt(start + 2 * i))
    const low = nibble(text.charCodeAt(start + 2 * i + 1))
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
  const whole = new Uint8Array(length)
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

/** Big-endian unsigned integer of any length; empty bytes are 0. */
export function bytesToBigInt(bytes: Uint8Array): bigint {
  if (bytes.length === 32) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, 32)
    const high = (view.getBigUint64(0) << 64n) | view.getBigUint64(8)
    return (high << 128n) | (view.getBigUint64(16) << 64n) | view.getBigUint64(24)
  }
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`)
}

/** Big-endian, exactly `length` bytes; higher bits are cut off. */
export function bigIntToBytes(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let rest = BigInt.asUintN(8 * length, value)
  const view = new DataView(bytes.buffer)
  let end = length
  for (; end >= 8; end -= 8) {
    view.setBigUint64(end - 8, BigInt.asUintN(64, rest))
    rest >>= 64n
  }
  for (; end > 0; end--) {
    bytes[end - 1] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}

/** Big-endian without leading zero bytes; zero is empty. */
export function bigIntToMinimalBytes(value: bigint): Uint8Array {
  if (value === 0n) return EMPTY_BYTES
  if (value < 0x1_0000_0000n) return smallToMinimalBytes(Number(value))
  const digits = value.toString(16)
  return fromHex(digits.length % 2 === 0 ? digits : `0${digits}`)
}

function smallToMinimalBytes(value: number): Uint8Array {
  if (value < 0x100) return Uint8Array.of(value)
  if (value < 0x1_0000) return Uint8Array.of(value >> 8, value)
  if (value < 0x100_0000) return Uint8Array.of(value >> 16, value >> 8, value)
  return Uint8Array.of(value >>> 24, value >> 16, value >> 8, value)
}

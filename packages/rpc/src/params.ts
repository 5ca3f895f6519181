/**
 * Numbers, hashes, addresses and bytes that clients write as text (spec 02 §13.5).
 * @module
 */
import { fromHex, isHex } from '@bcos-ts/common'
import type { Address, HashText } from '@bcos-ts/protocol'
import { RpcError } from './errors.ts'

const ADDRESS_BYTES = 20
const HASH_DIGITS = 64
const ZERO_HASH_TEXT: HashText = '0'.repeat(HASH_DIGITS)
/** Longest text that is read as a number: more digits than 256 bits have in decimal. */
const NUMBER_TEXT_MAX = 80

/** A quantity: decimal digits, or hexadecimal ones behind `0x`; nothing at all is 0. */
export function parseQuantity(text: string): bigint {
  const isNumber = /^(?:0x[0-9a-fA-F]*|\d*)$/.test(text) && text.length <= NUMBER_TEXT_MAX
  if (!isNumber) throw new RpcError('RPC_INTERNAL', `can't convert ${shown(text)} to int`)
  return text === '0x' ? 0n : BigInt(text)
}

/** A block number; one beyond 63 bits is refused. */
export function parseBlockNumber(text: string): number {
  const number = parseQuantity(text)
  if (number >= 1n << 63n) {
    throw new RpcError('RPC_INTERNAL', 'bad lexical cast: the number is too large')
  }
  return Number(number)
}

/** An index or a count; too large ones are simply out of every range. */
export function parseIndex(text: string): number {
  return Number(parseQuantity(text))
}

/** A hash; text that is none becomes the zero hash, which nothing has. */
export function parseHash(text: string): HashText {
  if (/^\d+$/.test(text) && text.length <= NUMBER_TEXT_MAX) {
    return BigInt(text).toString(16).padStart(HASH_DIGITS, '0').slice(-HASH_DIGITS)
  }
  if (!text.startsWith('0x')) return ZERO_HASH_TEXT
  const digits = text.slice(2)
  if (!/^[0-9a-fA-F]*$/.test(digits)) throw new RpcError('RPC_INTERNAL', `bad hash ${shown(text)}`)
  if (digits.length < HASH_DIGITS) return ZERO_HASH_TEXT
  return digits.slice(-HASH_DIGITS).toLowerCase()
}

/** 40 digits with or without `0x`. */
export function parseAddress(text: string): Address {
  const digits = text.startsWith('0x') ? text.slice(2) : text
  if (!isHex(digits, ADDRESS_BYTES)) {
    throw new RpcError('RPC_INTERNAL', `InvalidAddress ${shown(text)}`)
  }
  return digits.toLowerCase()
}

/** Hexadecimal digits with or without `0x`; an odd number of them is read as if a zero stood before. */
export function parseBytes(text: string): Uint8Array {
  const isOdd = text.length % 2 !== 0
  try {
    return fromHex(isOdd ? `0${text.startsWith('0x') ? text.slice(2) : text}` : text)
  } catch {
    throw new RpcError('RPC_INTERNAL', `Cannot interpret '${shown(text)}' as bytes; write hex`)
  }
}

function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

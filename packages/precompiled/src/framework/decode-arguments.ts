/**
 * The reference's lenient reading of call data (spec 03 §2.2): the first argument that cannot be read ends the
 * reading, it and all after it keep their empty values, and the call goes on. Offsets and lengths are cut to 64
 * bits and their sums wrap there.
 * @module
 */
import { bytesToBigInt, bytesToText, EMPTY_BYTES, toHex } from '@bcos-ts/common'
import { ZERO_ADDRESS } from '@bcos-ts/protocol'
import type { ArgumentValue, ElementaryType, InputParameter } from './signature.ts'

const WORD = 32
/** Words up to this one count as positive, although the standard's border is `0x7f…` (spec 03 §2.2). */
const POSITIVE_MAX = (0x90n << 248n) - 1n

/** Reads the arguments behind a selector. Never fails. */
export function decodeArguments(
  parameters: readonly InputParameter[],
  data: Uint8Array,
): ArgumentValue[] {
  const values: ArgumentValue[] = []
  for (const { type } of parameters) {
    const value = readArgument(type, data, WORD * values.length)
    if (value === undefined) break
    values.push(value)
  }
  for (const { type } of parameters.slice(values.length)) values.push(emptyValue(type))
  return values
}

/** One value whose head stands at `head`, or `undefined` when the data ends before it does. */
export function readArgument(
  type: ElementaryType,
  data: Uint8Array,
  head: number,
): ArgumentValue | undefined {
  if (head + WORD > data.length) return undefined
  switch (type) {
    case 'int256': {
      const value = integerAt(data, head)
      return value > POSITIVE_MAX ? value - (1n << 256n) : value
    }
    case 'uint256':
      return integerAt(data, head)
    case 'bool':
      return wordAt(data, head).some((byte) => byte !== 0)
    case 'address':
      return toHex(data.subarray(head + 12, head + WORD))
    case 'bytes32':
      return wordAt(data, head)
    case 'bytes':
      return dynamicBytes(data, head)
    case 'string': {
      const bytes = dynamicBytes(data, head)
      return bytes && bytesToText(bytes)
    }
  }
}

function emptyValue(type: ElementaryType): ArgumentValue {
  switch (type) {
    case 'int256':
    case 'uint256':
      return 0n
    case 'bool':
      return false
    case 'address':
      return ZERO_ADDRESS
    case 'bytes32':
      return new Uint8Array(WORD)
    case 'bytes':
      return EMPTY_BYTES
    case 'string':
      return ''
  }
}

function wordAt(data: Uint8Array, at: number): Uint8Array {
  return data.subarray(at, at + WORD)
}

/** Most integers are small: they are read without a view of the word. */
function integerAt(data: Uint8Array, at: number): bigint {
  for (let i = at; i < at + WORD - 6; i++) if (data[i] !== 0) return bytesToBigInt(wordAt(data, at))
  return BigInt(uint48At(data, at + WORD - 6))
}

function uint48At(data: Uint8Array, at: number): number {
  let value = 0
  for (let i = at; i < at + 6; i++) value = 256 * value + (data[i] ?? 0)
  return value
}

function dynamicBytes(data: Uint8Array, head: number): Uint8Array | undefined {
  const offset = low64(data, head)
  const size = data.length
  if (add64(offset, 31) >= size) return undefined
  // Beyond the data and yet let through: the sum has wrapped, and there is nothing to read.
  if (add64(offset, 0) > size - WORD) return EMPTY_BYTES
  const lengthAt = Number(offset)
  const length = low64(data, lengthAt)
  if (add64(offset, add64(length, 31)) >= size) return undefined
  if (length > size) return EMPTY_BYTES
  const start = lengthAt + WORD
  return data.subarray(start, start + Number(length))
}

/** The last 64 bits of a word; a number where it is exact, which it is in all call data that means what it says. */
function low64(data: Uint8Array, word: number): number | bigint {
  const high = ((data[word + 24] ?? 0) << 8) | (data[word + 25] ?? 0)
  const low = uint48At(data, word + 26)
  return high === 0 ? low : BigInt(high) * 0x1_0000_0000_0000n + BigInt(low)
}

function add64(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') return a + b
  return BigInt.asUintN(64, BigInt(a) + BigInt(b))
}

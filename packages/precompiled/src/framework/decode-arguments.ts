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
  const word = wordAt(data, head)
  if (word === undefined) return undefined
  switch (type) {
    case 'int256': {
      const value = bytesToBigInt(word)
      return value > POSITIVE_MAX ? value - (1n << 256n) : value
    }
    case 'uint256':
      return bytesToBigInt(word)
    case 'bool':
      return word.some((byte) => byte !== 0)
    case 'address':
      return toHex(word.subarray(12))
    case 'bytes32':
      return word
    case 'bytes':
      return dynamicBytes(data, word)
    case 'string': {
      const bytes = dynamicBytes(data, word)
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

function wordAt(data: Uint8Array, at: number): Uint8Array | undefined {
  return at + WORD <= data.length ? data.subarray(at, at + WORD) : undefined
}

function dynamicBytes(data: Uint8Array, offsetWord: Uint8Array): Uint8Array | undefined {
  const offset = low64(offsetWord)
  const size = data.length
  if (add64(offset, 31) >= size) return undefined
  // Beyond the data and yet let through: the sum has wrapped, and there is nothing to read.
  const lengthWord = offset < size ? wordAt(data, Number(offset)) : undefined
  if (lengthWord === undefined) return EMPTY_BYTES
  const length = low64(lengthWord)
  if (add64(offset, add64(length, 31)) >= size) return undefined
  if (length > size) return EMPTY_BYTES
  const start = Number(offset) + WORD
  return data.subarray(start, start + Number(length))
}

/** A number where it is exact, which it is in all call data that means what it says. */
function low64(word: Uint8Array): number | bigint {
  const view = new DataView(word.buffer, word.byteOffset, WORD)
  const isSmall = view.getUint32(24) === 0
  return isSmall ? view.getUint32(28) : view.getBigUint64(24)
}

function add64(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') return a + b
  return BigInt.asUintN(64, BigInt(a) + BigInt(b))
}

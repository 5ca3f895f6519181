import { bytesToBigInt, fromUtf8, to0x } from '@bcos-ts/common'
import { InvalidAbiError } from '../errors.ts'
import { type AbiParameter, type AbiType, headBytes, isDynamic, parseAbiType } from './type.ts'

/** Integers are bigint, addresses and byte strings `0x` text, arrays and tuples arrays. */
export type DecodedAbiValue = bigint | boolean | string | readonly DecodedAbiValue[]

const WORD = 32
/** More items than any block could carry: a length above this is a lie. */
const ITEMS_MAX = 1_000_000

/** Strict decoding of ABI data. Throws {@link InvalidAbiError} for data that the types cannot have made. */
export function decodeAbi(
  types: readonly (string | AbiParameter)[],
  data: Uint8Array,
): DecodedAbiValue[] {
  return decodeTuple(types.map(parseAbiType), { data, base: 0 })
}

/** A place in the data: offsets inside count from `base`. */
interface Frame {
  readonly data: Uint8Array
  readonly base: number
}

function decodeTuple(types: readonly AbiType[], frame: Frame): DecodedAbiValue[] {
  let at = frame.base
  return types.map((type) => {
    const place = isDynamic(type) ? frame.base + smallInteger(frame.data, at, 'offset') : at
    at += headBytes(type)
    return decodeValue(type, frame.data, place)
  })
}

function decodeValue(type: AbiType, data: Uint8Array, at: number): DecodedAbiValue {
  switch (type.kind) {
    case 'uint':
      return BigInt.asUintN(type.bits, bytesToBigInt(word(data, at)))
    case 'int':
      return BigInt.asIntN(type.bits, bytesToBigInt(word(data, at)))
    case 'bool':
      return bytesToBigInt(word(data, at)) !== 0n
    case 'address':
      return to0x(word(data, at).subarray(12))
    case 'fixedBytes':
      return to0x(word(data, at).subarray(0, type.length))
    case 'bytes':
      return to0x(byteString(data, at))
    case 'string':
      return fromUtf8(byteString(data, at))
    case 'array':
      return decodeArray(type, data, at)
    case 'tuple':
      return decodeTuple(type.items, { data, base: at })
  }
}

function decodeArray(
  type: AbiType & { kind: 'array' },
  data: Uint8Array,
  at: number,
): DecodedAbiValue[] {
  const isOpen = type.length === undefined
  const length = type.length ?? smallInteger(data, at, 'length')
  if (length > ITEMS_MAX || length * headBytes(type.item) > data.length) {
    throw new InvalidAbiError('array', `${length} items in ${data.length} bytes`)
  }
  const items = Array.from({ length }, () => type.item)
  return decodeTuple(items, { data, base: isOpen ? at + WORD : at })
}

function word(data: Uint8Array, at: number): Uint8Array {
  if (at + WORD > data.length) {
    throw new InvalidAbiError('data', `${data.length} bytes end before byte ${at + WORD}`)
  }
  return data.subarray(at, at + WORD)
}

function smallInteger(data: Uint8Array, at: number, what: string): number {
  const value = bytesToBigInt(word(data, at))
  if (value > BigInt(data.length))
    throw new InvalidAbiError('data', `${what} ${value} is out of range`)
  return Number(value)
}

function byteString(data: Uint8Array, at: number): Uint8Array {
  const length = smallInteger(data, at, 'length')
  const start = at + WORD
  if (start + length > data.length) {
    throw new InvalidAbiError('data', `${length} bytes from byte ${start} are cut off`)
  }
  return data.subarray(start, start + length)
}

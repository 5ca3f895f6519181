import { bigIntToBytes, concatBytes, fromHex, isHex, utf8 } from '@bcos-ts/common'
import { InvalidAbiError } from '../errors.ts'
import { type AbiParameter, type AbiType, headBytes, isDynamic, parseAbiType } from './type.ts'

/**
 * A value in ABI data: integers are bigint (numbers are taken), addresses and byte strings hex text or bytes,
 * `string` ordinary text or its bytes, arrays and tuples arrays.
 */
export type AbiValue = bigint | number | boolean | string | Uint8Array | readonly AbiValue[]

const WORD = 32

/** Standard ABI encoding of arguments, without a selector. Throws {@link InvalidAbiError}. */
export function encodeAbi(
  types: readonly (string | AbiParameter)[],
  values: readonly AbiValue[],
): Uint8Array {
  return encodeTuple(types.map(parseAbiType), values)
}

function encodeTuple(types: readonly AbiType[], values: readonly AbiValue[]): Uint8Array {
  if (types.length !== values.length) {
    throw new InvalidAbiError('arguments', `${values.length} values for ${types.length} types`)
  }
  const heads: Uint8Array[] = []
  const tails: Uint8Array[] = []
  let offset = types.reduce((sum, type) => sum + headBytes(type), 0)
  for (const [index, type] of types.entries()) {
    const encoded = encodeValue(type, values[index] ?? 0n)
    if (!isDynamic(type)) {
      heads.push(encoded)
      continue
    }
    heads.push(bigIntToBytes(BigInt(offset), WORD))
    tails.push(encoded)
    offset += encoded.length
  }
  return concatBytes(...heads, ...tails)
}

function encodeValue(type: AbiType, value: AbiValue): Uint8Array {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return encodeIntegerWord(type, value)
    case 'bool':
      return bigIntToBytes(value === true || value === 'true' || value === 1n ? 1n : 0n, WORD)
    case 'address':
      return leftPadded(byteString(type.kind, value), 20)
    case 'fixedBytes':
      return rightPadded(exactly(byteString(`bytes${type.length}`, value), type.length))
    case 'bytes':
      return withLength(byteString(type.kind, value))
    case 'string':
      return withLength(typeof value === 'string' ? utf8(value) : byteString(type.kind, value))
    case 'array':
      return encodeArray(type, value)
    case 'tuple':
      return encodeTuple(type.items, list(type.kind, value))
  }
}

function encodeArray(type: AbiType & { kind: 'array' }, value: AbiValue): Uint8Array {
  const items = list('array', value)
  if (type.length !== undefined && items.length !== type.length) {
    throw new InvalidAbiError('array', `${items.length} items instead of ${type.length}`)
  }
  const body = encodeTuple(
    items.map(() => type.item),
    items,
  )
  return type.length === undefined
    ? concatBytes(bigIntToBytes(BigInt(items.length), WORD), body)
    : body
}

function encodeIntegerWord(type: AbiType & { kind: 'uint' | 'int' }, value: AbiValue): Uint8Array {
  let integer: bigint
  try {
    integer = BigInt(typeof value === 'number' || typeof value === 'bigint' ? value : String(value))
  } catch (error) {
    throw new InvalidAbiError(
      `${type.kind}${type.bits}`,
      `${String(value)} is not an integer: ${String(error)}`,
    )
  }
  const wrapped =
    type.kind === 'uint' ? BigInt.asUintN(type.bits, integer) : BigInt.asIntN(type.bits, integer)
  if (wrapped !== integer) {
    throw new InvalidAbiError(`${type.kind}${type.bits}`, `${integer} is out of range`)
  }
  return bigIntToBytes(integer, WORD)
}

function list(type: string, value: AbiValue): readonly AbiValue[] {
  if (!Array.isArray(value)) throw new InvalidAbiError(type, 'a list is wanted')
  return value
}

function byteString(type: string, value: AbiValue): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string' && isHex(value.replace(/^0x/, ''))) return fromHex(value)
  throw new InvalidAbiError(type, `hex text or bytes are wanted, not ${String(value)}`)
}

function exactly(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length === length) return bytes
  throw new InvalidAbiError(`bytes${length}`, `${bytes.length} bytes`)
}

function leftPadded(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new InvalidAbiError('address', `${bytes.length} bytes`)
  return concatBytes(new Uint8Array(WORD - length), bytes)
}

function rightPadded(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil(bytes.length / WORD) * WORD)
  padded.set(bytes)
  return padded
}

function withLength(bytes: Uint8Array): Uint8Array {
  return concatBytes(bigIntToBytes(BigInt(bytes.length), WORD), rightPadded(bytes))
}

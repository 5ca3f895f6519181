import { bigIntToBytes, EMPTY_BYTES, textToBytes } from '@bcos-ts/common'
import { type AbiValue, encodeAbi } from '@bcos-ts/protocol/abi'
import { CodeWord, type NativeFunction, type NativeResult } from './declaration.ts'
import type { ResultValue } from './signature.ts'

const WORD = 32

/** A number as a word of output: two's complement, wrapped to 256 bits. */
export function encodeWord(value: bigint | number): Uint8Array {
  return bigIntToBytes(BigInt(value), WORD)
}

/** The output of a function that returned `result`. */
export function encodeResult(
  { outputs }: Pick<NativeFunction, 'outputs'>,
  result: NativeResult,
): Uint8Array {
  if (result instanceof CodeWord) return encodeWord(result.code)
  if (result === undefined || outputs.length === 0) return EMPTY_BYTES
  // The common case by far, without the general encoder.
  if (typeof result === 'number' || typeof result === 'bigint') return encodeWord(result)
  const values = outputs.length === 1 ? [result] : asTuple(result)
  return encodeAbi(
    outputs.map(({ type }) => type),
    outputs.map(({ type }, index) => toAbi(type, values[index])),
  )
}

function asTuple(result: NativeResult): readonly NativeResult[] {
  return Array.isArray(result) ? result : [result]
}

function toAbi(type: string, value: NativeResult): AbiValue {
  if (Array.isArray(value)) {
    const item = type.slice(0, -2)
    return value.map((one: ResultValue) => toAbi(item, one))
  }
  if (value instanceof Uint8Array || typeof value === 'boolean') return value
  if (typeof value === 'string') return type === 'string' ? textToBytes(value) : value
  if (typeof value !== 'number' && typeof value !== 'bigint') return 0n
  const wide = BigInt(value)
  return type === 'int256' ? BigInt.asIntN(256, wide) : BigInt.asUintN(256, wide)
}

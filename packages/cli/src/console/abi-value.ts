/**
 * Values of contract calls as people type them, by their ABI types, and as they are shown.
 * @module
 */
import { fromHex, isHex, utf8 } from '@bcos-ts/common'
import {
  type AbiItem,
  type AbiParameter,
  type AbiType,
  type AbiValue,
  type DecodedAbiValue,
  parseAbiType,
} from '@bcos-ts/protocol/abi'
import { AbiArgumentError } from './errors.ts'
import type { Word } from './line.ts'
import { parseLiteral, type Literal } from './literal.ts'
import { type Json, toJson } from './output.ts'

/** Values for the parameters of a function or constructor. Throws `CONSOLE_ABI_VALUE`. */
export function parseAbiValues(
  what: string,
  inputs: readonly AbiParameter[],
  words: readonly Word[],
): readonly AbiValue[] {
  if (words.length !== inputs.length) {
    const expected = inputs.map(({ name, type }) => `${type} ${name}`.trim()).join(', ')
    throw new AbiArgumentError(
      what,
      expected === '' ? 'no arguments' : expected,
      `takes ${inputs.length} arguments, ${words.length} were given; text with blanks stands in quotes`,
    )
  }
  return inputs.map((input, index) => {
    const word = words[index] ?? { text: '', isQuoted: false, start: 0 }
    const place: Place = { name: input.name || `argument ${index + 1}`, type: input.type }
    const type = parseAbiType(input)
    return valueOf(type, literalOf(type, word, place), place)
  })
}

interface Place {
  readonly name: string
  readonly type: string
}

function literalOf(type: AbiType, word: Word, place: Place): Literal {
  if (type.kind !== 'array' && type.kind !== 'tuple') return word
  return parseLiteral(word.text, place.name, place.type)
}

function valueOf(type: AbiType, literal: Literal, place: Place): AbiValue {
  if ('items' in literal) return listOf(type, literal.items, place)
  const { text } = literal
  switch (type.kind) {
    case 'uint':
    case 'int':
      return integerOf(type, text, place)
    case 'bool':
      if (text === 'true' || text === 'false') return text === 'true'
      throw wrong(place, text, 'true or false')
    case 'address':
      if (/^(?:0x)?[0-9a-f]{40}$/i.test(text)) return text.toLowerCase()
      throw wrong(place, text, 'an address of 0x and 40 hexadecimal digits')
    case 'string':
      return text
    case 'bytes':
      return bytesOf(literal, place)
    case 'fixedBytes':
      return fixedBytesOf(type.length, literal, place)
    case 'array':
    case 'tuple':
      throw wrong(place, text, `a list such as ${exampleOf(type)}`)
  }
}

function integerOf(
  { kind, bits }: AbiType & { kind: 'uint' | 'int' },
  text: string,
  place: Place,
): bigint {
  const isSigned = kind === 'int'
  const low = isSigned ? -(2n ** BigInt(bits - 1)) : 0n
  const high = 2n ** BigInt(isSigned ? bits - 1 : bits) - 1n
  const range =
    bits > 64 ? `a whole number of ${bits} bits` : `a whole number from ${low} to ${high}`
  if (!/^-?(?:\d{1,78}|0x[0-9a-f]{1,64})$/i.test(text)) throw wrong(place, text, range)
  const isNegative = text.startsWith('-')
  const size = BigInt(isNegative ? text.slice(1) : text)
  const value = isNegative ? -size : size
  if (value < low || value > high) throw wrong(place, text, range)
  return value
}

/** 0x text is bytes; anything else is text in UTF-8, as is 0x text in quotes that is no hexadecimal. */
function bytesOf(
  { text, isQuoted }: { text: string; isQuoted: boolean },
  place: Place,
): Uint8Array {
  if (/^0x/i.test(text) && isHex(text.slice(2))) return fromHex(text)
  if (/^0x/i.test(text) && !isQuoted) {
    throw wrong(place, text, '0x and an even number of hexadecimal digits, or text')
  }
  return utf8(text)
}

function fixedBytesOf(
  length: number,
  literal: { text: string; isQuoted: boolean },
  place: Place,
): Uint8Array {
  const bytes = bytesOf(literal, place)
  if (bytes.length > length) {
    throw wrong(place, literal.text, `at most ${length} bytes, as 0x or as text`)
  }
  const padded = new Uint8Array(length)
  padded.set(bytes)
  return padded
}

function listOf(type: AbiType, items: readonly Literal[], place: Place): readonly AbiValue[] {
  if (type.kind !== 'array' && type.kind !== 'tuple') {
    throw new AbiArgumentError(place.name, place.type, 'one value is expected, not a list')
  }
  const length = type.kind === 'array' ? type.length : type.items.length
  if (length !== undefined && items.length !== length) {
    const reason = `${length} values are expected, ${items.length} were given: it looks like ${exampleOf(type)}`
    throw new AbiArgumentError(place.name, place.type, reason)
  }
  return items.map((item, index) => {
    const inner = type.kind === 'array' ? type.item : type.items[index]
    if (inner === undefined) throw wrong(place, String(index), exampleOf(type))
    return valueOf(inner, item, { name: `${place.name}[${index}]`, type: place.type })
  })
}

function exampleOf(type: AbiType): string {
  switch (type.kind) {
    case 'array':
      return `[${exampleOf(type.item)},${exampleOf(type.item)}]`
    case 'tuple':
      return `[${type.items.map(exampleOf).join(',')}]`
    case 'string':
      return '"text"'
    case 'bool':
      return 'true'
    case 'address':
    case 'bytes':
    case 'fixedBytes':
      return '0x…'
    default:
      return '1'
  }
}

function wrong({ name, type }: Place, text: string, expected: string): AbiArgumentError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return new AbiArgumentError(name, type, `${JSON.stringify(shown)} is not ${expected}`)
}

/** Decoded values as data: integers as decimal text, tuples with their names. */
export function decodedToJson(
  parameters: readonly AbiParameter[],
  values: readonly DecodedAbiValue[],
): readonly Json[] {
  return values.map((value, index) => namedJson(parameters[index], value))
}

function namedJson(parameter: AbiParameter | undefined, value: DecodedAbiValue): Json {
  if (!Array.isArray(value)) return toJson(value)
  const isTuple = parameter?.type === 'tuple'
  const { components } = parameter ?? {}
  if (!isTuple || components?.every(({ name }) => name !== '') !== true) {
    const item = parameter && { ...parameter, type: parameter.type.replace(/\[\d*\]$/, '') }
    return value.map((one: DecodedAbiValue) => namedJson(item, one))
  }
  return Object.fromEntries(
    components.map((component, index) => [
      component.name,
      namedJson(component, value[index] ?? ''),
    ]),
  )
}

/** Whether a function promises to change nothing. */
export function isReadOnly(item: AbiItem): boolean {
  return (
    item.constant === true || item.stateMutability === 'view' || item.stateMutability === 'pure'
  )
}

/**
 * Function signatures as one line of text, read by the compiler and at run time alike:
 * `setValueByKey(string key, string value) returns (int256 rows)`.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import type { Address } from '@bcos-ts/protocol'
import { InvalidDeclarationError } from '../errors.ts'

/** Types that a native contract takes and returns; results may be arrays of them too. */
const ELEMENTARY_TYPES = [
  'string',
  'bytes',
  'bytes32',
  'address',
  'bool',
  'int256',
  'uint256',
] as const

export type ElementaryType = (typeof ELEMENTARY_TYPES)[number]

/** An argument as a function receives it. Strings are bytes, one character each. */
interface ArgumentValues {
  readonly string: ByteText
  readonly bytes: Uint8Array
  readonly bytes32: Uint8Array
  readonly address: Address
  readonly bool: boolean
  readonly int256: bigint
  readonly uint256: bigint
}

/** A result as a function gives it. Integers wrap to 256 bits, so a code may stand where `uint256` is declared. */
interface ResultValues {
  readonly string: ByteText
  readonly bytes: Uint8Array
  readonly bytes32: Uint8Array
  readonly address: Address
  readonly bool: boolean
  readonly int256: bigint | number
  readonly uint256: bigint | number
}

export type ArgumentValue = ArgumentValues[ElementaryType]
export type ResultValue = ResultValues[ElementaryType] | readonly ResultValues[ElementaryType][]

type Trim<S extends string> = S extends ` ${infer Rest}`
  ? Trim<Rest>
  : S extends `${infer Rest} `
    ? Trim<Rest>
    : S

type FirstWord<S extends string> = Trim<S> extends `${infer Word} ${string}` ? Word : Trim<S>

type Argument<TWord> = TWord extends ElementaryType ? ArgumentValues[TWord] : never

type Output<TWord> = TWord extends ElementaryType
  ? ResultValues[TWord]
  : TWord extends `${infer Item extends ElementaryType}[]`
    ? readonly ResultValues[Item][]
    : never

type ArgumentList<S extends string> =
  Trim<S> extends ''
    ? []
    : S extends `${infer Head},${infer Rest}`
      ? [Argument<FirstWord<Head>>, ...ArgumentList<Rest>]
      : [Argument<FirstWord<S>>]

type OutputList<S extends string> =
  Trim<S> extends ''
    ? []
    : S extends `${infer Head},${infer Rest}`
      ? [Output<FirstWord<Head>>, ...OutputList<Rest>]
      : [Output<FirstWord<S>>]

/** The arguments that a signature declares, as a tuple. */
export type ArgumentsOf<S extends string> = S extends `${string}(${infer Inputs})${string}`
  ? ArgumentList<Inputs>
  : never

type OutputsOf<S extends string> = S extends `${string} returns (${infer Outputs})`
  ? OutputList<Outputs>
  : []

/** What a function of that signature returns: nothing, one value, or a tuple of several. */
export type ResultOf<S extends string> =
  OutputsOf<S> extends [] ? void : OutputsOf<S> extends [infer Only] ? Only : Readonly<OutputsOf<S>>

export interface InputParameter {
  readonly name: string
  readonly type: ElementaryType
}

export interface OutputParameter {
  readonly name: string
  readonly type: ElementaryType | `${ElementaryType}[]`
}

export type Mutability = 'nonpayable' | 'view' | 'pure'

export interface ParsedSignature {
  readonly name: string
  readonly inputs: readonly InputParameter[]
  readonly outputs: readonly OutputParameter[]
  readonly mutability: Mutability
  /** `setValueByKey(string,string)`, the text whose hash gives the selector. */
  readonly canonical: string
}

const SIGNATURE = /^(\w+)\(([^()]*)\)(?: (view|pure))?(?: returns \(([^()]+)\))?$/

/** Reads a signature. Throws {@link InvalidDeclarationError}. */
export function parseSignature(signature: string): ParsedSignature {
  const match = SIGNATURE.exec(signature)
  if (match === null) {
    throw new InvalidDeclarationError(
      signature,
      'write "name(type name, …) view returns (type name, …)"',
    )
  }
  const [, name = '', inputText = '', mutability = 'nonpayable', outputText = ''] = match
  const inputs = splitParameters(inputText).map((part) => {
    const [type, parameter] = typeAndName(part)
    if (!isElementary(type)) throw new InvalidDeclarationError(signature, unknownType(type))
    return { type, name: parameter }
  })
  const outputs = splitParameters(outputText).map((part) => {
    const [type, parameter] = typeAndName(part)
    if (!isOutput(type)) throw new InvalidDeclarationError(signature, unknownType(type))
    return { type, name: parameter }
  })
  const canonical = `${name}(${inputs.map(({ type }) => type).join(',')})`
  return { name, inputs, outputs, mutability: asMutability(mutability), canonical }
}

function splitParameters(text: string): string[] {
  return text.trim() === '' ? [] : text.split(',')
}

function typeAndName(part: string): [type: string, name: string] {
  const [type = '', name = ''] = part.trim().split(/ +/)
  return [type, name]
}

function isElementary(type: string): type is ElementaryType {
  return ELEMENTARY_TYPES.some((one) => one === type)
}

function isOutput(type: string): type is OutputParameter['type'] {
  return isElementary(type.replace(/\[\]$/, ''))
}

function asMutability(text: string): Mutability {
  return text === 'view' || text === 'pure' ? text : 'nonpayable'
}

function unknownType(type: string): string {
  return `type "${type}" is none of ${ELEMENTARY_TYPES.join(', ')}`
}

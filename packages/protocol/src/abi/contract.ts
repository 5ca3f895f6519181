import { concatBytes, equalBytes, toHex, utf8 } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/crypto'
import { InvalidAbiError } from '../errors.ts'
import type { LogEntry } from '../receipt.ts'
import { decodeAbi, type DecodedAbiValue } from './decode.ts'
import { type AbiValue, encodeAbi } from './encode.ts'
import { type AbiParameter, canonicalType, isDynamic, parseAbiType } from './type.ts'

/** An entry of a contract's ABI file. */
export interface AbiItem {
  readonly type: 'function' | 'event' | 'constructor' | 'fallback' | 'receive'
  readonly name?: string
  readonly inputs?: readonly AbiParameter[]
  readonly outputs?: readonly AbiParameter[]
  readonly stateMutability?: string
  readonly constant?: boolean
  readonly anonymous?: boolean
}

/** `transfer(address,uint256)`. */
export function signatureOf(item: AbiItem): string {
  return `${item.name ?? ''}(${(item.inputs ?? []).map(canonicalType).join(',')})`
}

/** First four bytes of the suite hash of a signature (spec 01 §3.1). */
export function selectorOf(signature: string, suite: CryptoSuite): Uint8Array {
  return suite.hash(utf8(signature)).subarray(0, 4)
}

export function encodeCall(
  item: AbiItem,
  values: readonly AbiValue[],
  suite: CryptoSuite,
): Uint8Array {
  return concatBytes(selectorOf(signatureOf(item), suite), encodeAbi(item.inputs ?? [], values))
}

export function decodeResult(item: AbiItem, output: Uint8Array): DecodedAbiValue[] {
  return decodeAbi(item.outputs ?? [], output)
}

export interface DecodedEvent {
  readonly name: string
  readonly values: readonly { readonly name: string; readonly value: DecodedAbiValue }[]
}

/** The event a log records, or `undefined` when none of the ABI's events made it. */
export function decodeEvent(
  abi: readonly AbiItem[],
  log: Pick<LogEntry, 'topics' | 'data'>,
  suite: CryptoSuite,
): DecodedEvent | undefined {
  const [first] = log.topics
  if (first === undefined) return undefined
  const item = abi.find(
    (one) =>
      one.type === 'event' &&
      one.anonymous !== true &&
      equalBytes(suite.hash(utf8(signatureOf(one))), first),
  )
  if (item === undefined) return undefined
  const inputs = item.inputs ?? []
  const plain = decodeAbi(
    inputs.filter(({ indexed }) => indexed !== true),
    log.data,
  )
  let topic = 1
  let at = 0
  const values = inputs.map((input) => {
    const value = input.indexed === true ? decodeTopic(input, log.topics[topic++]) : plain[at++]
    if (value === undefined) throw new InvalidAbiError(input.type, 'the log has too few topics')
    return { name: input.name, value }
  })
  return { name: item.name ?? '', values }
}

/** Of dynamic values a topic holds only the hash. */
function decodeTopic(
  input: AbiParameter,
  topic: Uint8Array | undefined,
): DecodedAbiValue | undefined {
  if (topic === undefined) return undefined
  const type = parseAbiType(input)
  const isHashed = isDynamic(type) || type.kind === 'array' || type.kind === 'tuple'
  return isHashed ? `0x${toHex(topic)}` : decodeAbi([input], topic)[0]
}

const ERROR_SIGNATURE = 'Error(string)'

/** The output of a failure with a text: `Error(string)` with the suite's selector (spec 01 §5.2). */
export function encodeErrorText(text: Uint8Array, suite: CryptoSuite): Uint8Array {
  return concatBytes(selectorOf(ERROR_SIGNATURE, suite), encodeAbi(['string'], [text]))
}

/** The text in the output of a failure, or `undefined` when there is none. */
export function decodeErrorText(output: Uint8Array, suite: CryptoSuite): string | undefined {
  if (!equalBytes(output.subarray(0, 4), selectorOf(ERROR_SIGNATURE, suite))) return undefined
  try {
    const [text] = decodeAbi(['string'], output.subarray(4))
    return typeof text === 'string' ? text : undefined
  } catch {
    // Output that only looks like the envelope has no text; it is shown as bytes.
    return undefined
  }
}

/** Parses an ABI file. Throws {@link InvalidAbiError}. */
export function parseAbi(json: string): readonly AbiItem[] {
  try {
    const items: unknown = JSON.parse(json)
    if (Array.isArray(items)) return items
  } catch (error) {
    throw new InvalidAbiError('file', String(error))
  }
  throw new InvalidAbiError('file', 'an ABI is a JSON array')
}

/**
 * Contracts for chains that hash with SM3, made by compilers that know keccak256 only.
 *
 * A compiler hashes names at compile time: selectors of functions, topics of events, the selector of the reason of a
 * revert. What contracts hash while they run is hashed by the chain. Without optimizer each of the former stands in the
 * code as it is, behind a PUSH: it is found there and replaced. With optimizer constants are folded and split, and
 * functions are searched in the order of their selectors, so it stays off.
 * @module
 */
import { equalBytes, utf8 } from '@bcos-ts/common'
import { guomiSuite, standardSuite } from '@bcos-ts/crypto'
import { type AbiItem, signatureOf } from '@bcos-ts/protocol/abi'
import { CompilationError } from './errors.ts'

const PUSH4 = 0x63
const PUSH32 = 0x7f
const SELECTOR_BYTES = 4
const WORD_BYTES = 32
const ERROR_SIGNATURE = 'Error(string)'
/** Signatures that a source writes out itself. */
const WRITTEN_SIGNATURE = /\bencodeWithSignature\s*\(\s*["']([^"']*)["']/g
/** Selectors that the compiler adds up to a constant of its own. */
const INTERFACE_ID = /\.interfaceId\b/

export interface Sm3Request {
  readonly unit: string
  readonly code: Uint8Array
  /** ABIs of all contracts that the sources have. */
  readonly abis: readonly (readonly AbiItem[])[]
  readonly sources: ReadonlyMap<string, string>
}

/** The code with selectors and topics made by SM3. Throws `CLI_SOLIDITY_FAILED` for what cannot be found in it. */
export function withSm3Selectors({ unit, code, abis, sources }: Sm3Request): Uint8Array {
  const texts = [...sources.values()]
  if (texts.some((text) => INTERFACE_ID.test(text))) {
    throw new CompilationError(unit, 'interfaceId cannot be made for a chain with SM3')
  }
  const items = abis.flat()
  const signaturesOf = (type: AbiItem['type']): readonly string[] =>
    items.filter((item) => item.type === type).map(signatureOf)
  const written = texts.flatMap((text) =>
    [...text.matchAll(WRITTEN_SIGNATURE)].map(([, signature = '']) => signature),
  )
  const changed = code.slice()
  for (const signature of new Set([...signaturesOf('function'), ...written, ERROR_SIGNATURE])) {
    replaceSelector(unit, signature, { code, changed })
  }
  for (const signature of new Set(signaturesOf('event'))) {
    const [from, to] = hashesOf(signature)
    requireFullLength(unit, signature, from)
    replace(Uint8Array.of(PUSH32, ...from), Uint8Array.of(PUSH32, ...to), { code, changed })
  }
  return changed
}

interface Codes {
  /** As the compiler made it. */
  readonly code: Uint8Array
  readonly changed: Uint8Array
}

/** Selectors stand alone, or at the left of a word that goes into memory. */
function replaceSelector(unit: string, signature: string, codes: Codes): void {
  const [from, to] = hashesOf(signature).map((hash) => hash.subarray(0, SELECTOR_BYTES))
  if (from === undefined || to === undefined) return
  requireFullLength(unit, signature, from)
  const rest = new Uint8Array(WORD_BYTES - SELECTOR_BYTES)
  replace(Uint8Array.of(PUSH4, ...from), Uint8Array.of(PUSH4, ...to), codes)
  replace(Uint8Array.of(PUSH32, ...from, ...rest), Uint8Array.of(PUSH32, ...to, ...rest), codes)
}

/** A constant that begins with a zero is pushed without it, and another would not fit into its place. */
function requireFullLength(unit: string, signature: string, hash: Uint8Array): void {
  if (hash[0] !== 0) return
  throw new CompilationError(
    unit,
    `${signature} has a hash that cannot be replaced by one of SM3; give it another name`,
  )
}

function hashesOf(signature: string): readonly [keccak: Uint8Array, sm3: Uint8Array] {
  const bytes = utf8(signature)
  return [standardSuite.hash(bytes), guomiSuite.hash(bytes)]
}

/** Searches what the compiler made, so that nothing is replaced twice. */
function replace(from: Uint8Array, to: Uint8Array, { code, changed }: Codes): void {
  for (let at = code.indexOf(from[0] ?? 0); at !== -1; at = code.indexOf(from[0] ?? 0, at + 1)) {
    if (equalBytes(code.subarray(at, at + from.length), from)) changed.set(to, at)
  }
}

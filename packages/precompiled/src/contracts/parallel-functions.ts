/**
 * Critical fields of Solidity contracts: what they have registered in ParallelConfig, read for one transaction
 * (spec 03 §14.2).
 * @module
 */
import { type Address, parallelTable } from '@bcos-ts/protocol'
import type { StateTables } from '@bcos-ts/protocol/ports'
import { readArgument } from '../framework/decode-arguments.ts'
import { argumentBytes, SELECTOR_BYTES, selectorNumber } from '../framework/dispatch.ts'
import type { ElementaryType } from '../framework/signature.ts'
import { parseAssigned } from '../numbers.ts'
import { PARALLEL_KEY } from './parallel-config.ts'
import { fieldOf, where } from './rows.ts'

const WORD = 32

/** Parameter types that can be conflicted on, as they are read. */
const CRITICAL_TYPES: ReadonlyMap<string, ElementaryType> = new Map([
  ['int', 'int256'],
  ['int256', 'int256'],
  ['uint', 'uint256'],
  ['uint256', 'uint256'],
  ['address', 'address'],
  ['string', 'string'],
])

/** What the parallel functions of contracts conflict on, as they were registered before the block. */
export class ParallelFunctions {
  readonly #tables: StateTables
  /** By contract and selector. */
  readonly #known = new Map<Address, Map<number, readonly ElementaryType[] | undefined>>()

  constructor(tables: StateTables) {
    this.#tables = tables
  }

  /**
   * Texts on which a call of this contract conflicts, or `undefined` when it conflicts with everything: not
   * registered, registered for parameters that cannot be read, or with too little data for them.
   * Of a block's transactions, to be asked before the first of them is executed.
   */
  criticalFields(contract: Address, input: Uint8Array): readonly string[] | undefined {
    const types = input.length < SELECTOR_BYTES ? undefined : this.#typesOf(contract, input)
    if (types === undefined) return undefined
    const data = argumentBytes(input)
    const fields: string[] = []
    for (const [index, type] of types.entries()) {
      const value = readArgument(type, data, WORD * index)
      if (value === undefined) return undefined
      fields.push(String(value) + contract)
    }
    return fields
  }

  /** Opens the table of the contract, as asking for the fields does. */
  open(contract: Address, input: Uint8Array): void {
    if (input.length >= SELECTOR_BYTES) this.#typesOf(contract, input)
  }

  #typesOf(contract: Address, input: Uint8Array): readonly ElementaryType[] | undefined {
    const selector = selectorNumber(input)
    let ofContract = this.#known.get(contract)
    if (ofContract === undefined) {
      ofContract = new Map()
      this.#known.set(contract, ofContract)
    }
    if (!ofContract.has(selector)) {
      ofContract.set(selector, this.#lookUp(contract, String(selector)))
    }
    return ofContract.get(selector)
  }

  #lookUp(contract: Address, selector: string): readonly ElementaryType[] | undefined {
    const table = this.#tables.open(parallelTable(contract))
    const [row] = table?.select(PARALLEL_KEY, where(this.#tables, 'selector', selector)) ?? []
    if (row === undefined) return undefined
    const size = BigInt.asUintN(64, parseAssigned(fieldOf(row, 'criticalSize')) ?? 0n)
    return criticalTypes(fieldOf(row, 'functionName'), size)
  }
}

/** The types of the first `size` parameters, or `undefined` when the signature does not have such ones. */
function criticalTypes(signature: string, size: bigint): readonly ElementaryType[] | undefined {
  const types = parameterTypes(signature)
  if (types === undefined || BigInt(types.length) < size) return undefined
  const critical: ElementaryType[] = []
  for (const type of types.slice(0, Number(size))) {
    const readable = CRITICAL_TYPES.get(type)
    if (readable === undefined) return undefined
    critical.push(readable)
  }
  return critical
}

/** What stands between the first brackets, or `undefined` when that is not a list of Solidity types. */
function parameterTypes(signature: string): readonly string[] | undefined {
  const start = signature.indexOf('(')
  const end = signature.indexOf(')')
  if (start < 0 || end <= start) return undefined
  const types = signature
    .slice(start + 1, end)
    .split(',')
    .map((type) => type.replace(/^ +| +$/g, ''))
    .filter((type) => type !== '')
  return types.every(isSolidityType) ? types : undefined
}

const DIMENSIONS = /^\[ *[0-9]* *\](?:[^[\]]*\[ *[0-9]* *\])*$/
const INTEGER = /^u?int(\d*)$/
const FIXED_BYTES = /^bytes([1-9]|[12][0-9]|3[0-2])$/

function isSolidityType(type: string): boolean {
  const bracket = type.indexOf('[')
  const element = (bracket < 0 ? type : type.slice(0, bracket)).replace(/ +$/, '')
  return isElementary(element) && (bracket < 0 || DIMENSIONS.test(type.slice(bracket)))
}

function isElementary(type: string): boolean {
  if (['bool', 'address', 'string', 'bytes'].includes(type)) return true
  const bits = INTEGER.exec(type)?.[1]
  if (bits === undefined) return FIXED_BYTES.test(type)
  return bits === '' || (!bits.startsWith('0') && Number(bits) % 8 === 0 && Number(bits) <= 256)
}

import { selectorOf } from '@bcos-ts/protocol/abi'
import type { NativeContext } from '@bcos-ts/protocol/ports'
import { InvalidDeclarationError } from '../errors.ts'
import type { FunctionTable, NativeFunction } from './declaration.ts'

/** How much of call data names the function. */
export const SELECTOR_BYTES = 4

type Suite = NativeContext['suite']

/** Finds functions by selector. Selectors hang on the hash of a suite: one dispatcher for each. */
export class Dispatcher {
  readonly #suite: Suite
  readonly #tables = new Map<FunctionTable<never>, ReadonlyMap<number, number>>()

  /** Throws {@link InvalidDeclarationError} when a contract has two functions with the same selector. */
  constructor(suite: Suite, contracts: Iterable<FunctionTable<undefined>>) {
    this.#suite = suite
    for (const contract of contracts) this.#indexesOf(contract)
  }

  /** The function that call data names, or `undefined`: no such selector, or too short for one. */
  find<TSelf>(table: FunctionTable<TSelf>, input: Uint8Array): NativeFunction<TSelf> | undefined {
    if (input.length < SELECTOR_BYTES) return undefined
    const index = this.#indexesOf(table).get(selectorNumber(input))
    return index === undefined ? undefined : table.functions[index]
  }

  #indexesOf<TSelf>(table: FunctionTable<TSelf>): ReadonlyMap<number, number> {
    let indexes = this.#tables.get(table)
    if (indexes === undefined) {
      indexes = indexBySelector(table, this.#suite)
      this.#tables.set(table, indexes)
    }
    return indexes
  }
}

function indexBySelector<TSelf>(table: FunctionTable<TSelf>, suite: Suite): Map<number, number> {
  const indexes = new Map<number, number>()
  for (const [index, { selectorText }] of table.functions.entries()) {
    const selector = selectorNumber(selectorOf(selectorText, suite))
    if (indexes.has(selector)) {
      throw new InvalidDeclarationError(
        table.name,
        `${selectorText} has the selector of another function`,
      )
    }
    indexes.set(selector, index)
  }
  return indexes
}

/** The first four bytes as a number, big-endian: the form in which the state keeps selectors too. */
export function selectorNumber(bytes: Uint8Array): number {
  const high = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
  const low = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)
  return high * 0x1_0000 + low
}

/** Call data behind the selector. */
export function argumentBytes(input: Uint8Array): Uint8Array {
  return input.subarray(SELECTOR_BYTES)
}

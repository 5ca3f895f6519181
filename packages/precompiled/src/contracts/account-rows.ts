/**
 * Rows of account tables `c_<address>` that native contracts read and write (spec 03 §7.4).
 * @module
 */
import { equalBytes, EMPTY_BYTES, textToBytes } from '@bcos-ts/common'
import { accountTable, type Address } from '@bcos-ts/protocol'
import type { Table } from '@bcos-ts/protocol/ports'
import type { NativeFrame } from '../framework/declaration.ts'
import { fieldOf, firstRow, newRow } from './rows.ts'

const CODE_HASH = 'codeHash'
const FROZEN = 'frozen'
const AUTHORITY = 'authority'

/** An account as the state has it; `hasCode` tells contracts from the rest. */
export type AccountView =
  | { readonly exists: false }
  | {
      readonly exists: true
      readonly table: Table
      readonly hasCode: boolean
      readonly isFrozen: boolean
    }

export function viewAccount(
  { tables, suite }: Pick<NativeFrame, 'tables' | 'suite'>,
  address: Address,
): AccountView {
  const table = tables.open(accountTable(address))
  if (table === undefined) return { exists: false }
  const codeHash = textToBytes(fieldOf(firstRow(table.select(CODE_HASH)), 'value'))
  const hasCode = !equalBytes(codeHash, suite.hash(EMPTY_BYTES))
  const [frozen] = table.select(FROZEN)
  const isFrozen = frozen !== undefined && fieldOf(frozen, 'value') === 'true'
  return { exists: true, table, hasCode, isFrozen }
}

/** Rows written. No access list governs it: whoever may freeze was asked before. */
export function setFrozen(
  { tables }: Pick<NativeFrame, 'tables'>,
  table: Table,
  isFrozen: boolean,
): number {
  const row = newRow(tables, { value: String(isFrozen) })
  return table.select(FROZEN).length > 0
    ? table.update(FROZEN, row, { writer: undefined })
    : table.insert(FROZEN, row, undefined)
}

/** Those who may freeze the contract and say who may write it, in the order of their rows. */
export function managersOf(table: Table): readonly Address[] {
  return table.select(AUTHORITY).map((row) => fieldOf(row, 'value'))
}

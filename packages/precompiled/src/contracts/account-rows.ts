/**
 * Rows of account tables `c_<address>` that native contracts read and write (spec 03 §7.4). No access list governs
 * what they write there: whoever may was asked before.
 * @module
 */
import { bytesToText, type ByteText, EMPTY_BYTES, equalBytes, textToBytes } from '@bcos-ts/common'
import { accountTable, type Address } from '@bcos-ts/protocol'
import type { StateTables, Table } from '@bcos-ts/protocol/ports'
import type { NativeFrame } from '../framework/declaration.ts'
import { fieldOf, firstRow, newRow, ownTable, putRow, where } from './rows.ts'

const CODE_HASH = 'codeHash'
const FROZEN = 'frozen'
const AUTHORITY = 'authority'
const REMAIN_GAS = 'remain_gas'
const VALUE = 'value'

/** An account as the state has it; code tells contracts from the rest. */
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
  const codeHash = textToBytes(fieldOf(firstRow(table.select(CODE_HASH)), VALUE))
  const hasCode = !equalBytes(codeHash, suite.hash(EMPTY_BYTES))
  const [frozen] = table.select(FROZEN)
  const isFrozen = frozen !== undefined && fieldOf(frozen, VALUE) === 'true'
  return { exists: true, table, hasCode, isFrozen }
}

type Writing = Pick<NativeFrame, 'tables'>

export function setFrozen({ tables }: Writing, table: Table, isFrozen: boolean): number {
  return putRow(table, FROZEN, newRow(tables, { [VALUE]: String(isFrozen) }), undefined)
}

/** Gas the account was given and has not used. */
export function remainGas(table: Table): bigint {
  const [row] = table.select(REMAIN_GAS)
  return row === undefined ? 0n : BigInt(fieldOf(row, VALUE))
}

/** Makes the account if there is none, as a first deployment by it would. */
export function setRemainGas(
  { tables, suite }: Pick<NativeFrame, 'tables' | 'suite'>,
  address: Address,
  gas: bigint,
): void {
  const table =
    tables.open(accountTable(address)) ??
    createAccount(tables, address, bytesToText(suite.hash(EMPTY_BYTES)))
  putRow(table, REMAIN_GAS, newRow(tables, { [VALUE]: String(gas) }), undefined)
}

/** Five rows in this order: their ids hang on it. */
function createAccount(tables: StateTables, address: Address, emptyHash: ByteText): Table {
  const definition = { name: accountTable(address), keyField: 'key', valueFields: VALUE }
  const table = ownTable(tables, definition)
  const rows = { balance: '0', [CODE_HASH]: emptyHash, code: '', nonce: '0', alive: 'true' }
  for (const [key, value] of Object.entries(rows)) {
    table.insert(key, newRow(tables, { [VALUE]: value }), undefined)
  }
  return table
}

/** Those who may freeze the contract and say who may write it, in the order of their rows. */
export function managersOf(table: Table): readonly Address[] {
  return table.select(AUTHORITY).map((row) => fieldOf(row, VALUE))
}

export function isManager(table: Table, address: Address): boolean {
  return managersOf(table).includes(address)
}

export function addManager({ tables }: Writing, table: Table, address: Address): number {
  return table.insert(AUTHORITY, newRow(tables, { [VALUE]: address }), undefined)
}

export function removeManager({ tables }: Writing, table: Table, address: Address): number {
  const condition = where(tables, VALUE, address)
  return table.remove(AUTHORITY, { condition, writer: undefined })
}

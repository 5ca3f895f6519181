/**
 * Rows of `_sys_table_access_`: who may write which table (spec 03 §13.1). An address stands there as text, and is
 * found as text.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import { type Address, SystemTableName } from '@bcos-ts/protocol'
import type { StateTables, Table, Writer } from '@bcos-ts/protocol/ports'
import type { NativeFrame } from '../framework/declaration.ts'
import { newRow, systemTable, where } from './rows.ts'

export interface Grant {
  readonly table: string
  /** As text, usually with `0x`. */
  readonly address: ByteText
}

/** The form of an address in grants that native contracts make themselves. */
export function prefixed(address: Address): ByteText {
  return `0x${address}`
}

export function accessTable(tables: StateTables): Table {
  return systemTable(tables, SystemTableName.tableAccess)
}

export function isGranted(tables: StateTables, { table, address }: Grant): boolean {
  return accessTable(tables).select(table, where(tables, 'address', address)).length > 0
}

export function addGrant(
  { tables, blockNumber }: Pick<NativeFrame, 'tables' | 'blockNumber'>,
  { table, address }: Grant,
  writer: Writer,
): number {
  const row = newRow(tables, { table_name: table, address, enable_num: String(blockNumber) })
  return accessTable(tables).insert(table, row, writer)
}

export function removeGrant(
  tables: StateTables,
  { table, address }: Grant,
  writer: Writer,
): number {
  const condition = where(tables, 'address', address)
  return accessTable(tables).remove(table, { condition, writer })
}

/** Members of the chain's committee are those who may grant; from which block on does not matter here. */
export function isCommitteeMember(tables: StateTables, address: ByteText): boolean {
  return isGranted(tables, { table: SystemTableName.tableAccess, address })
}

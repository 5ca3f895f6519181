/**
 * Small steps on tables that most native contracts take.
 * @module
 */
import { assert, type ByteText } from '@bcos-ts/common'
import type {
  Condition,
  Entry,
  StateTables,
  Table,
  TableDefinition,
  Writer,
} from '@bcos-ts/protocol/ports'
import { refuse } from '../framework/refusal.ts'

/** A table that every ledger has. */
export function systemTable(tables: StateTables, name: string): Table {
  return openExisting(tables, name)
}

function openExisting(tables: StateTables, name: string): Table {
  const table = tables.open(name)
  assert(table !== undefined, `table ${name} exists`)
  return table
}

/** A table of a contract's own: made on first use, without asking who may make tables. */
export function ownTable(tables: StateTables, definition: TableDefinition): Table {
  const open = tables.open(definition.name)
  if (open !== undefined) return open
  tables.create(definition, undefined)
  return openExisting(tables, definition.name)
}

/** A row with these fields, not yet in any table. */
export function newRow(tables: StateTables, fields: Readonly<Record<string, ByteText>>): Entry {
  const row = tables.newEntry()
  for (const [name, value] of Object.entries(fields)) row.set(name, value)
  return row
}

/** Writes the only row of a key: adds it, or changes it. Rows written, or −50000 for who may not. */
export function putRow(table: Table, key: ByteText, values: Entry, writer: Writer): number {
  return table.select(key).length === 0
    ? table.insert(key, values, writer)
    : table.update(key, values, { writer })
}

/** A condition on one field. */
export function where(tables: StateTables, field: string, value: ByteText): Condition {
  const condition = tables.newCondition()
  condition.eq(field, value)
  return condition
}

/** A field that was never set reads as empty. */
export function fieldOf(row: Entry, name: string): ByteText {
  return row.get(name) ?? ''
}

/** The row at an index; refuses the call where there is none, in words that receipts carry. */
export function rowAt(rows: readonly Entry[], index: bigint | number): Entry {
  return rows[Number(index)] ?? refuse(`Entries no exists: ${index}`)
}

export function firstRow(rows: readonly Entry[]): Entry {
  return rowAt(rows, 0)
}

/** Bytes of all rows together, for memory gas. */
export function capacityOf(rows: readonly Entry[]): number {
  return rows.reduce((sum, row) => sum + row.capacity(), 0)
}

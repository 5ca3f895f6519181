import type { ByteText } from '@bcos-ts/common'
import type { Address } from '../primitives.ts'
import type { StoredRow, WriteBatch } from './table-storage.ts'

/** Result of a write that the table's access list refused (spec 03 §13.1). */
export const NOT_AUTHORIZED = -50_000
/** Result of creating a table that exists. */
export const TABLE_EXISTS = -50_001

/** Who a write is made for: the transaction's origin, or nobody, for writes that no access list governs. */
export type Writer = Address | undefined

/**
 * A live row. One that was inserted or changed in this block is the state itself: {@link Entry.set} on it
 * bypasses access list, field check and rollback, as in the reference (spec 03 §7.2).
 */
export interface Entry {
  /** 0 until the row is committed. */
  readonly id: number
  get(field: string): ByteText | undefined
  set(field: string, value: ByteText): void
  /** In ascending byte order of the names. */
  fields(): readonly (readonly [name: string, value: ByteText])[]
  /** Bytes of all names and values, the measure of memory gas (spec 03 §2.9). */
  capacity(): number
}

/** Bounds per field; later calls overwrite earlier ones (spec 03 §4.5). */
export interface Condition {
  eq(field: string, value: ByteText): void
  ne(field: string, value: ByteText): void
  gt(field: string, value: ByteText): void
  ge(field: string, value: ByteText): void
  lt(field: string, value: ByteText): void
  le(field: string, value: ByteText): void
  /** Active only when both are at least 0; both are read as signed 32-bit numbers. */
  limit(offset: number, count: number): void
}

/**
 * A table opened in a block. Writes return the number of rows, or {@link NOT_AUTHORIZED}.
 * A field that the table does not declare throws `STATE_UNDECLARED_FIELD`.
 */
export interface Table {
  readonly name: string
  readonly keyField: string
  readonly valueFields: readonly string[]
  /** Whether the access list, as it was when the table was opened in this block, lets the origin write. */
  isAuthorized(writer: Writer): boolean
  /** The list itself; empty means everybody. */
  readonly accessList: readonly Address[]
  /** Matching rows in the order of spec 03 §4.6. Forces `keyField = key` into the condition. */
  select(key: ByteText, condition?: Condition): readonly Entry[]
  insert(key: ByteText, entry: Entry, writer: Writer): number
  /** Sets the fields of `values` in every matching row. */
  update(key: ByteText, values: Entry, write: { condition?: Condition; writer: Writer }): number
  remove(key: ByteText, write: { condition?: Condition; writer: Writer }): number
}

/** One table's share in the state hash, for comparing two nodes row by row. */
export interface HashedTable {
  readonly table: string
  readonly hash: Uint8Array
  /** The bytes that were hashed (spec 01 §9.5). */
  readonly preimage: Uint8Array
}

/** A row as the state hash sees it: ordinary fields in ascending order of their names, and whether it is removed. */
export interface HashedRow {
  readonly fields: readonly (readonly [name: string, value: ByteText])[]
  readonly isRemoved: boolean
}

/** The rows behind a {@link HashedTable}, in the order in which they are hashed. */
export interface HashedRows {
  readonly table: string
  readonly keyField: string
  readonly rows: readonly HashedRow[]
}

/**
 * The tables as one block sees and changes them: committed rows below, this block's rows above, with
 * savepoints for transactions and calls that fail. Made anew for each block and each read-only call.
 */
export interface StateTables {
  /** Number of the block on which these tables stand: the one before the block being executed. */
  readonly parentNumber: number
  /** The table, or `undefined` when the catalogue does not list it. System tables always open. */
  open(name: string): Table | undefined
  /** Adds a table to the catalogue `_sys_tables_`: 0, {@link TABLE_EXISTS} or {@link NOT_AUTHORIZED}. */
  create(definition: TableDefinition, writer: Writer): number
  /**
   * A row to fill. With `replacesKey`, committing it replaces everything under its key without reading it
   * (the force flag of spec 03 §10.2).
   */
  newEntry(options?: { readonly replacesKey?: boolean }): Entry
  newCondition(): Condition
  /** Rows as committed before this block, whatever the block has written. */
  committedRows(table: string, key: ByteText): readonly StoredRow[]

  savepoint(): number
  /** Undoes what was written since, with the traces that the reference leaves (spec 01 §9.2). */
  rollback(savepoint: number): void
  /** Forgets how to undo. After each transaction. */
  endTransaction(): void

  /** The state root: hash over the tables this block has written (spec 01 §9.4). Zero when there are none. */
  stateRoot(): Uint8Array
  hashedTables(): readonly HashedTable[]
  /** The same, row by row; also after {@link finish}. Tables that cannot tell have no such method. */
  hashedRows?(): readonly HashedRows[]
  /** Numbers the new rows and gathers all writes. Ends the life of these tables. */
  finish(blockNumber: number): WriteBatch
}

export interface TableDefinition {
  readonly name: string
  readonly keyField: string
  /** Separated by commas. */
  readonly valueFields: string
}

/** All rows of one key of one table: the smallest thing on which two transactions can conflict. */
export interface TouchedCell {
  readonly table: string
  readonly key: ByteText
  /** Else it was only read. */
  readonly isWritten: boolean
}

/** A row as a block has it. */
export interface RowChange {
  readonly key: ByteText
  /** 0 for a row that is not committed yet. */
  readonly id: number
  /** Of a new row: its place among the new rows of its key. */
  readonly index: number
  readonly fields: ReadonlyMap<string, ByteText>
  readonly isRemoved: boolean
  /** Inserted by something that was rolled back. */
  readonly isDiscarded: boolean
  readonly replacesKey: boolean
  /** Of a committed row: it was updated, not only removed. */
  readonly isUpdated: boolean
}

/** What happened to one table: opened, perhaps written. */
export interface TableChange {
  readonly name: string
  readonly keyField: string
  readonly valueFields: readonly string[]
  readonly isHashed: boolean
  readonly accessList: readonly Address[]
  /** Some write passed the access check: the table counts in the state root. */
  readonly isFlagged: boolean
  readonly rows: readonly RowChange[]
}

/** What one transaction did to tables, so that it can be done again elsewhere without executing anything. */
export interface Effects {
  readonly cells: readonly TouchedCell[]
  readonly changes: readonly TableChange[]
  /** `false`: something happened that rows do not describe, and the transaction must be executed again. */
  readonly isExact: boolean
}

/** Tables that can tell what a transaction did to them, and take over what it did to others. */
export interface TrackedTables extends StateTables {
  /** Notes from here on what is touched. */
  track(): void
  /** What was touched since {@link track}. Ends the tracking. */
  endTracking(): Effects
  /** Everything that the block has opened and written so far. */
  changes(): readonly TableChange[]
  /** Takes over what was done to tables in the same state. */
  apply(changes: readonly TableChange[]): void
}

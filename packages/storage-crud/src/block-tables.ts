import { type ByteText, compareText } from '@bcos-ts/common'
import { type Address, SYSTEM_TABLES, SystemTableName } from '@bcos-ts/protocol'
import {
  type Condition,
  type Effects,
  type Entry,
  type HashedRows,
  type HashedTable,
  NOT_AUTHORIZED,
  type RowChange,
  type RowsOfKey,
  type StoredRow,
  type Table,
  TABLE_EXISTS,
  type TableChange,
  type TableDefinition,
  type TableStorage,
  type TrackedTables,
  type WriteBatch,
  type Writer,
} from '@bcos-ts/protocol/ports'
import { BlockTable, type BlockTableInit } from './block-table.ts'
import { ChangeLog } from './change-log.ts'
import { TableCondition } from './condition.ts'
import { Row } from './row.ts'
import { type Hash, hashedRowsOf, hashTables, rootOf, survivingNewRows } from './state-hash.ts'
import { Touches } from './touches.ts'

/** Row ids begin above this number (spec 01 §9.5). */
const FIRST_ID_BASE = 100_000
/** Where a ledger without any row starts to count, and the fixed id of the row that keeps the count. */
const CURRENT_ID_ROW = 1
const CURRENT_ID = 'current_id'

export interface BlockTablesInit {
  readonly storage: Pick<TableStorage, 'select'>
  /** Number of the block on which the tables stand; -1 while the genesis block is made. */
  readonly parentNumber: number
  /** The suite's hash. */
  readonly hash: Hash
}

/** The tables as one block sees and changes them. */
export function createBlockTables(init: BlockTablesInit): TrackedTables {
  return new BlockTables(init)
}

class BlockTables implements TrackedTables {
  readonly parentNumber: number
  readonly #storage: Pick<TableStorage, 'select'>
  readonly #hash: Hash
  readonly #log = new ChangeLog()
  readonly #tables = new Map<string, BlockTable>()
  /** Tables that were open before the tracking began: how they were opened is settled. */
  readonly #settled = new Set<string>()

  /**
   * Tables that were not there after so many writes to the catalogue: of most accounts there is none, and every
   * transaction asks for that of its sender.
   */
  readonly #absent = new Map<string, number>()

  constructor(init: BlockTablesInit) {
    this.parentNumber = init.parentNumber
    this.#storage = init.storage
    this.#hash = init.hash
  }

  open(name: string): Table | undefined {
    return this.#open(name, true)
  }

  create(definition: TableDefinition, writer: Writer): number {
    const catalogue = this.#system(SystemTableName.tables)
    if (catalogue.select(definition.name).length > 0) return TABLE_EXISTS
    const row = this.newEntry()
    row.set('table_name', definition.name)
    row.set('key_field', definition.keyField)
    row.set('value_field', definition.valueFields)
    if (catalogue.insert(definition.name, row, writer) === NOT_AUTHORIZED) return NOT_AUTHORIZED
    // Opened at once: it stays open for the rest of the block even when the creation is rolled back.
    this.#open(definition.name, writer !== undefined)
    return 0
  }

  newEntry(options?: { readonly replacesKey?: boolean }): Entry {
    return new Row({ id: 0, replacesKey: options?.replacesKey ?? false })
  }

  newCondition(): Condition {
    return new TableCondition()
  }

  committedRows(table: string, key: ByteText): readonly StoredRow[] {
    return this.#storage.select(table, key)
  }

  savepoint(): number {
    return this.#log.savepoint()
  }

  rollback(savepoint: number): void {
    this.#log.rollback(savepoint)
  }

  endTransaction(): void {
    this.#log.clear()
  }

  track(): void {
    this.#log.touches = new Touches()
  }

  endTracking(): Effects {
    const { touches } = this.#log
    this.#log.touches = undefined
    if (touches === undefined) return { cells: [], changes: [], isExact: true }
    const changes = [...touches.opened].map((name) => this.#changeOf(name, touches))
    return { cells: touches.cells(), changes, isExact: touches.isExact }
  }

  #changeOf(name: string, touches: Touches): TableChange {
    const table = this.#existing(name)
    const rows: RowChange[] = []
    for (const [key, isWritten] of touches.keysOf(name)) {
      const isEdited = !isWritten && table.wasEdited(key)
      if (isEdited) touches.write(name, key)
      if (isWritten || isEdited) rows.push(...table.changesOf(key))
    }
    return changeOf(table, { isFlagged: touches.flagged.has(name), rows })
  }

  changes(): readonly TableChange[] {
    return [...this.#tables.values()].map((table) => {
      const rows = [...table.changedKeys()].flatMap((key) => table.changesOf(key))
      return changeOf(table, { isFlagged: table.isFlagged, rows })
    })
  }

  apply(changes: readonly TableChange[]): void {
    for (const change of changes) {
      const table = this.#tables.get(change.name) ?? this.#add(change)
      this.#settled.add(change.name)
      if (change.isFlagged) table.isFlagged = true
      for (const row of change.rows) table.apply(row)
    }
  }

  stateRoot(): Uint8Array {
    return rootOf(this.hashedTables(), this.#hash)
  }

  hashedTables(): readonly HashedTable[] {
    return hashTables(this.#tables.values(), this.#hash)
  }

  hashedRows(): readonly HashedRows[] {
    return hashedRowsOf(this.#tables.values())
  }

  finish(blockNumber: number): WriteBatch {
    const writes: RowsOfKey[] = []
    let lastId = this.#currentId()
    for (const table of this.#byName()) {
      const numbered = new Map<ByteText, StoredRow[]>()
      for (const row of survivingNewRows(table)) {
        lastId += 1
        const key = row.get(table.keyField) ?? ''
        const ofKey = numbered.get(key)
        const stored = row.store(lastId, blockNumber)
        if (ofKey === undefined) numbered.set(key, [stored])
        else ofKey.push(stored)
      }
      this.#gather(table, { numbered, blockNumber, writes })
    }
    writes.push(currentIdRow(lastId, blockNumber))
    return { blockNumber, writes }
  }

  #byName(): BlockTable[] {
    return [...this.#tables.values()].toSorted((a, b) => compareText(a.name, b.name))
  }

  /** The last id in use. Read at the end: nothing but {@link finish} writes it. */
  #currentId(): number {
    const [row] = this.#storage.select(SystemTableName.currentState, CURRENT_ID)
    const last = Number(row?.fields.get('value') ?? CURRENT_ID_ROW)
    return last > FIRST_ID_BASE ? last : last + FIRST_ID_BASE
  }

  #gather(
    table: BlockTable,
    into: {
      readonly numbered: ReadonlyMap<ByteText, StoredRow[]>
      readonly blockNumber: number
      readonly writes: RowsOfKey[]
    },
  ): void {
    const { numbered, blockNumber, writes } = into
    const changedKeys = new Set<ByteText>()
    for (const row of table.dirtyRows.values()) changedKeys.add(row.get(table.keyField) ?? '')
    for (const key of changedKeys) {
      const kept = table
        .committed(key)
        .map((row) => (table.dirtyRows.get(row.id) ?? Row.of(row)).store(row.id, blockNumber))
      // Where a row of the key changed, all of its rows carry the number of the block, as in the reference.
      writes.push({ table: table.name, key, rows: [...kept, ...(numbered.get(key) ?? [])] })
    }
    for (const [key, added] of numbered) {
      if (changedKeys.has(key)) continue
      const isReplaced = (table.newRows.get(key) ?? []).some((row) => row.replacesKey)
      const kept = isReplaced ? [] : table.committed(key)
      writes.push({ table: table.name, key, rows: kept.length === 0 ? added : [...kept, ...added] })
    }
  }

  #system(name: string): BlockTable {
    const table = this.#open(name, true)
    if (table === undefined) throw new TypeError(`${name} is not a system table`)
    return table
  }

  #open(name: string, isGoverned: boolean): BlockTable | undefined {
    const open = this.#tables.get(name)
    if (open !== undefined) {
      if (this.#log.touches !== undefined) this.#noteUse(name, this.#log.touches)
      return open
    }
    if (this.#absent.get(name) === this.#catalogueWrites() && this.#log.touches === undefined) {
      return undefined
    }
    const definition = SYSTEM_TABLES.get(name) ?? this.#lookUp(name)
    if (definition === undefined) {
      this.#absent.set(name, this.#catalogueWrites())
      return undefined
    }
    const table = this.#add({
      ...definition,
      accessList: isGoverned ? this.#accessList(name) : [],
    })
    this.#log.touches?.opened.add(name)
    return table
  }

  /** Writes to the catalogue so far. */
  #catalogueWrites(): number {
    return this.#tables.get(SystemTableName.tables)?.writes ?? 0
  }

  #add(init: Omit<BlockTableInit, 'log' | 'committed'>): BlockTable {
    const { name, keyField, valueFields, isHashed, accessList } = init
    const table = new BlockTable({
      name,
      keyField,
      valueFields,
      isHashed,
      accessList,
      log: this.#log,
      committed: (key) => this.#storage.select(name, key),
    })
    this.#tables.set(name, table)
    return table
  }

  /**
   * Who uses an open table depends on how it was opened, and so on what was read then: its place in the catalogue
   * and its access list.
   */
  #noteUse(name: string, touches: Touches): void {
    if (touches.opened.has(name)) return
    touches.opened.add(name)
    if (this.#settled.has(name)) return
    touches.read(SystemTableName.tableAccess, name)
    if (!SYSTEM_TABLES.has(name)) touches.read(SystemTableName.tables, name)
  }

  #existing(name: string): BlockTable {
    const table = this.#tables.get(name)
    if (table === undefined) throw new TypeError(`${name} is not open`)
    return table
  }

  #lookUp(name: string) {
    const [row] = this.#system(SystemTableName.tables).select(name)
    if (row === undefined) return undefined
    return {
      name,
      keyField: row.get('key_field') ?? '',
      valueFields: (row.get('value_field') ?? '').split(','),
      isHashed: true,
    }
  }

  /** Fixed at the first opening in a block: a grant of this block is not in force yet (spec 03 §13.1). */
  #accessList(name: string): readonly Address[] {
    const isItself = name === SystemTableName.tableAccess
    const rows = isItself
      ? new BlockTable({
          name,
          keyField: 'table_name',
          valueFields: [],
          isHashed: false,
          accessList: [],
          log: this.#log,
          committed: (key) => this.#storage.select(name, key),
        }).select(name)
      : this.#system(SystemTableName.tableAccess).select(name)
    return rows
      .filter((row) => Number.parseInt(row.get('enable_num') ?? '', 10) <= this.parentNumber)
      .map((row) => addressOf(row.get('address') ?? ''))
  }
}

function changeOf(table: BlockTable, change: Pick<TableChange, 'isFlagged' | 'rows'>): TableChange {
  const { name, keyField, valueFields, isHashed, accessList } = table
  return { name, keyField, valueFields, isHashed, accessList, ...change }
}

/** Text of any other length than an address counts as the zero address: it locks the table. */
function addressOf(text: ByteText): Address {
  const digits = text.replace(/^0x/, '').toLowerCase()
  return /^[0-9a-f]{40}$/.test(digits) ? digits : '0'.repeat(40)
}

function currentIdRow(lastId: number, blockNumber: number): RowsOfKey {
  const row: StoredRow = {
    id: CURRENT_ID_ROW,
    blockNumber,
    isRemoved: false,
    fields: new Map([
      ['key', CURRENT_ID],
      ['value', String(lastId)],
    ]),
  }
  return { table: SystemTableName.currentState, key: CURRENT_ID, rows: [row] }
}

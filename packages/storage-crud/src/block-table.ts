import type { ByteText } from '@bcos-ts/common'
import type { Address } from '@bcos-ts/protocol'
import {
  type Condition,
  type Entry,
  NOT_AUTHORIZED,
  type RowChange,
  type StoredRow,
  type Table,
  type Writer,
} from '@bcos-ts/protocol/ports'
import type { ChangeLog } from './change-log.ts'
import { KeyMatcher, type Matcher, TableCondition } from './condition.ts'
import { UndeclaredFieldError } from './errors.ts'
import { IMPLICIT_FIELDS, Row } from './row.ts'

export interface BlockTableInit {
  readonly name: string
  readonly keyField: string
  readonly valueFields: readonly string[]
  readonly isHashed: boolean
  readonly accessList: readonly Address[]
  readonly log: ChangeLog
  readonly committed: (key: ByteText) => readonly StoredRow[]
}

/** One table in one block: what was committed before, and on top of it what the block has written. */
export class BlockTable implements Table {
  readonly name: string
  readonly keyField: string
  readonly valueFields: readonly string[]
  readonly isHashed: boolean
  readonly accessList: readonly Address[]
  /** Some write passed the access check, even one that matched nothing and was rolled back since. */
  isFlagged = false
  /** How often rows were written, here or elsewhere. */
  writes = 0
  /** Inserted in this block, by key, in order of insertion. */
  readonly newRows: Map<ByteText, Row[]> = new Map()
  /** Committed rows that this block has updated or removed, by id. */
  readonly dirtyRows: Map<number, Row> = new Map()
  readonly #updatedIds = new Map<ByteText, Set<number>>()
  readonly #declared: ReadonlySet<string>
  readonly #log: ChangeLog
  readonly #read: (key: ByteText) => readonly StoredRow[]
  /** What was read of the committed state: it does not change while a block stands on it. */
  readonly #committed = new Map<ByteText, readonly StoredRow[]>()

  constructor(init: BlockTableInit) {
    this.name = init.name
    this.keyField = init.keyField
    this.valueFields = init.valueFields
    this.isHashed = init.isHashed
    this.accessList = init.accessList
    this.#log = init.log
    this.#read = init.committed
    this.#declared = new Set([init.keyField, ...init.valueFields, ...IMPLICIT_FIELDS])
  }

  isAuthorized(writer: Writer): boolean {
    return writer === undefined || this.accessList.length === 0 || this.accessList.includes(writer)
  }

  select(key: ByteText, condition?: Condition): readonly Entry[] {
    return this.#select(key, condition)
  }

  insert(key: ByteText, entry: Entry, writer: Writer): number {
    if (!this.isAuthorized(writer)) return NOT_AUTHORIZED
    const row = asRow(entry)
    this.#checkFields(row)
    row.write(this.keyField, key)
    this.#noteInsert(key, row)
    const rows = this.newRows.get(key)
    if (rows === undefined) this.newRows.set(key, [row])
    else rows.push(row)
    this.#log.inserted(row)
    return 1
  }

  update(
    key: ByteText,
    values: Entry,
    write: { readonly condition?: Condition; readonly writer: Writer },
  ): number {
    if (!this.isAuthorized(write.writer)) return NOT_AUTHORIZED
    const source = asRow(values)
    this.#checkFields(source)
    const rows = this.#select(key, write.condition)
    for (const row of rows) {
      if (this.#makeDirty(key, row)) this.#markUpdated(key, row.id)
      for (const field of source.names()) {
        if (field === '_id_' || field === this.keyField) continue
        this.#log.updated(row, field)
        row.write(field, source.get(field) ?? '')
      }
    }
    this.#noteWrite(key, rows.length)
    return rows.length
  }

  remove(
    key: ByteText,
    write: { readonly condition?: Condition; readonly writer: Writer },
  ): number {
    if (!this.isAuthorized(write.writer)) return NOT_AUTHORIZED
    const rows = this.#select(key, write.condition)
    for (const row of rows) {
      row.isRemoved = true
      this.#makeDirty(key, row)
      this.#log.removed(row)
    }
    this.#noteWrite(key, rows.length)
    return rows.length
  }

  /** Whether the row has become a changed one just now. */
  #makeDirty(key: ByteText, row: Row): boolean {
    if (row.id === 0 || this.dirtyRows.has(row.id)) return false
    row.cell = key
    this.dirtyRows.set(row.id, row)
    return true
  }

  #noteWrite(key: ByteText, count: number): void {
    this.isFlagged = true
    this.writes += 1
    const { touches } = this.#log
    if (touches === undefined) return
    touches.flagged.add(this.name)
    if (count > 0) touches.write(this.name, key)
  }

  #noteInsert(key: ByteText, row: Row): void {
    const { touches } = this.#log
    this.#noteWrite(key, 1)
    // One row in two places: what is done to one of them happens to the other.
    if (row.cell !== undefined && touches !== undefined) touches.isExact = false
    row.cell = key
    row.isEdited = false
  }

  /** Whether somebody has changed a row of the key without asking the table. */
  wasEdited(key: ByteText): boolean {
    return this.#rowsOf(key).some((row) => row.isEdited)
  }

  #rowsOf(key: ByteText): readonly Row[] {
    const added = this.newRows.get(key) ?? NO_ROWS
    if (this.dirtyRows.size === 0) return added
    const changed: Row[] = []
    for (const { id } of this.committed(key)) {
      const row = this.dirtyRows.get(id)
      if (row !== undefined) changed.push(row)
    }
    return changed.length === 0 ? added : [...changed, ...added]
  }

  /** The new and the changed rows of a key, as they are now. */
  changesOf(key: ByteText): readonly RowChange[] {
    const updated = this.#updatedIds.get(key)
    const changes: RowChange[] = []
    let index = 0
    for (const row of this.#rowsOf(key)) {
      const { id, isRemoved, isDiscarded, replacesKey } = row
      row.isEdited = false
      changes.push({
        key,
        id,
        index: id === 0 ? index++ : 0,
        fields: row.snapshot(),
        isRemoved,
        isDiscarded,
        replacesKey,
        isUpdated: updated?.has(id) ?? false,
      })
    }
    return changes
  }

  /** Every key of which the block has new or changed rows. */
  changedKeys(): ReadonlySet<ByteText> {
    const keys = new Set(this.newRows.keys())
    for (const { cell } of this.dirtyRows.values()) if (cell !== undefined) keys.add(cell)
    return keys
  }

  /** Makes a row what it became elsewhere. */
  apply(change: RowChange): void {
    this.writes += 1
    const row = change.id === 0 ? this.#newRow(change) : this.#dirtyRow(change)
    row.restore(change.fields)
    row.isRemoved = change.isRemoved
    row.isDiscarded = change.isDiscarded
  }

  #newRow({ key, index, replacesKey }: RowChange): Row {
    const rows = this.newRows.get(key) ?? []
    if (rows.length === 0) this.newRows.set(key, rows)
    let row = rows[index]
    if (row === undefined) {
      row = new Row({ id: 0, replacesKey })
      row.cell = key
      rows.push(row)
    }
    return row
  }

  #dirtyRow({ key, id, isUpdated, fields }: RowChange): Row {
    if (isUpdated) this.#markUpdated(key, id)
    const row = this.dirtyRows.get(id) ?? new Row({ id, fields })
    this.#makeDirty(key, row)
    return row
  }

  /** The rows of a key as they were before the block. */
  committed(key: ByteText): readonly StoredRow[] {
    let rows = this.#committed.get(key)
    if (rows === undefined) {
      rows = this.#read(key)
      this.#committed.set(key, rows)
    }
    return rows
  }

  /** Order: committed rows by id, rows that match only since they were updated, new rows (spec 03 §4.6). */
  #select(key: ByteText, given: Condition | undefined): readonly Row[] {
    const condition = given === undefined ? undefined : asCondition(given)
    // For good: a condition used again with another key is corrected by the next call.
    condition?.eq(this.keyField, key)
    this.#log.touches?.read(this.name, key)
    const committed = this.committed(key)
    const added = this.newRows.get(key)
    const updated = this.#updatedIds.get(key)
    if (committed.length === 0 && added === undefined && updated === undefined) return NO_ROWS
    const matcher = condition ?? new KeyMatcher(this.keyField, key)
    const seen = new Set<number>()
    const found = this.#matching(committed, matcher, seen)
    if (updated !== undefined) this.#addUpdated(found, matcher, { updated, seen })
    if (added !== undefined) for (const row of added) if (matcher.matches(row)) found.push(row)
    return condition === undefined ? found : condition.cut(found)
  }

  /** Rows that matched when they were committed, as far as they still do; `seen` gets those that have changed. */
  #matching(committed: readonly StoredRow[], matcher: Matcher, seen: Set<number>): Row[] {
    const found: Row[] = []
    for (const stored of committed) {
      if (stored.isRemoved || !matcher.matchesFields(stored.fields)) continue
      const changed = this.dirtyRows.get(stored.id)
      if (changed === undefined) {
        found.push(Row.of(stored))
        continue
      }
      seen.add(stored.id)
      if (matcher.matches(changed)) found.push(changed)
    }
    return found
  }

  #addUpdated(
    found: Row[],
    matcher: Matcher,
    { updated, seen }: Readonly<Record<'updated' | 'seen', ReadonlySet<number>>>,
  ): void {
    for (const id of ascending(updated)) {
      const row = seen.has(id) ? undefined : this.dirtyRows.get(id)
      if (row !== undefined && matcher.matches(row)) found.push(row)
    }
  }

  #markUpdated(key: ByteText, id: number): void {
    const ids = this.#updatedIds.get(key)
    if (ids === undefined) this.#updatedIds.set(key, new Set([id]))
    else ids.add(id)
  }

  #checkFields(row: Row): void {
    for (const field of row.names()) {
      if (!this.#declared.has(field)) throw new UndeclaredFieldError(this.name, field)
    }
  }
}

const NO_ROWS: readonly Row[] = []

function ascending(ids: ReadonlySet<number>): readonly number[] {
  return ids.size < 2 ? [...ids] : [...ids].toSorted((a, b) => a - b)
}

function asRow(entry: Entry): Row {
  if (entry instanceof Row) return entry
  throw new TypeError('an entry comes from newEntry or select of the same tables')
}

function asCondition(condition: Condition): TableCondition {
  if (condition instanceof TableCondition) return condition
  throw new TypeError('a condition comes from newCondition of the same tables')
}

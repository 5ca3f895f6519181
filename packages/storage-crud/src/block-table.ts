import type { ByteText } from '@bcos-ts/common'
import type { Address } from '@bcos-ts/protocol'
import {
  type Condition,
  type Entry,
  NOT_AUTHORIZED,
  type StoredRow,
  type Table,
  type Writer,
} from '@bcos-ts/protocol/ports'
import type { ChangeLog } from './change-log.ts'
import { KeyMatcher, TableCondition } from './condition.ts'
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
    row.set(this.keyField, key)
    const rows = this.newRows.get(key)
    if (rows === undefined) this.newRows.set(key, [row])
    else rows.push(row)
    this.#log.inserted(row)
    this.isFlagged = true
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
      if (row.id !== 0 && !this.dirtyRows.has(row.id)) {
        this.dirtyRows.set(row.id, row)
        this.#markUpdated(key, row.id)
      }
      for (const field of source.names()) {
        if (field === '_id_' || field === this.keyField) continue
        this.#log.updated(row, field)
        row.set(field, source.get(field) ?? '')
      }
    }
    this.isFlagged = true
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
      if (row.id !== 0 && !this.dirtyRows.has(row.id)) this.dirtyRows.set(row.id, row)
      this.#log.removed(row)
    }
    this.isFlagged = true
    return rows.length
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
    const committed = this.committed(key)
    const added = this.newRows.get(key)
    const updated = this.#updatedIds.get(key)
    if (committed.length === 0 && added === undefined && updated === undefined) return NO_ROWS
    const matcher = condition ?? new KeyMatcher(this.keyField, key)
    const found: Row[] = []
    const seen = updated && new Set<number>()
    for (const stored of committed) {
      if (stored.isRemoved || !matcher.matchesFields(stored.fields)) continue
      const changed = this.dirtyRows.get(stored.id)
      if (changed === undefined) {
        found.push(Row.of(stored))
        continue
      }
      seen?.add(stored.id)
      if (matcher.matches(changed)) found.push(changed)
    }
    for (const id of updated === undefined ? [] : ascending(updated)) {
      const row = seen?.has(id) === true ? undefined : this.dirtyRows.get(id)
      if (row !== undefined && matcher.matches(row)) found.push(row)
    }
    for (const row of added ?? NO_ROWS) if (matcher.matches(row)) found.push(row)
    return condition === undefined ? found : condition.cut(found)
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

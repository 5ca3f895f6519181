import { type ByteText, compareText } from '@bcos-ts/common'
import type { Entry, StoredRow } from '@bcos-ts/protocol/ports'

/** Columns that every table has beside its declared fields. */
export const IMPLICIT_FIELDS: readonly string[] = ['_id_', '_num_', '_status_']

/** Whether a field enters the state hash and can stand in a condition (spec 01 §9.5, 03 §4.5). */
export function isOrdinaryField(name: string): boolean {
  return name !== '' && !name.startsWith('_') && !name.endsWith('_')
}

/**
 * A row as a block sees it. A committed row shares its fields with the storage until it is written to;
 * the identity of the object is what makes a row new, changed or merely read.
 */
export class Row implements Entry {
  readonly id: number
  readonly replacesKey: boolean
  /** Removed rows stay, and are hashed with their status. */
  isRemoved = false
  /** Inserted by a transaction that was rolled back: neither hashed nor stored nor found. */
  isDiscarded = false
  /** The key under which the block keeps the row, once it is a new or a changed one. */
  cell: ByteText | undefined
  /** Changed by its holder since the table last looked, and not by a write to the table. */
  isEdited = false
  #fields: ReadonlyMap<string, ByteText>
  #own: Map<string, ByteText> | undefined
  /** Some field was set whose name is that of a column of the node. */
  #hasColumn = false

  constructor(init: {
    readonly id: number
    readonly fields?: ReadonlyMap<string, ByteText>
    readonly replacesKey?: boolean
  }) {
    this.id = init.id
    this.replacesKey = init.replacesKey ?? false
    if (init.fields === undefined) {
      this.#own = new Map()
      this.#fields = this.#own
    } else {
      this.#fields = init.fields
    }
  }

  static of(stored: StoredRow): Row {
    const row = new Row({ id: stored.id, fields: stored.fields })
    row.isRemoved = stored.isRemoved
    return row
  }

  get(field: string): ByteText | undefined {
    return this.#fields.get(field)
  }

  set(field: string, value: ByteText): void {
    this.isEdited = true
    this.write(field, value)
  }

  /** What tables do to a row. */
  write(field: string, value: ByteText): void {
    if (this.#own === undefined) {
      this.#own = new Map(this.#fields)
      this.#fields = this.#own
    }
    this.#own.set(field, value)
    if (field.startsWith('_')) this.#hasColumn ||= IMPLICIT_FIELDS.includes(field)
  }

  /** A copy of all fields, of which the row's further life knows nothing. */
  snapshot(): ReadonlyMap<string, ByteText> {
    return new Map(this.#fields)
  }

  /** Takes over fields that nobody changes any more. */
  restore(fields: ReadonlyMap<string, ByteText>): void {
    this.#fields = fields
    this.#own = undefined
    this.#hasColumn = IMPLICIT_FIELDS.some((column) => fields.has(column))
  }

  names(): Iterable<string> {
    return this.#fields.keys()
  }

  fields(): readonly (readonly [name: string, value: ByteText])[] {
    return [...this.#fields].toSorted(([a], [b]) => compareText(a, b))
  }

  capacity(): number {
    let bytes = 0
    for (const [name, value] of this.#fields) bytes += name.length + value.length
    return bytes
  }

  /**
   * What an application wrote into a column of the node is not kept: the column is the node's. Ends the life of
   * the row: its fields belong to the storage then.
   */
  store(id: number, blockNumber: number): StoredRow {
    let fields = this.#fields
    if (this.#hasColumn) {
      const kept = new Map(fields)
      for (const column of IMPLICIT_FIELDS) kept.delete(column)
      fields = kept
    }
    return { id, blockNumber, isRemoved: this.isRemoved, fields }
  }
}

/** Order of new rows in the state hash and of their numbering (spec 01 §9.5). */
export function compareNewRows(keyField: string): (a: Row, b: Row) => number {
  return (a, b) => {
    const byKey = compareText(a.get(keyField) ?? '', b.get(keyField) ?? '')
    if (byKey !== 0) return byKey
    const fieldsOfA = a.fields()
    const fieldsOfB = b.fields()
    if (fieldsOfA.length !== fieldsOfB.length) return fieldsOfA.length - fieldsOfB.length
    for (const [index, [name, value]] of fieldsOfA.entries()) {
      const [otherName = '', otherValue = ''] = fieldsOfB[index] ?? []
      const difference = compareText(name, otherName) || compareText(value, otherValue)
      if (difference !== 0) return difference
    }
    return 0
  }
}

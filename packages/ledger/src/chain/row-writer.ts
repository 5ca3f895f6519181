import { assert, type ByteText } from '@bcos-ts/common'
import type { StateTables, Table } from '@bcos-ts/protocol/ports'

type Values = Readonly<Record<string, ByteText>>

/** Writes the ledger's own rows, which no access list governs. */
export class RowWriter {
  readonly #tables: StateTables

  constructor(tables: StateTables) {
    this.#tables = tables
  }

  /** The only row of its key. */
  put(table: string, key: ByteText, values: Values): void {
    this.#insert(table, key, { values, replacesKey: true })
  }

  /** One more row of its key. */
  add(table: string, key: ByteText, values: Values): void {
    this.#insert(table, key, { values, replacesKey: false })
  }

  /** Changes the only row of the key, or makes it. */
  set(table: string, key: ByteText, values: Values): void {
    const row = this.#tables.newEntry()
    for (const [field, value] of Object.entries(values)) row.set(field, value)
    const open = this.#open(table)
    if (open.select(key).length === 0) open.insert(key, row, undefined)
    else open.update(key, row, { writer: undefined })
  }

  #insert(
    table: string,
    key: ByteText,
    { values, replacesKey }: { readonly values: Values; readonly replacesKey: boolean },
  ): void {
    const row = this.#tables.newEntry({ replacesKey })
    for (const [field, value] of Object.entries(values)) row.set(field, value)
    this.#open(table).insert(key, row, undefined)
  }

  #open(name: string): Table {
    const table = this.#tables.open(name)
    assert(table !== undefined, 'a system table always opens')
    return table
  }
}

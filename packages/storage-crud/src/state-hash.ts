/**
 * The hash of what a block wrote (spec 01 §9.4, §9.5).
 * @module
 */
import { type ByteText, compareText, textToBytes } from '@bcos-ts/common'
import type { HashedRow, HashedRows, HashedTable } from '@bcos-ts/protocol/ports'
import type { BlockTable } from './block-table.ts'
import { compareNewRows, isOrdinaryField, type Row } from './row.ts'

export type Hash = (message: Uint8Array) => Uint8Array

const ROOT_OF_NOTHING: Uint8Array = new Uint8Array(32)

/** Changed committed rows in the order of their ids, then new rows in the order of their content. */
function* hashedRows(table: BlockTable): Generator<Row> {
  yield* [...table.dirtyRows.values()].toSorted((a, b) => a.id - b.id)
  yield* survivingNewRows(table)
}

/** New rows that were not rolled back, in the order in which they will be numbered. */
export function survivingNewRows(table: BlockTable): Row[] {
  const { keyField, newRows } = table
  const rows: Row[] = []
  // Mostly a key has one row, and then the order of the keys is that of the rows.
  let isByKey = true
  for (const key of newRows.size < 2 ? newRows.keys() : [...newRows.keys()].toSorted(compareText)) {
    let ofKey = 0
    for (const row of newRows.get(key) ?? []) {
      if (row.isDiscarded) continue
      ofKey += 1
      isByKey &&= ofKey < 2 && row.get(keyField) === key
      rows.push(row)
    }
  }
  return isByKey ? rows : rows.toSorted(compareNewRows(keyField))
}

function* tablesThatCount(tables: Iterable<BlockTable>): Generator<BlockTable> {
  const counting = [...tables].filter((table) => table.isHashed && table.isFlagged)
  yield* counting.toSorted((a, b) => compareText(a.name, b.name))
}

/** What {@link hashTables} hashes, row by row. */
export function hashedRowsOf(tables: Iterable<BlockTable>): HashedRows[] {
  return [...tablesThatCount(tables)].map((table) => ({
    table: table.name,
    keyField: table.keyField,
    rows: [...hashedRows(table)].map((row): HashedRow => ({
      fields: row.fields().filter(([name]) => isOrdinaryField(name)),
      isRemoved: row.isRemoved,
    })),
  }))
}

/** Names and values side by side without separators, then the status byte, for every row. */
function preimageOf(table: BlockTable): Uint8Array {
  const parts: ByteText[] = []
  for (const row of hashedRows(table)) {
    for (const [name, value] of row.fields()) if (isOrdinaryField(name)) parts.push(name, value)
    parts.push(row.isRemoved ? '\u0001' : '\u0000')
  }
  return textToBytes(parts.join(''))
}

/** The tables that count, in ascending order of their names. */
export function hashTables(tables: Iterable<BlockTable>, hash: Hash): HashedTable[] {
  return [...tablesThatCount(tables)].map((table) => {
    const preimage = preimageOf(table)
    return { table: table.name, preimage, hash: hash(preimage) }
  })
}

/** Zero when no table counts. */
export function rootOf(tables: readonly HashedTable[], hash: Hash): Uint8Array {
  if (tables.length === 0) return ROOT_OF_NOTHING
  const all = new Uint8Array(32 * tables.length)
  for (const [index, table] of tables.entries()) all.set(table.hash, 32 * index)
  return hash(all)
}

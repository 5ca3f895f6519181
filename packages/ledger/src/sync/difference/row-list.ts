/**
 * What a block wrote, as one list that can be sent in pieces, and the state root that such a list has (spec 01 §9.4).
 * @module
 */
import { bytesToText, concatBytes, textToBytes } from '@bcos-ts/common'
import {
  type CryptoSuite,
  encodeBytes,
  encodeInteger,
  encodeList,
  type RlpList,
  ZERO_HASH,
} from '@bcos-ts/protocol'
import type { HashedRow, HashedRows } from '@bcos-ts/protocol/ports'

/** A row with its table; without a row, a table that counts although none of its rows was written. */
export interface ListedRow {
  readonly table: string
  readonly keyField: string
  readonly row: HashedRow | undefined
}

const HEAD_ITEMS = 2
const FIELD_ITEMS_MAX = 2048

export function listRows(tables: readonly HashedRows[]): ListedRow[] {
  return tables.flatMap(({ table, keyField, rows }): ListedRow[] =>
    rows.length === 0
      ? [{ table, keyField, row: undefined }]
      : rows.map((row) => ({ table, keyField, row })),
  )
}

export function tablesOf(rows: readonly ListedRow[]): HashedRows[] {
  const tables = new Map<string, HashedRows & { readonly rows: HashedRow[] }>()
  for (const { table, keyField, row } of rows) {
    const known = tables.get(table) ?? { table, keyField, rows: [] }
    tables.set(table, known)
    if (row !== undefined) known.rows.push(row)
  }
  return [...tables.values()]
}

/** Zero when no table counts. */
export function stateRootOf(tables: readonly HashedRows[], suite: CryptoSuite): Uint8Array {
  if (tables.length === 0) return ZERO_HASH
  const hashes = tables.map(({ rows }) => {
    const parts = rows.flatMap(({ fields, isRemoved }) => [
      ...fields.flat(),
      isRemoved ? '\u0001' : '\u0000',
    ])
    return suite.hash(textToBytes(parts.join('')))
  })
  return suite.hash(concatBytes(...hashes))
}

/** `[table, key field]`, and for a row `removed, name, value, name, value, …` behind it. */
export function encodeListedRow({ table, keyField, row }: ListedRow): Uint8Array {
  const head = [encodeText(table), encodeText(keyField)]
  if (row === undefined) return encodeList(head)
  return encodeList([
    ...head,
    encodeInteger(row.isRemoved ? 1 : 0),
    ...row.fields.flat().map(encodeText),
  ])
}

/** Throws `PROTOCOL_INVALID_RLP`. */
export function decodeListedRow(rows: RlpList, index: number): ListedRow {
  const list = rows.list(index, FIELD_ITEMS_MAX)
  const text = (item: number): string => bytesToText(list.bytes(item))
  const head = { table: text(0), keyField: text(1) }
  if (list.length === HEAD_ITEMS) return { ...head, row: undefined }
  const isRemoved = list.number(HEAD_ITEMS) === 1
  const fields: (readonly [string, string])[] = []
  for (let item = HEAD_ITEMS + 1; item < list.length; item += 2) {
    fields.push([text(item), text(item + 1)])
  }
  return { ...head, row: { fields, isRemoved } }
}

const encodeText = (text: string): Uint8Array => encodeBytes(textToBytes(text))

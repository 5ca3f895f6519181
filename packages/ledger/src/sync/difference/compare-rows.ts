/**
 * The rows that one block wrote, here and in the group, side by side.
 * @module
 */
import { type ByteText, compareText } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/protocol'
import type {
  BlockTrace,
  DifferingField,
  DifferingRow,
  HashedRow,
  HashedRows,
  PlacedTransaction,
  WrittenRow,
} from '@bcos-ts/protocol/ports'
import { differingField, shownValue } from './values.ts'

/** All rows of one key that a block wrote. */
interface Cell {
  readonly table: string
  readonly key: ByteText
  readonly rows: HashedRow[]
}

/** Who wrote what: places of transactions by cell. */
export type Writers = ReadonlyMap<string, readonly number[]>

const cellName = (table: string, key: ByteText): string => `${table}\n${key}`

export function writersOf(written: BlockTrace['written']): Writers {
  const writers = new Map<string, number[]>()
  for (const [index, cells] of written.entries()) {
    for (const { table, key } of cells) {
      const name = cellName(table, key)
      const known = writers.get(name)
      if (known === undefined) writers.set(name, [index])
      else known.push(index)
    }
  }
  return writers
}

function cellsOf(tables: readonly HashedRows[]): Map<string, Cell> {
  const cells = new Map<string, Cell>()
  for (const { table, keyField, rows } of tables) {
    for (const row of rows) {
      const key = row.fields.find(([name]) => name === keyField)?.[1] ?? ''
      const name = cellName(table, key)
      const cell = cells.get(name) ?? { table, key, rows: [] }
      cells.set(name, cell)
      cell.rows.push(row)
    }
  }
  return cells
}

/** What the report lists of the rows written here, at most `most` of them. */
export function writtenRows(
  own: readonly HashedRows[],
  { writers, suite, most }: { writers: Writers; suite: CryptoSuite; most: number },
): { readonly rows: readonly WrittenRow[]; readonly leftOut: number } {
  const rows: WrittenRow[] = []
  let leftOut = 0
  for (const [name, cell] of cellsOf(own)) {
    for (const [place, { fields, isRemoved }] of cell.rows.entries()) {
      if (rows.length >= most) {
        leftOut += 1
        continue
      }
      rows.push({
        table: shownValue(cell.table, suite),
        key: shownValue(cell.key, suite),
        place,
        fields: Object.fromEntries(
          fields.map(([field, value]) => [field, shownValue(value, suite)]),
        ),
        isRemoved,
        transactions: writers.get(name) ?? [],
      })
    }
  }
  return { rows, leftOut }
}

export interface RowComparison {
  readonly first: DifferingRow | null
  readonly count: number
}

/** The first row that differs, in the order of the transactions that wrote it here; what none of them wrote is last. */
export function compareRows(
  sides: { readonly expected: readonly HashedRows[]; readonly own: readonly HashedRows[] },
  told: {
    readonly writers: Writers
    readonly transactions: readonly PlacedTransaction[]
    readonly suite: CryptoSuite
  },
): RowComparison {
  const { writers, transactions, suite } = told
  const expected = cellsOf(sides.expected)
  const own = cellsOf(sides.own)
  const differing: { readonly cell: Cell; readonly name: string; readonly pairs: Pair[] }[] = []
  for (const [name, cell] of new Map([...expected, ...own])) {
    const pairs = unequal(expected.get(name)?.rows ?? [], own.get(name)?.rows ?? [])
    if (pairs.length > 0) differing.push({ cell, name, pairs })
  }
  const orderOf = (name: string): number => writers.get(name)?.[0] ?? Number.POSITIVE_INFINITY
  const [first] = differing.toSorted(
    (a, b) => ascending(orderOf(a.name), orderOf(b.name)) || compareText(a.name, b.name),
  )
  const count = differing.reduce((sum, { pairs }) => sum + pairs.length, 0)
  const [pair] = first?.pairs ?? []
  if (first === undefined || pair === undefined) return { first: null, count }
  const row: DifferingRow = {
    table: shownValue(first.cell.table, suite),
    key: shownValue(first.cell.key, suite),
    side: sideOf(pair),
    fields: fieldsOf(pair, suite),
    transactions: (writers.get(first.name) ?? []).flatMap((index) => transactions[index] ?? []),
  }
  return { first: row, count }
}

interface Pair {
  readonly expected: HashedRow | undefined
  readonly own: HashedRow | undefined
}

const ascending = (a: number, b: number): number => (a === b ? 0 : a - b)

/** Rows that one side lacks, side by side in their order. */
function unequal(expected: readonly HashedRow[], own: readonly HashedRow[]): Pair[] {
  const theirs = without(expected, own)
  const ours = without(own, expected)
  return Array.from({ length: Math.max(theirs.length, ours.length) }, (_, i) => ({
    expected: theirs[i],
    own: ours[i],
  }))
}

function without(rows: readonly HashedRow[], others: readonly HashedRow[]): HashedRow[] {
  const left = new Map<string, number>()
  for (const row of others) left.set(textOf(row), (left.get(textOf(row)) ?? 0) + 1)
  return rows.filter((row) => {
    const count = left.get(textOf(row)) ?? 0
    if (count > 0) left.set(textOf(row), count - 1)
    return count === 0
  })
}

const textOf = ({ fields, isRemoved }: HashedRow): string => JSON.stringify([fields, isRemoved])

function sideOf({ expected, own }: Pair): DifferingRow['side'] {
  if (expected === undefined) return 'only this node wrote it'
  return own === undefined ? 'only the group wrote it' : 'both wrote it'
}

const REMOVED = '_status_'

function fieldsOf({ expected, own }: Pair, suite: CryptoSuite): DifferingField[] {
  const theirs = valuesOf(expected)
  const ours = valuesOf(own)
  const names = [...new Set([...theirs.keys(), ...ours.keys()])].toSorted(compareText)
  return names.flatMap((name) => {
    const sides = { expected: theirs.get(name), own: ours.get(name) }
    return sides.expected === sides.own ? [] : [differingField(name, sides, suite)]
  })
}

function valuesOf(row: HashedRow | undefined): ReadonlyMap<string, ByteText> {
  if (row === undefined) return new Map()
  return new Map([...row.fields, [REMOVED, row.isRemoved ? '1' : '0']])
}

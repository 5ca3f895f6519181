/**
 * Two nodes' databases around a block that has another result on one of them. For operators: both nodes stand still,
 * or the folders are copies.
 * @module
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bytesToText, compareText, fromHex, isBcosError, utf8ToText } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/crypto'
import { shownValue } from '@bcos-ts/ledger'
import { SYSTEM_TABLES, SystemTableName } from '@bcos-ts/protocol'
import type {
  DifferingField,
  DifferingRow,
  ExecutionDifference,
  StoredRow,
  TableStorage,
  WrittenRow,
} from '@bcos-ts/protocol/ports'
import { createLevelStorage } from '@bcos-ts/storage-crud/level'

export interface DataComparison {
  /** Height of the other database. */
  readonly height: number
  /** First row that differs and that was written before the block: damage, not a rule. Both databases were read. */
  readonly before: DifferingRow | undefined
  /** `false`: this node runs, and its database could not be read. */
  readonly isOwnRead: boolean
  /** First row that the block wrote differently. */
  readonly row: DifferingRow | undefined
  /** Keys that the block wrote, by what could be said of them. */
  readonly keys: { equal: number; different: number; overwritten: number }
}

type Reader = Pick<TableStorage, 'select' | 'scan' | 'committedBlock'>

/**
 * Compares a report, and where it can be opened the own database, with the database of another node that has the block.
 * Throws `STORAGE_OPEN_FAILED` when a process uses the other one.
 */
export async function compareWithData(
  difference: ExecutionDifference,
  folders: { readonly own: string; readonly other: string },
  suite: CryptoSuite,
): Promise<DataComparison> {
  const other = createLevelStorage({ path: join(folders.other, 'block') })
  await other.start()
  try {
    const own = await openIfFree(folders.own)
    try {
      return await compareStorages(difference, { own, other }, suite)
    } finally {
      await own?.stop()
    }
  } finally {
    await other.stop()
  }
}

async function openIfFree(folder: string): Promise<TableStorage | undefined> {
  const path = join(folder, 'block')
  if (!existsSync(path)) return undefined
  const storage = createLevelStorage({ path })
  try {
    await storage.start()
    return storage
  } catch (error) {
    if (!isBcosError(error, 'STORAGE_OPEN_FAILED')) throw error
    return undefined
  }
}

/** The same with storages that are open already. */
export async function compareStorages(
  difference: ExecutionDifference,
  { own, other }: { readonly own: Reader | undefined; readonly other: Reader },
  suite: CryptoSuite,
): Promise<DataComparison> {
  const { height } = difference
  const written = cellsOf(difference.written)
  const keys = { equal: 0, different: 0, overwritten: 0 }
  let row: DifferingRow | undefined
  for (const cell of written) {
    const theirs = selectShown(other, cell)
    if (theirs.some(({ blockNumber }) => blockNumber > height)) {
      keys.overwritten += 1
      continue
    }
    const expected = theirs.filter(({ blockNumber }) => blockNumber === height)
    const found = firstUnequal(cell, expected, suite)
    if (found === undefined) keys.equal += 1
    else keys.different += 1
    row ??= found && { ...found, transactions: transactionsOf(difference, cell) }
  }
  const theirs = await scanOther(difference, { own, other, written }, suite)
  keys.different += theirs.onlyTheirs
  return {
    height: other.committedBlock() ?? -1,
    before: theirs.before,
    isOwnRead: own !== undefined,
    row: row ?? theirs.row,
    keys,
  }
}

/** What only the other database can tell: keys that the block wrote there alone, and what was written before it. */
async function scanOther(
  { height, writtenLeftOut }: ExecutionDifference,
  sides: {
    readonly own: Reader | undefined
    readonly other: Reader
    readonly written: readonly ReportedCell[]
  },
  suite: CryptoSuite,
): Promise<{ before?: DifferingRow; row?: DifferingRow; onlyTheirs: number }> {
  const known = new Set(sides.written.map(({ table, key }) => `${table}\n${key}`))
  const found: { before?: DifferingRow; row?: DifferingRow; onlyTheirs: number } = { onlyTheirs: 0 }
  for await (const { table, key, rows } of sides.other.scan()) {
    if (!isOfState(table)) continue
    const newest = Math.max(...rows.map(({ blockNumber }) => blockNumber))
    const shown = { table: shownValue(table, suite), key: shownValue(key, suite) }
    if (newest < height && sides.own !== undefined && found.before === undefined) {
      const before = unequalBefore({ ...shown, rows }, sides.own.select(table, key), suite)
      if (before !== undefined) found.before = before
    }
    // Of a long report only a part is known: what is not in it may well have been written.
    if (newest !== height || writtenLeftOut > 0) continue
    if (known.has(`${shown.table}\n${shown.key}`)) continue
    found.onlyTheirs += 1
    found.row ??= onlyTheirs(shown, rows, suite)
  }
  return found
}

/** Written by transactions: not what the chain keeps of its blocks. */
function isOfState(table: string): boolean {
  return table !== SystemTableName.numberToHash && SYSTEM_TABLES.get(table)?.isHashed !== false
}

interface ReportedCell {
  readonly table: string
  readonly key: string
  readonly rows: readonly WrittenRow[]
}

/** In the order of the transactions that wrote them. */
function cellsOf(written: readonly WrittenRow[]): ReportedCell[] {
  const cells = new Map<string, { table: string; key: string; rows: WrittenRow[] }>()
  for (const row of written) {
    const name = `${row.table}\n${row.key}`
    const cell = cells.get(name) ?? { table: row.table, key: row.key, rows: [] }
    cells.set(name, cell)
    cell.rows.push(row)
  }
  const orderOf = ({ rows }: ReportedCell): number =>
    rows[0]?.transactions[0] ?? Number.MAX_SAFE_INTEGER
  return [...cells.values()].toSorted((a, b) => orderOf(a) - orderOf(b))
}

/** Keys are shown as text, or as hex digits where they are not printable; a text may begin with `0x` too. */
function selectShown(
  storage: Pick<Reader, 'select'>,
  { table, key }: ReportedCell,
): readonly StoredRow[] {
  const asText = storage.select(utf8ToText(table), utf8ToText(key))
  if (asText.length > 0 || !/^0x(?:[0-9a-f]{2})+$/.test(key)) return asText
  return storage.select(utf8ToText(table), bytesToText(fromHex(key.slice(2))))
}

type Shown = Readonly<Record<string, string>>

const REMOVED = '_status_'

function shownFields({ fields, isRemoved }: StoredRow, suite: CryptoSuite): Shown {
  const shown: Record<string, string> = { [REMOVED]: isRemoved ? '1' : '0' }
  for (const [name, value] of fields) {
    if (name.startsWith('_') || name.endsWith('_')) continue
    shown[name] = shownValue(value, suite)
  }
  return shown
}

/** A row of the report that the other database does not have, with the one in its place. */
function firstUnequal(
  { table, key, rows }: ReportedCell,
  stored: readonly StoredRow[],
  suite: CryptoSuite,
): Omit<DifferingRow, 'transactions'> | undefined {
  const theirs = stored.map((row) => shownFields(row, suite))
  const ours = rows.map(({ fields, isRemoved }): Shown => ({
    ...fields,
    [REMOVED]: isRemoved ? '1' : '0',
  }))
  const missing = ours.find((row) => !theirs.some((one) => differing(one, row).length === 0))
  const extra = theirs.find((row) => !ours.some((one) => differing(row, one).length === 0))
  // Rows of the key that the block left alone carry its number too: they are no difference by themselves.
  if (missing === undefined) return undefined
  const side = extra === undefined ? 'only this node wrote it' : 'both wrote it'
  return { table, key, side, fields: differing(extra, missing) }
}

function differing(expected: Shown | undefined, own: Shown | undefined): DifferingField[] {
  const names = new Set([...Object.keys(expected ?? {}), ...Object.keys(own ?? {})])
  return [...names]
    .toSorted(compareText)
    .filter((field) => expected?.[field] !== own?.[field])
    .map((field) => ({
      field,
      expected: expected?.[field] ?? null,
      own: own?.[field] ?? null,
    }))
}

interface TheirCell {
  readonly table: string
  readonly key: string
  readonly rows: readonly StoredRow[]
}

function unequalBefore(
  { table, key, rows }: TheirCell,
  own: readonly StoredRow[],
  suite: CryptoSuite,
): DifferingRow | undefined {
  for (let place = 0; place < Math.max(rows.length, own.length); place++) {
    const [theirs, ours] = [rows[place], own[place]]
    const fields = differing(theirs && shownFields(theirs, suite), ours && shownFields(ours, suite))
    if (fields.length > 0) return { table, key, side: 'both wrote it', fields, transactions: [] }
  }
  return undefined
}

function onlyTheirs(
  { table, key }: Pick<TheirCell, 'table' | 'key'>,
  rows: readonly StoredRow[],
  suite: CryptoSuite,
): DifferingRow {
  const [first] = rows
  const fields = differing(first && shownFields(first, suite), undefined)
  return { table, key, side: 'only the group wrote it', fields, transactions: [] }
}

function transactionsOf(
  { transactions }: ExecutionDifference,
  { rows }: ReportedCell,
): DifferingRow['transactions'] {
  return (rows[0]?.transactions ?? []).map((index) => ({
    index,
    hash: transactions[index] ?? '',
  }))
}

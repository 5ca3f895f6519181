import { bytesToText, equalBytes, fromHex, to0x } from '@bcos-ts/common'
import { encodeReceipt, type LogEntry, type Receipt } from '@bcos-ts/protocol'
import type { HashedTable } from '@bcos-ts/protocol/ports'
import type { RecordedStateDiff } from './recording.ts'

/** One field in which two sides differ. */
export interface FieldDifference {
  readonly field: string
  readonly recorded: string
  readonly ours: string
}

/** What kind of thing differs first, where, and how. */
export interface Difference {
  readonly kind: DifferenceKind
  readonly block: number
  /** Index of the transaction, where it is about one. */
  readonly transaction?: number
  readonly label?: string
  readonly fields: readonly FieldDifference[]
}

export type DifferenceKind =
  | 'genesis hash'
  | 'transaction hash'
  | 'transactions root'
  | 'receipt'
  | 'state root'
  | 'receipts root'
  | 'block hash'
  | 'block encoding'
  | 'row'

export function differenceOf(
  field: string,
  recorded: Uint8Array,
  ours: Uint8Array,
): FieldDifference[] {
  return equalBytes(recorded, ours) ? [] : [{ field, recorded: to0x(recorded), ours: to0x(ours) }]
}

/** Field by field; empty when the two encode alike. */
export function compareReceipts(recorded: Receipt, ours: Receipt): FieldDifference[] {
  if (equalBytes(encodeReceipt(recorded), encodeReceipt(ours))) return []
  const a = receiptFields(recorded)
  const b = receiptFields(ours)
  return Object.keys(a)
    .filter((field) => a[field] !== b[field])
    .map((field) => ({ field, recorded: a[field] ?? '', ours: b[field] ?? '' }))
}

function receiptFields(receipt: Receipt): Record<string, string> {
  return {
    status: String(receipt.status),
    gasUsed: String(receipt.gasUsed),
    contractAddress: receipt.contractAddress,
    output: to0x(receipt.output),
    remainGas: String(receipt.remainGas),
    logs: receipt.logs.map(logText).join(' '),
    logBloom: to0x(receipt.logBloom),
    stateRoot: to0x(receipt.stateRoot),
  }
}

const logText = (log: LogEntry): string =>
  `${log.address}[${log.topics.map(to0x).join(',')}]${to0x(log.data)}`

/**
 * The first table whose hashed bytes differ, and in it the first row. Rows end with a status byte, but values
 * may hold such bytes too, so the rows shown are cut where both sides still agree.
 */
export function compareTables(
  recorded: RecordedStateDiff,
  ours: readonly HashedTable[],
): FieldDifference[] {
  const oursByName = new Map(ours.map((table) => [table.table, table]))
  for (const { table, preimage } of recorded.tables) {
    const mine = oursByName.get(table)
    if (mine === undefined) {
      return [{ field: table, recorded: readable(fromHex(preimage)), ours: '(table not written)' }]
    }
    const difference = firstRowDifference(table, fromHex(preimage), mine.preimage)
    if (difference !== undefined) return [difference]
    oursByName.delete(table)
  }
  return [...oursByName.values()].slice(0, 1).map(({ table, preimage }) => ({
    field: table,
    recorded: '(table not written)',
    ours: readable(preimage),
  }))
}

function firstRowDifference(
  table: string,
  recorded: Uint8Array,
  ours: Uint8Array,
): FieldDifference | undefined {
  if (equalBytes(recorded, ours)) return undefined
  let at = 0
  while (at < recorded.length && recorded[at] === ours[at]) at += 1
  const start = rowStart(recorded, at)
  return {
    field: `${table}, byte ${start}`,
    recorded: readable(recorded.subarray(start, rowEnd(recorded, at))),
    ours: readable(ours.subarray(start, rowEnd(ours, at))),
  }
}

function rowStart(bytes: Uint8Array, at: number): number {
  let start = at
  while (start > 0 && (bytes[start - 1] ?? 2) > 1) start -= 1
  return start
}

function rowEnd(bytes: Uint8Array, at: number): number {
  let end = at
  while (end < bytes.length && (bytes[end] ?? 2) > 1) end += 1
  return end + 1
}

/** Printable characters as they are, other bytes as `\xNN`. */
function readable(bytes: Uint8Array): string {
  return bytesToText(bytes).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}

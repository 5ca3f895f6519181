/**
 * What a lane made of one transaction, and how it travels between threads.
 * @module
 */
import { type Address, decodeList, decodeReceipt, encodeReceipt } from '@bcos-ts/protocol'
import type { RowChange, TableChange } from '@bcos-ts/protocol/ports'
import type { UnrootedReceipt } from '../execute-transaction.ts'
import type { Packer, Unpacker } from './packing.ts'

/** The version of a cell that nobody in the segment has written. */
export const BASE = -1

/** A cell that a transaction touched in its lane. */
export interface SeenCell {
  /** See {@link cellName}. */
  readonly cell: string
  readonly isWritten: boolean
  /** Index of the transaction whose write was the last that the lane had seen, or {@link BASE}. */
  readonly seen: number
}

export interface LaneResult {
  /** Of the transaction in its block. */
  readonly index: number
  readonly receipt: UnrootedReceipt
  readonly cells: readonly SeenCell[]
  readonly changes: readonly TableChange[]
}

/** What a lane has made of the units that it took. */
export interface LaneReport {
  readonly results: readonly LaneResult[]
  /** Transactions that the block must execute itself. */
  readonly refused: readonly number[]
}

/** One text for a table and a key. */
export function cellName(table: string, key: string): string {
  return `${table.length}:${table}${key}`
}

export function packResult(result: LaneResult, to: Packer): void {
  to.integer(result.index)
  to.bytes(encodeReceipt(result.receipt))
  to.list(result.cells, ({ cell, isWritten, seen }) => {
    to.text(cell)
    to.flag(isWritten)
    to.integer(seen - BASE)
  })
  packChanges(result.changes, to)
}

export function unpackResult(from: Unpacker): LaneResult {
  const index = from.integer()
  const receipt = decodeReceipt(decodeList(from.bytes()))
  const cells = from.list(() => ({
    cell: from.text(),
    isWritten: from.flag(),
    seen: from.integer() + BASE,
  }))
  return { index, receipt, cells, changes: unpackChanges(from) }
}

export function packChanges(changes: readonly TableChange[], to: Packer): void {
  to.list(changes, (change) => {
    to.text(change.name)
    to.text(change.keyField)
    to.list(change.valueFields, (field) => to.text(field))
    to.flag(change.isHashed)
    to.list(change.accessList, (address) => to.text(address))
    to.flag(change.isFlagged)
    to.list(change.rows, (row) => packRow(row, to))
  })
}

export function unpackChanges(from: Unpacker): TableChange[] {
  return from.list(() => ({
    name: from.text(),
    keyField: from.text(),
    valueFields: from.list(() => from.text()),
    isHashed: from.flag(),
    accessList: from.list((): Address => from.text()),
    isFlagged: from.flag(),
    rows: from.list(() => unpackRow(from)),
  }))
}

function packRow(row: RowChange, to: Packer): void {
  to.text(row.key)
  to.integer(row.id)
  to.integer(row.index)
  to.flag(row.isRemoved)
  to.flag(row.isDiscarded)
  to.flag(row.replacesKey)
  to.flag(row.isUpdated)
  to.list([...row.fields], ([name, value]) => {
    to.text(name)
    to.text(value)
  })
}

function unpackRow(from: Unpacker): RowChange {
  return {
    key: from.text(),
    id: from.integer(),
    index: from.integer(),
    isRemoved: from.flag(),
    isDiscarded: from.flag(),
    replacesKey: from.flag(),
    isUpdated: from.flag(),
    fields: new Map(from.list(() => [from.text(), from.text()] as const)),
  }
}

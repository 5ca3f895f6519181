/**
 * Which results of lanes are what serial execution would have given. Results come in the order of the block; one is
 * accepted when every cell it touched was in its lane as the transactions before it have left it.
 * @module
 */
import { SystemTableName } from '@bcos-ts/protocol'
import type { Effects } from '@bcos-ts/protocol/ports'
import { BASE, cellName, type LaneResult } from './lane-result.ts'

export class Merge {
  /** Who wrote a cell last: the index of a transaction, or {@link unseen} of it when no lane has seen the write. */
  readonly #versions = new Map<string, number>()
  #isOver = false

  /**
   * `undefined` for a result that can be taken over. Else the transactions whose writes its lane has not seen, as
   * far as they are known.
   */
  refusalOf(result: LaneResult): readonly number[] | undefined {
    if (this.#isOver) return []
    const writers = new Set<number>()
    let isGood = true
    for (const { cell, seen } of result.cells) {
      const version = this.#versions.get(cell) ?? BASE
      if (version === seen) continue
      isGood = false
      if (version !== BASE) writers.add(version >= 0 ? version : unseen(version))
    }
    return isGood ? undefined : [...writers]
  }

  /** A result was taken over. */
  note(result: LaneResult): void {
    for (const { cell, isWritten } of result.cells) {
      if (isWritten) this.#versions.set(cell, result.index)
    }
    if (changesHowTablesOpen(result)) this.#isOver = true
  }

  /** A transaction was executed on the tables of the block: what lanes saw of its cells is not what it wrote. */
  noteSerial(index: number, { cells }: Effects): void {
    for (const { table, key, isWritten } of cells) {
      if (!isWritten) continue
      this.#versions.set(cellName(table, key), unseen(index))
      if (table === SystemTableName.tableAccess || table === SystemTableName.tables) {
        this.#isOver = true
      }
    }
  }
}

/** A version that no lane gives: its own inverse, and never {@link BASE}. */
function unseen(index: number): number {
  return -2 - index
}

/**
 * How a table is opened is settled by who opens it first in the block, and in a lane that may be another one than in
 * serial execution. It makes no difference until access lists change, or a catalogue entry that somebody may have
 * read. New tables do not: who used one before it was there has read that it was not.
 */
function changesHowTablesOpen({ changes, cells }: LaneResult): boolean {
  return changes.some(({ name, rows }) => {
    if (name === SystemTableName.tableAccess) return rows.length > 0
    if (name !== SystemTableName.tables) return false
    return rows.some(({ key, id, index }) => {
      const cell = cellName(name, key)
      const isFresh = cells.some((one) => one.cell === cell && one.seen === BASE)
      return id !== 0 || index > 0 || !isFresh
    })
  })
}

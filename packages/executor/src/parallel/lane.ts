/**
 * A lane: executes some of the transactions of a segment on tables of its own, and tells of each what it touched
 * and what it did, so that the block can take it over, or see that it cannot.
 * @module
 */
import type { Effects, TrackedTables } from '@bcos-ts/protocol/ports'
import { type ExecutableTransaction, executeTransaction } from '../execute-transaction.ts'
import type { World } from '../world.ts'
import { BASE, cellName, type LaneResult, type SeenCell } from './lane-result.ts'

/** What every transaction of a lane runs in. */
export interface LaneWorld {
  readonly tables: TrackedTables
  /**
   * A world on these tables, anew for each transaction: what a world remembers from one to the next is not among
   * the cells that a transaction is seen to touch.
   */
  readonly world: () => World
}

export class Lane {
  readonly #world: LaneWorld
  /** Who wrote a cell last in this lane. */
  readonly #writers = new Map<string, number>()
  #isBroken = false

  constructor(world: LaneWorld) {
    this.#world = world
  }

  /**
   * `undefined` when the transaction must be executed on the tables of the block: it used objects whose addresses
   * count on from transaction to transaction, or the lane has met an error, which shows again there.
   */
  run(index: number, transaction: ExecutableTransaction): LaneResult | undefined {
    if (this.#isBroken) return undefined
    const { tables } = this.#world
    try {
      tables.track()
      const world = this.#world.world()
      const receipt = executeTransaction(transaction, world)
      const effects = tables.endTracking()
      const cells = this.#note(index, effects)
      if (!effects.isExact || world.native.usesObjects()) return undefined
      return { index, receipt, cells, changes: effects.changes }
    } catch {
      // Not swallowed: the block executes the transaction itself, and what is wrong with it is thrown there.
      this.#isBroken = true
      return undefined
    }
  }

  #note(index: number, { cells }: Effects): SeenCell[] {
    const seen = cells.map(({ table, key, isWritten }) => {
      const cell = cellName(table, key)
      return { cell, isWritten, seen: this.#writers.get(cell) ?? BASE }
    })
    for (const { cell, isWritten } of seen) if (isWritten) this.#writers.set(cell, index)
    return seen
  }
}

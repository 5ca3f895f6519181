import type { ByteText } from '@bcos-ts/common'
import type { TouchedCell } from '@bcos-ts/protocol/ports'

/** What a transaction touches while it runs: cells, and tables as a whole. */
export class Touches {
  /** Tables that were opened or used, in the order in which they were first. */
  readonly opened: Set<string> = new Set()
  /** Tables in which a write passed the access check. */
  readonly flagged: Set<string> = new Set()
  /** `false` once something has happened that cells do not describe. */
  isExact = true
  /** By table and key: whether the cell was written. */
  readonly #cells = new Map<string, Map<ByteText, boolean>>()

  read(table: string, key: ByteText): void {
    const keys = this.#keysOf(table)
    if (!keys.has(key)) keys.set(key, false)
  }

  write(table: string, key: ByteText): void {
    this.#keysOf(table).set(key, true)
  }

  /** The keys of one table, with whether they were written. */
  keysOf(table: string): Iterable<readonly [key: ByteText, isWritten: boolean]> {
    return this.#cells.get(table) ?? []
  }

  cells(): readonly TouchedCell[] {
    const cells: TouchedCell[] = []
    for (const [table, keys] of this.#cells) {
      for (const [key, isWritten] of keys) cells.push({ table, key, isWritten })
    }
    return cells
  }

  #keysOf(table: string): Map<ByteText, boolean> {
    let keys = this.#cells.get(table)
    if (keys === undefined) {
      keys = new Map()
      this.#cells.set(table, keys)
    }
    return keys
  }
}

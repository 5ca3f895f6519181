import type { ByteText } from '@bcos-ts/common'
import type { RowsOfKey, StoredRow, TableStorage, WriteBatch } from '@bcos-ts/protocol/ports'
import { BlockGapError, StorageNotOpenError } from '../errors.ts'

const NONE: readonly StoredRow[] = []

/** Tables in memory: for tests, examples and simulators. Forgets everything with the object, not with `stop`. */
export function createMemoryStorage(): TableStorage {
  return new MemoryStorage()
}

class MemoryStorage implements TableStorage {
  readonly #tables = new Map<string, Map<ByteText, readonly StoredRow[]>>()
  #committed: number | undefined
  #isOpen = false

  start(): void {
    this.#isOpen = true
  }

  stop(): void {
    this.#isOpen = false
  }

  select(table: string, key: ByteText): readonly StoredRow[] {
    this.#assertOpen()
    return this.#tables.get(table)?.get(key) ?? NONE
  }

  async commit(batch: WriteBatch): Promise<void> {
    this.#assertOpen()
    const expected = (this.#committed ?? -1) + 1
    if (batch.blockNumber !== expected) throw new BlockGapError(expected, batch.blockNumber)
    for (const { table, key, rows } of batch.writes) {
      const keys = this.#tables.get(table)
      if (keys === undefined) this.#tables.set(table, new Map([[key, rows]]))
      else keys.set(key, rows)
    }
    this.#committed = batch.blockNumber
  }

  committedBlock(): number | undefined {
    this.#assertOpen()
    return this.#committed
  }

  async *scan(): AsyncIterable<RowsOfKey> {
    this.#assertOpen()
    for (const [table, keys] of this.#tables) {
      for (const [key, rows] of keys) yield { table, key, rows }
    }
  }

  #assertOpen(): void {
    if (!this.#isOpen) throw new StorageNotOpenError('memory')
  }
}

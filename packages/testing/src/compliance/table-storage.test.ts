import { BcosError } from '@bcos-ts/common'
import type { RowsOfKey, StoredRow, TableStorage, WriteBatch } from '@bcos-ts/protocol/ports'
import { describeTableStorage } from './table-storage.ts'

/** The simplest thing that can pass: one map, replaced as a whole. */
class PlainStorage implements TableStorage {
  readonly #disk: { rows: Map<string, RowsOfKey>; block: number | undefined }

  constructor(disk: { rows: Map<string, RowsOfKey>; block: number | undefined }) {
    this.#disk = disk
  }

  start(): void {}
  stop(): void {}

  select(table: string, key: string): readonly StoredRow[] {
    return this.#disk.rows.get(JSON.stringify([table, key]))?.rows ?? []
  }

  async commit({ blockNumber, writes }: WriteBatch): Promise<void> {
    const expected = (this.#disk.block ?? -1) + 1
    if (blockNumber !== expected) {
      const details = { expected, actual: blockNumber }
      throw new BcosError('STORAGE_BLOCK_GAP', 'a gap', { details })
    }
    await Promise.resolve()
    const next = new Map(this.#disk.rows)
    for (const write of writes) next.set(JSON.stringify([write.table, write.key]), write)
    this.#disk.rows = next
    this.#disk.block = blockNumber
  }

  committedBlock(): number | undefined {
    return this.#disk.block
  }

  async *scan(): AsyncIterable<RowsOfKey> {
    yield* this.#disk.rows.values()
  }
}

let disk = { rows: new Map<string, RowsOfKey>(), block: undefined as number | undefined }

describeTableStorage('a map', {
  create: async () => {
    disk = { rows: new Map(), block: undefined }
    return new PlainStorage(disk)
  },
  reopen: async () => new PlainStorage(disk),
  // The dead process keeps its own map: what it still writes reaches nobody.
  crash: async () => new PlainStorage({ ...disk }),
})

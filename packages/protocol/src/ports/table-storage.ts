import type { ByteText, Startable } from '@bcos-ts/common'

/** A row as it is kept: its fields, and the columns `_id_`, `_num_`, `_status_` (spec 03 §7.1). */
export interface StoredRow {
  /** Unique in the ledger; decides the order of rows under one key and in the state hash. */
  readonly id: number
  /** The block that wrote it last. */
  readonly blockNumber: number
  /** Removed rows stay, so that ids and history stay what they are. */
  readonly isRemoved: boolean
  /** Fields that were never set are absent. The key field is one of them. */
  readonly fields: ReadonlyMap<string, ByteText>
}

/** All rows of one key of one table, in ascending id. */
export interface RowsOfKey {
  readonly table: string
  readonly key: ByteText
  readonly rows: readonly StoredRow[]
}

/** What one block wrote: for each key it touched, the complete new list of rows. */
export interface WriteBatch {
  readonly blockNumber: number
  readonly writes: readonly RowsOfKey[]
}

/**
 * Where committed tables live. Names and keys are byte text.
 *
 * - Reading is synchronous: it happens in the middle of execution (decision D3).
 * - A batch is applied whole or not at all, also when the process dies half way, and is durable when
 *   `commit` resolves. Batches come in block order: 0 first, then without a gap.
 * - Rows come back in the order they were written.
 */
export interface TableStorage extends Startable {
  /** All rows of a key, removed ones included; empty when there are none. */
  select(table: string, key: ByteText): readonly StoredRow[]
  /** Throws `STORAGE_BLOCK_GAP` when the batch is not of the next block, and writes nothing of it. */
  commit(batch: WriteBatch): Promise<void>
  /** Highest committed block, or `undefined` before genesis. */
  committedBlock(): number | undefined
  /** Everything, in an order of the driver's choice: for export and comparison, not for the running node. */
  scan(): AsyncIterable<RowsOfKey>
}

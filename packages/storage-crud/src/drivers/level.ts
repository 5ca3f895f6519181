/**
 * {@link TableStorage} in LevelDB: one value for each key of each table, one synced batch for each block.
 *
 * @example
 * ```ts
 * import { createLevelStorage } from '@bcos-ts/storage-crud/level'
 *
 * const storage = createLevelStorage({ path: 'data/group1/block' })
 * await storage.start()
 * ```
 * @module
 */
import { bytesToText, type ByteText, equalBytes, messageOf } from '@bcos-ts/common'
import type { RowsOfKey, StoredRow, TableStorage, WriteBatch } from '@bcos-ts/protocol/ports'
import { ClassicLevel } from 'classic-level'
import { BlockGapError, StorageNotOpenError, StorageOpenError } from '../errors.ts'
import { splitPlace } from '../place.ts'
import { COMMITTED_KEY, placeBytes, readCommitted, rowsOf, writeCommitted } from './level-format.ts'
import { RowEncoder } from './row-codec.ts'

export { createLevelReader, type LevelReader, type StateView } from './level-reader.ts'

/** What the caller decides. */
export interface LevelStorageInit {
  /** Directory of the database. Created when absent. One process at a time. */
  readonly path: string
  /**
   * Memory for blocks read from disk.
   * @default 33_554_432
   */
  readonly cacheBytes?: number
  /**
   * Other threads of this process may read it: see `createLevelReader`.
   * @default false
   */
  readonly isShared?: boolean
}

const CACHE_BYTES_DEFAULT = 33_554_432
/**
 * Files of 2 MiB that are kept open. Each costs some 80 KiB, for its index, its filter and what the system maps of it:
 * with as many as the library keeps by itself, a database would take memory until it has a thousand of them.
 */
const OPEN_FILES_MAX = 64
const NONE: readonly StoredRow[] = []

type Level = ClassicLevel<Uint8Array, Uint8Array>
type Snapshot = ReturnType<Level['snapshot']>

export function createLevelStorage(init: LevelStorageInit): TableStorage {
  return new LevelStorage(init)
}

class LevelStorage implements TableStorage {
  readonly #init: LevelStorageInit
  #level: Level | undefined
  #committed: number | undefined
  /** The state before the batch that is being written: all that readers see until it is durable. */
  #before: Snapshot | undefined

  constructor(init: LevelStorageInit) {
    this.#init = init
  }

  async start(): Promise<void> {
    const level: Level = new ClassicLevel(this.#init.path, {
      keyEncoding: 'view',
      valueEncoding: 'view',
      cacheSize: this.#init.cacheBytes ?? CACHE_BYTES_DEFAULT,
      maxOpenFiles: OPEN_FILES_MAX,
      multithreading: this.#init.isShared ?? false,
    })
    try {
      await level.open()
    } catch (error) {
      throw new StorageOpenError(this.#init.path, openFailure(error), error)
    }
    this.#level = level
    const committed = level.getSync(COMMITTED_KEY)
    this.#committed = committed === undefined ? undefined : readCommitted(committed)
  }

  async stop(): Promise<void> {
    const level = this.#level
    this.#level = undefined
    await level?.close()
  }

  select(table: string, key: ByteText): readonly StoredRow[] {
    const level = this.#open()
    const place = placeBytes(table, key)
    const snapshot = this.#before
    const value = snapshot === undefined ? level.getSync(place) : level.getSync(place, { snapshot })
    return value === undefined ? NONE : rowsOf(table, value)
  }

  async commit(batch: WriteBatch): Promise<void> {
    const level = this.#open()
    const expected = (this.#committed ?? -1) + 1
    if (batch.blockNumber !== expected) throw new BlockGapError(expected, batch.blockNumber)
    const chain = level.batch()
    const encoder = new RowEncoder()
    for (const { table, key, rows } of batch.writes) {
      chain.put(placeBytes(table, key), encoder.encode(rows))
    }
    chain.put(COMMITTED_KEY, writeCommitted(batch.blockNumber))
    const before = level.snapshot()
    this.#before = before
    try {
      await chain.write({ sync: true })
      this.#committed = batch.blockNumber
    } finally {
      this.#before = undefined
      await before.close()
    }
  }

  committedBlock(): number | undefined {
    this.#open()
    return this.#committed
  }

  async *scan(): AsyncIterable<RowsOfKey> {
    for await (const [place, value] of this.#open().iterator()) {
      if (equalBytes(place, COMMITTED_KEY)) continue
      const { table, key } = splitPlace(bytesToText(place))
      yield { table, key, rows: rowsOf(table, value) }
    }
  }

  #open(): Level {
    if (this.#level === undefined) throw new StorageNotOpenError('level')
    return this.#level
  }
}

/** The driver's own message only says that it failed; the reason is its cause. */
function openFailure(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  const isLocked = typeof cause === 'object' && cause !== null && 'code' in cause
  if (isLocked && cause.code === 'LEVEL_LOCKED') {
    return 'another process uses it; stop that process first'
  }
  return messageOf(cause)
}

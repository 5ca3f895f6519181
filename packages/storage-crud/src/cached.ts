import type { ByteText } from '@bcos-ts/common'
import type { RowsOfKey, StoredRow, TableStorage, WriteBatch } from '@bcos-ts/protocol/ports'
import { placeOf } from './place.ts'

/** What an entry costs beside its texts: maps, objects, the key. */
const ENTRY_OVERHEAD_BYTES = 200
const FIELD_OVERHEAD_BYTES = 32

const BYTES_DEFAULT = 64 * 1024 * 1024

export interface CachedStorageInit {
  /**
   * Memory for rows, roughly.
   * @default 67_108_864
   */
  readonly bytesMax?: number
}

/**
 * A read cache in front of any driver. What a block commits is kept too: it is what the next blocks read.
 * Absent keys are remembered as well, for most contract storage is first written after it was found empty.
 */
export function cachedStorage(inner: TableStorage, init: CachedStorageInit = {}): TableStorage {
  return new CachedStorage(inner, init.bytesMax ?? BYTES_DEFAULT)
}

/** Entries used within so many reads are not moved again: moving costs more than reading. */
const FRESH_USES = 1000

interface CacheEntry {
  readonly rows: readonly StoredRow[]
  readonly bytes: number
  usedAt: number
}

class CachedStorage implements TableStorage {
  readonly #inner: TableStorage
  readonly #bytesMax: number
  /** Roughly in order of use: among the first is the least recently used. */
  readonly #entries = new Map<string, CacheEntry>()
  #bytes = 0
  #uses = 0
  /** What is being written: kept in the moment in which the driver shows it, so that readers see one state. */
  #pending: WriteBatch | undefined

  constructor(inner: TableStorage, bytesMax: number) {
    this.#inner = inner
    this.#bytesMax = bytesMax
  }

  start(): void | Promise<void> {
    return this.#inner.start()
  }

  stop(): void | Promise<void> {
    this.#entries.clear()
    this.#bytes = 0
    return this.#inner.stop()
  }

  select(table: string, key: ByteText): readonly StoredRow[] {
    if (this.#pending !== undefined) this.#takeOver(this.#pending)
    const place = placeOf(table, key)
    const entry = this.#entries.get(place)
    if (entry !== undefined) {
      this.#use(place, entry)
      return entry.rows
    }
    const rows = this.#inner.select(table, key)
    this.#keep(place, rows)
    return rows
  }

  /** Moves an entry behind the others, unless it was moved so lately that it stands near the end anyway. */
  #use(place: string, entry: CacheEntry): void {
    this.#uses += 1
    if (this.#uses - entry.usedAt < FRESH_USES) return
    entry.usedAt = this.#uses
    this.#entries.delete(place)
    this.#entries.set(place, entry)
  }

  async commit(batch: WriteBatch): Promise<void> {
    if (this.#pending !== undefined) this.#takeOver(this.#pending)
    const committing = this.#inner.commit(batch)
    // A batch that comes while another is written is about to be refused: it must not displace that one.
    this.#pending ??= batch
    try {
      await committing
      this.#takeOver(batch)
    } finally {
      if (this.#pending === batch) this.#pending = undefined
    }
  }

  #takeOver(batch: WriteBatch): void {
    if (this.#pending !== batch || this.#inner.committedBlock() !== batch.blockNumber) return
    this.#pending = undefined
    for (const { table, key, rows } of batch.writes) this.#keep(placeOf(table, key), rows)
  }

  committedBlock(): number | undefined {
    return this.#inner.committedBlock()
  }

  scan(): AsyncIterable<RowsOfKey> {
    return this.#inner.scan()
  }

  #keep(place: string, rows: readonly StoredRow[]): void {
    const old = this.#entries.get(place)
    if (old !== undefined) {
      this.#bytes -= old.bytes
      this.#entries.delete(place)
    }
    const bytes = place.length + sizeOf(rows)
    // A value that would push out a large part of the cache (a block, a long list) is not worth its room.
    if (bytes > this.#bytesMax / 16) return
    this.#entries.set(place, { rows, bytes, usedAt: this.#uses })
    this.#bytes += bytes
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#bytesMax) return
      this.#entries.delete(oldest)
      this.#bytes -= entry.bytes
    }
  }
}

function sizeOf(rows: readonly StoredRow[]): number {
  let bytes = ENTRY_OVERHEAD_BYTES
  for (const row of rows) {
    for (const [name, value] of row.fields)
      bytes += name.length + value.length + FIELD_OVERHEAD_BYTES
  }
  return bytes
}

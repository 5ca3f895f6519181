import type { ByteText } from '@bcos-ts/common'
import type { RowsOfKey, StoredRow, TableStorage, WriteBatch } from '@bcos-ts/protocol/ports'

/** What an entry costs beside its texts: maps, objects, the key. */
const ENTRY_OVERHEAD_BYTES = 200
const FIELD_OVERHEAD_BYTES = 32

const BYTES_DEFAULT = 64 * 1024 * 1024
/** So many of the largest values that are remembered have room. */
const ENTRIES_MIN = 256

export interface CachedStorageInit {
  /**
   * Memory for rows, roughly.
   * @default 67_108_864
   */
  readonly bytesMax?: number
  /**
   * Larger values are not remembered, roughly: one of them (a block that a peer asks for, a long list) pushes out hundreds
   * that are read again and again.
   * @default a 256th of `bytesMax`
   */
  readonly entryBytesMax?: number
}

/**
 * A read cache in front of any driver. What was read is remembered, absent keys too, for most contract storage is
 * first written after it was found empty; a block that is committed renews what is remembered and adds nothing,
 * for most of what only it wrote (where a transaction stands, the block itself) is never read.
 */
export function cachedStorage(inner: TableStorage, init: CachedStorageInit = {}): TableStorage {
  const { bytesMax = BYTES_DEFAULT, entryBytesMax = bytesMax / ENTRIES_MIN } = init
  return new CachedStorage(inner, bytesMax, entryBytesMax)
}

interface CacheEntry {
  readonly rows: readonly StoredRow[]
  readonly bytes: number
}

/** Entries by table and key. */
type Generation = Map<string, Map<ByteText, CacheEntry>>

class CachedStorage implements TableStorage {
  readonly #inner: TableStorage
  readonly #bytesMax: number
  readonly #entryBytesMax: number
  /**
   * What was used lately, and what was used before that. When the young ones fill half of the room, they become
   * the old ones, and the old ones are forgotten at once: no entry is ever moved or removed by itself.
   */
  #young: Generation = new Map()
  #old: Generation = new Map()
  #youngBytes = 0
  /** What is being written: kept in the moment in which the driver shows it, so that readers see one state. */
  #pending: WriteBatch | undefined

  constructor(inner: TableStorage, bytesMax: number, entryBytesMax: number) {
    this.#inner = inner
    this.#bytesMax = bytesMax
    this.#entryBytesMax = entryBytesMax
  }

  start(): void | Promise<void> {
    return this.#inner.start()
  }

  stop(): void | Promise<void> {
    this.#young = new Map()
    this.#old = new Map()
    this.#youngBytes = 0
    return this.#inner.stop()
  }

  select(table: string, key: ByteText): readonly StoredRow[] {
    if (this.#pending !== undefined) this.#takeOver(this.#pending)
    const young = this.#young.get(table)?.get(key)
    if (young !== undefined) return young.rows
    const old = this.#old.get(table)?.get(key)
    if (old !== undefined) {
      this.#keep(table, key, old)
      return old.rows
    }
    const rows = this.#inner.select(table, key)
    this.#keep(table, key, entryOf(key, rows))
    return rows
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
    for (const { table, key, rows } of batch.writes) this.#renew(table, key, rows)
  }

  /** Both generations: an outdated old entry would come back once the young one has become too large to keep. */
  #renew(table: string, key: ByteText, rows: readonly StoredRow[]): void {
    const young = this.#young.get(table)
    const old = this.#old.get(table)
    const known = young?.get(key) ?? old?.get(key)
    if (known === undefined) return
    old?.delete(key)
    if (young?.delete(key) === true) this.#youngBytes -= known.bytes
    this.#keep(table, key, entryOf(key, rows))
  }

  committedBlock(): number | undefined {
    return this.#inner.committedBlock()
  }

  scan(): AsyncIterable<RowsOfKey> {
    return this.#inner.scan()
  }

  #keep(table: string, key: ByteText, entry: CacheEntry): void {
    if (entry.bytes > this.#entryBytesMax) return
    const keys = this.#young.get(table)
    if (keys === undefined) this.#young.set(table, new Map([[key, entry]]))
    else keys.set(key, entry)
    this.#youngBytes += entry.bytes
    if (this.#youngBytes <= this.#bytesMax / 2) return
    this.#old = this.#young
    this.#young = new Map()
    this.#youngBytes = 0
  }
}

function entryOf(key: ByteText, rows: readonly StoredRow[]): CacheEntry {
  let bytes = ENTRY_OVERHEAD_BYTES + key.length
  for (const row of rows) {
    for (const [name, value] of row.fields) {
      bytes += name.length + value.length + FIELD_OVERHEAD_BYTES
    }
  }
  return { rows, bytes }
}

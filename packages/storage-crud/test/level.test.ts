import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoredRow, TableStorage, WriteBatch } from '@bcos-ts/protocol/ports'
import { cachedStorage, createMemoryStorage } from '@bcos-ts/storage-crud'
import { createLevelStorage } from '@bcos-ts/storage-crud/level'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bcos-ts-level-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const row = (id: number, value: string): StoredRow => ({
  id,
  blockNumber: id,
  isRemoved: false,
  fields: new Map([
    ['key', 'k'],
    ['value', value],
  ]),
})

/** Every block writes two keys that say which block it was: they must never disagree. */
const batchOf = (blockNumber: number): WriteBatch => ({
  blockNumber,
  writes: ['left', 'right'].map((key) => ({
    table: 't',
    key,
    rows: [row(1, `${blockNumber} ${'x'.repeat(40 * blockNumber)}`)],
  })),
})

const seenBy = (storage: TableStorage): (string | undefined)[] =>
  ['left', 'right'].map((key) => storage.select('t', key)[0]?.fields.get('value')?.split(' ')[0])

describe('a database that was cut off anywhere', () => {
  it('opens at a whole block, for every length its log can have', async () => {
    const path = join(folder, 'whole')
    const storage = createLevelStorage({ path })
    await storage.start()
    for (let block = 0; block < 4; block++) await storage.commit(batchOf(block))
    await storage.stop()
    const log = readdirSync(path).find((name) => name.endsWith('.log'))!
    const { length } = readFileSync(join(path, log))
    const reached = new Set<number | undefined>()
    for (let bytes = 0; bytes <= length; bytes += 3) {
      const cut = join(folder, `cut-${bytes}`)
      cpSync(path, cut, { recursive: true })
      truncateSync(join(cut, log), bytes)
      const again = createLevelStorage({ path: cut })
      await again.start()
      const committed = again.committedBlock()
      reached.add(committed)
      const expected = committed === undefined ? undefined : String(committed)
      expect(seenBy(again), `log cut to ${bytes} of ${length} bytes`).toEqual([expected, expected])
      await again.commit(batchOf((committed ?? -1) + 1))
      await again.stop()
      rmSync(cut, { recursive: true })
    }
    expect(reached.size).toBeGreaterThanOrEqual(4)
  })
})

describe('LevelDB driver', () => {
  it('says which process to stop when another one holds the database', async () => {
    const first = createLevelStorage({ path: join(folder, 'db') })
    await first.start()
    const second = createLevelStorage({ path: join(folder, 'db') })
    await expect(second.start()).rejects.toMatchObject({
      code: 'STORAGE_OPEN_FAILED',
      message: expect.stringContaining('stop that process'),
    })
    await first.stop()
  })

  it('refuses to work before it is started and after it is stopped', async () => {
    const storage = createLevelStorage({ path: join(folder, 'db') })
    const closed = expect.objectContaining({ code: 'STORAGE_NOT_OPEN' })
    expect(() => storage.select('t', 'left')).toThrow(closed)
    await storage.start()
    await storage.stop()
    expect(() => storage.select('t', 'left')).toThrow(closed)
    await storage.stop()
  })
})

describe('drivers and the cache', () => {
  const text = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
    maxLength: 20,
  })
  const storedRow = fc.record({
    id: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    blockNumber: fc.nat(),
    isRemoved: fc.boolean(),
    fields: fc
      .dictionary(text, text, { maxKeys: 4 })
      .map((values) => new Map(Object.entries(values))),
  })
  const write = fc.record({
    table: fc.constantFrom('t', 'u_a', 'c_00'),
    key: text,
    rows: fc.array(storedRow, { maxLength: 3 }),
  })

  it('keep whatever bytes are in keys and values, alike in memory, on disk and through a tiny cache', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(write, { maxLength: 4 }), { maxLength: 3 }),
        async (blocks) => {
          run += 1
          const memory = createMemoryStorage()
          const level = createLevelStorage({ path: join(folder, `run-${run}`) })
          const cached = cachedStorage(level, { bytesMax: 16 * 600, entryBytesMax: 600 })
          await memory.start()
          await cached.start()
          for (const [blockNumber, writes] of blocks.entries()) {
            await memory.commit({ blockNumber, writes })
            await cached.commit({ blockNumber, writes })
          }
          for (const { table, key } of blocks.flat()) {
            const expected = memory.select(table, key)
            expect(level.select(table, key)).toEqual(expected)
            expect(cached.select(table, key)).toEqual(expected)
            expect(cached.select(table, key)).toEqual(expected)
          }
          const all = new Map<string, readonly StoredRow[]>()
          for await (const found of level.scan()) all.set(`${found.table}/${found.key}`, found.rows)
          for await (const { table, key, rows } of memory.scan()) {
            expect(all.get(`${table}/${key}`)).toEqual(rows)
            all.delete(`${table}/${key}`)
          }
          expect(all.size).toBe(0)
          await cached.stop()
        },
      ),
      { numRuns: 50 },
    )
  })
})

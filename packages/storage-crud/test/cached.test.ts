import type { StoredRow, TableStorage } from '@bcos-ts/protocol/ports'
import { cachedStorage, createMemoryStorage } from '@bcos-ts/storage-crud'
import { expect, it } from 'vitest'

const row = (bytes: number): StoredRow => ({
  id: 1,
  blockNumber: 0,
  isRemoved: false,
  fields: new Map([['value', 'x'.repeat(bytes)]]),
})

/** A cache of which one can see what it asks the storage behind it for. */
async function watched(
  rows: Readonly<Record<string, StoredRow>>,
): Promise<{ readonly cached: TableStorage; readonly asked: string[] }> {
  const inner = createMemoryStorage()
  const asked: string[] = []
  const select = inner.select.bind(inner)
  inner.select = (table, key) => {
    asked.push(key)
    return select(table, key)
  }
  const cached = cachedStorage(inner, { bytesMax: 256_000 })
  await cached.start()
  const writes = Object.entries(rows).map(([key, one]) => ({ table: 't', key, rows: [one] }))
  await cached.commit({ blockNumber: 0, writes })
  return { cached, asked }
}

it('remembers what was read, absent keys too', async () => {
  const { cached, asked } = await watched({ small: row(100) })
  for (let i = 0; i < 3; i++) {
    expect(cached.select('t', 'small')).toEqual([row(100)])
    expect(cached.select('t', 'absent')).toEqual([])
  }
  expect(asked).toEqual(['small', 'absent'])
})

it('does not give the room of hundreds of rows to a large one', async () => {
  const rows = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${i}`, row(100)]))
  const { cached, asked } = await watched({ ...rows, large: row(10_000) })
  for (const key of Object.keys(rows)) cached.select('t', key)
  for (let i = 0; i < 50; i++) expect(cached.select('t', 'large')).toEqual([row(10_000)])
  asked.length = 0
  for (const key of Object.keys(rows)) cached.select('t', key)
  expect(asked).toEqual([])
})

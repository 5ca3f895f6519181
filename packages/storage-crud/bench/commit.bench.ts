import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { standardSuite } from '@bcos-ts/crypto'
import type { StateTables, TableStorage } from '@bcos-ts/protocol/ports'
import { cachedStorage, createBlockTables, createMemoryStorage } from '@bcos-ts/storage-crud'
import { createLevelStorage } from '@bcos-ts/storage-crud/level'
import { ClassicLevel } from 'classic-level'
import { afterAll, bench, describe } from 'vitest'

const ROWS = 1000
const folder = mkdtempSync(join(tmpdir(), 'bcos-ts-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Ledger {
  readonly storage: TableStorage
  height: number
}

async function openLedger(storage: TableStorage): Promise<Ledger> {
  await storage.start()
  const ledger = { storage, height: -1 }
  await commitBlock(ledger, (tables) => {
    tables.create({ name: 'u_t', keyField: 'key', valueFields: 'value' }, undefined)
  })
  return ledger
}

/** A block that writes, is hashed and becomes durable: what a node does with each. */
async function commitBlock(ledger: Ledger, write: (tables: StateTables) => void): Promise<void> {
  const tables = createBlockTables({
    storage: ledger.storage,
    parentNumber: ledger.height,
    hash: standardSuite.hash,
  })
  write(tables)
  tables.endTransaction()
  tables.stateRoot()
  ledger.height += 1
  await ledger.storage.commit(tables.finish(ledger.height))
}

const writeRows = (tables: StateTables): void => {
  const table = tables.open('u_t')
  for (let i = 0; i < ROWS; i++) {
    const row = tables.newEntry()
    row.set('value', String(i))
    const key = `account-${i}`
    if (table?.select(key).length === 0) table.insert(key, row, undefined)
    else table?.update(key, row, { writer: undefined })
  }
}

const memory = await openLedger(createMemoryStorage())
const level = await openLedger(cachedStorage(createLevelStorage({ path: join(folder, 'tables') })))
const plain = new ClassicLevel(join(folder, 'plain'))
await plain.open()

describe(`a block that reads, writes and hashes ${ROWS} rows`, () => {
  bench('memory', () => commitBlock(memory, writeRows))
  bench('LevelDB behind the cache, synced', () => commitBlock(level, writeRows))
  bench('LevelDB alone: one synced batch of as many values (yardstick)', async () => {
    const batch = plain.batch()
    for (let i = 0; i < ROWS; i++) batch.put(`account-${i}`, `key account-${i} value ${i}`)
    await batch.write({ sync: true })
  })
})

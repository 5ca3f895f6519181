import type { RowsOfKey, StoredRow, TableStorage } from '@bcos-ts/protocol/ports'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

export interface TableStorageSetup {
  /** A fresh, empty, not yet started storage. */
  create(): Promise<TableStorage>
  /** The same storage after a restart; left out by a driver that forgets (memory). */
  readonly reopen?: () => Promise<TableStorage>
  /**
   * The same storage after the process died: called while a commit may still be going on. Left out by a driver
   * that cannot be killed in a test.
   */
  readonly crash?: () => Promise<TableStorage>
  /** Called at the end of each test, after the storage was stopped. */
  readonly dispose?: () => Promise<void>
}

const ALL_BYTES = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join('')
const MANY = 3000

function row(
  id: number,
  fields: Readonly<Record<string, string>>,
  change: Partial<StoredRow> = {},
): StoredRow {
  return {
    id,
    blockNumber: 0,
    isRemoved: false,
    fields: new Map(Object.entries(fields)),
    ...change,
  }
}

const apple = row(1, { name: 'apple', price: '3' })
const pear = row(2, { name: 'pear', price: '5' })
const plum = row(3, { name: 'plum', price: '2' })

const fruit = (...rows: readonly StoredRow[]): RowsOfKey => ({
  table: 'u_fruit',
  key: 'basket',
  rows,
})

const placeOf = ({ table, key }: RowsOfKey): string => JSON.stringify([table, key])

const inOrder = (rows: readonly RowsOfKey[]): RowsOfKey[] =>
  rows.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))

/** The storage under test, and short ways to use it. */
class Bench {
  #storage: TableStorage | undefined

  get storage(): TableStorage {
    if (this.#storage === undefined) throw new Error('no storage was created')
    return this.#storage
  }

  set storage(storage: TableStorage) {
    this.#storage = storage
  }

  async restart(reopen: () => Promise<TableStorage>): Promise<void> {
    await this.storage.stop()
    this.storage = await reopen()
    await this.storage.start()
  }

  commit(blockNumber: number, ...writes: readonly RowsOfKey[]): Promise<void> {
    return this.storage.commit({ blockNumber, writes })
  }

  basket(): readonly StoredRow[] {
    return this.storage.select('u_fruit', 'basket')
  }

  async everything(): Promise<RowsOfKey[]> {
    const found: RowsOfKey[] = []
    for await (const one of this.storage.scan()) found.push(one)
    return found
  }
}

/**
 * What every driver of tables must do (port `TableStorage`). Applying it is the whole test file of a driver, plus
 * what only this driver does.
 *
 * @example
 * ```ts
 * describeTableStorage('memory', { create: async () => createMemoryStorage() })
 * ```
 */
export function describeTableStorage(driver: string, setup: TableStorageSetup): void {
  describe(`TableStorage compliance: ${driver}`, () => {
    const bench = new Bench()
    const commit = (blockNumber: number, ...writes: readonly RowsOfKey[]): Promise<void> =>
      bench.commit(blockNumber, ...writes)

    beforeEach(async () => {
      bench.storage = await setup.create()
      await bench.storage.start()
    })

    afterEach(async () => {
      await bench.storage.stop()
      await setup.dispose?.()
    })

    describe('reading', () => {
      it('finds nothing before genesis', async () => {
        expect(bench.storage.committedBlock()).toBeUndefined()
        expect(bench.basket()).toEqual([])
        expect(await bench.everything()).toEqual([])
      })

      it('gives rows back as they were written, in their order', async () => {
        await commit(0, fruit(apple, pear, plum))
        expect(bench.basket()).toEqual([apple, pear, plum])
        expect(bench.storage.committedBlock()).toBe(0)
      })

      it('gives back the latest list of a key, removed rows included', async () => {
        await commit(0, fruit(apple, pear))
        const removed = row(2, { name: 'pear', price: '5' }, { isRemoved: true, blockNumber: 1 })
        await commit(1, fruit(apple, removed, plum))
        expect(bench.basket()).toEqual([apple, removed, plum])
        expect(bench.storage.committedBlock()).toBe(1)
      })

      it('keeps a key that a later block did not touch', async () => {
        await commit(0, fruit(apple))
        await commit(1, { table: 'u_fruit', key: 'bowl', rows: [plum] })
        expect(bench.basket()).toEqual([apple])
        expect(bench.storage.select('u_fruit', 'bowl')).toEqual([plum])
      })

      it('keeps block number and removal of each row', async () => {
        const rows = [
          row(7, { a: '1' }, { blockNumber: 0 }),
          row(2 ** 40, { a: '2' }, { blockNumber: 4_000_000, isRemoved: true }),
        ]
        await commit(0, { table: 'u_t', key: 'k', rows })
        expect(bench.storage.select('u_t', 'k')).toEqual(rows)
      })
    })

    describe('names and values', () => {
      it('are bytes of any kind', async () => {
        const rows = [row(1, { [ALL_BYTES]: ALL_BYTES, empty: '' })]
        await commit(0, { table: `u_${ALL_BYTES}`, key: ALL_BYTES, rows })
        expect(bench.storage.select(`u_${ALL_BYTES}`, ALL_BYTES)).toEqual(rows)
        expect(await bench.everything()).toEqual([
          { table: `u_${ALL_BYTES}`, key: ALL_BYTES, rows },
        ])
      })

      it('do not run into each other', async () => {
        const places: readonly (readonly [table: string, key: string])[] = [
          ['t', ''],
          ['t', 'a'],
          ['t', 'ab'],
          ['ta', 'b'],
          ['t_a', 'b'],
          ['t', '_ab'],
          ['t', 'a\u0000'],
          ['t\u0000', 'a'],
          ['t', '\u00ff'],
          ['t', 'A'],
        ]
        const writes = places.map(([table, key], i) => ({
          table,
          key,
          rows: [row(i, { i: `${i}` })],
        }))
        await commit(0, ...writes)
        for (const { table, key, rows } of writes)
          expect(bench.storage.select(table, key)).toEqual(rows)
        expect(bench.storage.select('t', 'abc')).toEqual([])
        expect(inOrder(await bench.everything())).toEqual(inOrder(writes))
      })

      it('may be absent: a field that was never set is not there', async () => {
        await commit(0, { table: 't', key: 'k', rows: [row(1, {}), row(2, { b: 'x' })] })
        const [first, second] = bench.storage.select('t', 'k')
        expect(first?.fields.size).toBe(0)
        expect([...(second?.fields ?? [])]).toEqual([['b', 'x']])
      })

      it('may be large', async () => {
        const large = ALL_BYTES.repeat(4096)
        await commit(0, fruit(row(1, { name: large })))
        expect(bench.basket()[0]?.fields.get('name') === large).toBe(true)
      })
    })

    describe('many rows', () => {
      it('under one key stay in order', async () => {
        const rows = Array.from({ length: MANY }, (_, i) => row(i + 1, { name: `fruit ${i}` }))
        await commit(0, fruit(...rows))
        expect(bench.basket()).toEqual(rows)
      })

      it('under many keys are all there', async () => {
        const writes = Array.from({ length: MANY }, (_, i) => ({
          table: `u_${i % 7}`,
          key: `key ${i}`,
          rows: [row(i, { i: `${i}` })],
        }))
        await commit(0, ...writes)
        for (const { table, key, rows } of writes)
          expect(bench.storage.select(table, key)).toEqual(rows)
        expect(await bench.everything()).toHaveLength(MANY)
      })
    })

    describe('blocks', () => {
      it('come one after another: a gap is refused, and nothing of it is written', async () => {
        await commit(0, fruit(apple))
        await expect(commit(2, fruit(pear))).rejects.toMatchObject({
          code: 'STORAGE_BLOCK_GAP',
          details: { expected: 1, actual: 2 },
        })
        expect(bench.basket()).toEqual([apple])
        expect(bench.storage.committedBlock()).toBe(0)
      })

      it('begin with 0', async () => {
        await expect(commit(1, fruit(apple))).rejects.toMatchObject({
          code: 'STORAGE_BLOCK_GAP',
          details: { expected: 0, actual: 1 },
        })
        expect(bench.storage.committedBlock()).toBeUndefined()
      })

      it('are not written twice', async () => {
        await commit(0, fruit(apple))
        await expect(commit(0, fruit(pear))).rejects.toMatchObject({ code: 'STORAGE_BLOCK_GAP' })
        expect(bench.basket()).toEqual([apple])
      })

      it('may write nothing', async () => {
        await commit(0)
        await commit(1)
        expect(bench.storage.committedBlock()).toBe(1)
        expect(await bench.everything()).toEqual([])
      })

      it('go on after one that was refused', async () => {
        await commit(0, fruit(apple))
        await expect(commit(5, fruit(pear))).rejects.toMatchObject({ code: 'STORAGE_BLOCK_GAP' })
        await commit(1, fruit(plum))
        expect(bench.basket()).toEqual([plum])
      })

      it('are not disturbed by one that is refused while they are written', async () => {
        await commit(0, fruit(apple))
        expect(bench.basket()).toEqual([apple])
        const right = commit(1, fruit(pear))
        const wrong = commit(5, fruit(plum))
        await expect(wrong).rejects.toMatchObject({ code: 'STORAGE_BLOCK_GAP' })
        await right
        expect(bench.basket()).toEqual([pear])
        expect(bench.storage.committedBlock()).toBe(1)
      })

      it('are seen whole or not at all while they are written', async () => {
        const keys = Array.from({ length: 200 }, (_, i) => `key ${i}`)
        const writesOf = (value: string): RowsOfKey[] =>
          keys.map((key) => ({ table: 't', key, rows: [row(1, { value })] }))
        await commit(0, ...writesOf('old'))
        const commitment = { isPending: true }
        const pending = commit(1, ...writesOf('new')).finally(() => (commitment.isPending = false))
        // Looked at in turns of the event loop, however long the driver takes.
        while (commitment.isPending) {
          const seen = keys.map((key) => bench.storage.select('t', key)[0]?.fields.get('value'))
          expect(new Set(seen).size).toBe(1)
          await new Promise((resolve) => void setImmediate(resolve))
        }
        await pending
        const after = keys.map((key) => bench.storage.select('t', key)[0]?.fields.get('value'))
        expect(new Set(after)).toEqual(new Set(['new']))
      })
    })

    if (setup.reopen !== undefined) describeRestart(bench, setup.reopen)
    if (setup.crash !== undefined) describeCrash(bench, setup.crash)
  })
}

function describeRestart(bench: Bench, reopen: () => Promise<TableStorage>): void {
  describe('after a restart', () => {
    it('everything is there, in its order', async () => {
      const removed = row(2, { name: 'pear' }, { isRemoved: true })
      const odd = { table: ALL_BYTES, key: ALL_BYTES, rows: [pear] }
      await bench.commit(0, fruit(apple, removed, plum), odd)
      await bench.commit(1)
      const before = inOrder(await bench.everything())
      await bench.restart(reopen)
      expect(bench.storage.committedBlock()).toBe(1)
      expect(bench.basket()).toEqual([apple, removed, plum])
      expect(inOrder(await bench.everything())).toEqual(before)
    })

    it('the next block is the one after the last', async () => {
      await bench.commit(0, fruit(apple))
      await bench.restart(reopen)
      await expect(bench.commit(0, fruit(pear))).rejects.toMatchObject({
        code: 'STORAGE_BLOCK_GAP',
      })
      await bench.commit(1, fruit(pear))
      expect(bench.basket()).toEqual([pear])
    })
  })
}

function describeCrash(bench: Bench, crash: () => Promise<TableStorage>): void {
  describe('after the process died in a commit', () => {
    it('the block is there whole, or it never was', async () => {
      const keys = Array.from({ length: 200 }, (_, i) => `key ${i}`)
      const writesOf = (value: string): RowsOfKey[] =>
        keys.map((key) => ({ table: 't', key, rows: [row(1, { value })] }))
      await bench.commit(0, ...writesOf('old'))
      // Nobody waits for this one: the process is gone.
      bench.commit(1, ...writesOf('new')).catch(() => {})
      bench.storage = await crash()
      await bench.storage.start()
      const { storage } = bench
      const seen = new Set(keys.map((key) => storage.select('t', key)[0]?.fields.get('value')))
      const expected = storage.committedBlock() === 1 ? 'new' : 'old'
      expect(seen).toEqual(new Set([expected]))
    })
  })
}

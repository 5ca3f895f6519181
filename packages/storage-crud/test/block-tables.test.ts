import { fromHex, textToBytes, toHex } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import type { StateTables, Table, TableStorage } from '@bcos-ts/protocol/ports'
import { NOT_AUTHORIZED, TABLE_EXISTS } from '@bcos-ts/protocol/ports'
import { createBlockTables, createMemoryStorage } from '@bcos-ts/storage-crud'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'

const { hash } = standardSuite
const ALICE = 'aa'.repeat(20)
const BOB = 'bb'.repeat(20)

let storage: TableStorage
let height: number

beforeEach(async () => {
  storage = createMemoryStorage()
  await storage.start()
  height = -1
})

const nextBlock = (): StateTables => createBlockTables({ storage, parentNumber: height, hash })

async function commit(tables: StateTables): Promise<void> {
  height += 1
  await storage.commit(tables.finish(height))
}

/** A block in which `write` happened. */
async function block(write: (tables: StateTables) => void): Promise<StateTables> {
  const tables = nextBlock()
  write(tables)
  tables.endTransaction()
  await commit(tables)
  return tables
}

function fruits(tables: StateTables): Table {
  const table = tables.open('u_fruits')
  if (table === undefined) throw new Error('there is no table u_fruits')
  return table
}

function insert(tables: StateTables, key: string, values: Record<string, string>): number {
  const entry = tables.newEntry()
  for (const [field, value] of Object.entries(values)) entry.set(field, value)
  return fruits(tables).insert(key, entry, undefined)
}

const ids = (tables: StateTables, key: string): (string | undefined)[] =>
  fruits(tables)
    .select(key)
    .map((row) => row.get('item'))

const createFruits = (tables: StateTables): number =>
  tables.create({ name: 'u_fruits', keyField: 'name', valueFields: 'item,price' }, undefined)

describe('tables of a block', () => {
  it('opens no table that was not created, and creates each once', async () => {
    const tables = nextBlock()
    expect(tables.open('u_fruits')).toBeUndefined()
    expect(createFruits(tables)).toBe(0)
    expect(createFruits(tables)).toBe(TABLE_EXISTS)
    await commit(tables)
    const table = nextBlock().open('u_fruits')
    expect(table?.keyField).toBe('name')
    expect(table?.valueFields).toEqual(['item', 'price'])
  })

  it('returns committed rows first in the order of their ids, then those of this block', async () => {
    await block(createFruits)
    await block((tables) => {
      // The state hash sorts by content, and so does the numbering: not the order of insertion.
      insert(tables, 'apple', { item: 'z' })
      insert(tables, 'apple', { item: 'a' })
    })
    const tables = nextBlock()
    insert(tables, 'apple', { item: 'm' })
    insert(tables, 'apple', { item: 'b' })
    expect(ids(tables, 'apple')).toEqual(['a', 'z', 'm', 'b'])
  })

  it('finds a committed row that matches only since it was updated, behind those that always did', async () => {
    await block(createFruits)
    await block((tables) => {
      insert(tables, 'apple', { item: 'a', price: '1' })
      insert(tables, 'apple', { item: 'b', price: '5' })
    })
    const tables = nextBlock()
    const cheap = tables.newCondition()
    cheap.eq('item', 'a')
    const raised = tables.newEntry()
    raised.set('price', '9')
    expect(fruits(tables).update('apple', raised, { condition: cheap, writer: undefined })).toBe(1)
    const dear = tables.newCondition()
    dear.gt('price', '4')
    const found = fruits(tables).select('apple', dear)
    expect(found.map((row) => row.get('item'))).toEqual(['b', 'a'])
  })

  it('forgets removed rows, and keeps them for the hash and for ever', async () => {
    await block(createFruits)
    await block((tables) => void insert(tables, 'apple', { item: 'a' }))
    const tables = nextBlock()
    expect(fruits(tables).remove('apple', { writer: undefined })).toBe(1)
    expect(ids(tables, 'apple')).toEqual([])
    expect(fruits(tables).remove('apple', { writer: undefined })).toBe(0)
    await commit(tables)
    expect(ids(nextBlock(), 'apple')).toEqual([])
    expect(storage.select('u_fruits', 'apple').map((row) => row.isRemoved)).toEqual([true])
  })

  it('gives every row an id of its own, from 100002 on', async () => {
    await block(createFruits)
    await block((tables) => void insert(tables, 'apple', { item: 'a' }))
    await block((tables) => void insert(tables, 'apple', { item: 'b' }))
    expect(storage.select('_sys_tables_', 'u_fruits')[0]?.id).toBe(100_002)
    expect(storage.select('u_fruits', 'apple').map((row) => row.id)).toEqual([100_003, 100_004])
    const [counter] = storage.select('_sys_current_state_', 'current_id')
    expect(counter?.fields.get('value')).toBe('100004')
  })

  it('refuses a field that the table does not declare', async () => {
    await block(createFruits)
    const tables = nextBlock()
    expect(() => insert(tables, 'apple', { color: 'red' })).toThrow(
      expect.objectContaining({ code: 'STATE_UNDECLARED_FIELD' }),
    )
    expect(toHex(tables.stateRoot())).toBe('00'.repeat(32))
  })

  it('changes the live row of this block through what select returned', async () => {
    await block(createFruits)
    const tables = nextBlock()
    insert(tables, 'apple', { item: 'a' })
    fruits(tables).select('apple')[0]?.set('item', 'changed')
    expect(ids(tables, 'apple')).toEqual(['changed'])
    await commit(tables)
    const later = nextBlock()
    fruits(later).select('apple')[0]?.set('item', 'not mine')
    expect(ids(later, 'apple')).toEqual(['changed'])
  })

  it('replaces everything under a key when the row says so', async () => {
    await block(createFruits)
    await block((tables) => void insert(tables, 'apple', { item: 'a' }))
    await block((tables) => {
      const entry = tables.newEntry({ replacesKey: true })
      entry.set('item', 'only')
      fruits(tables).insert('apple', entry, undefined)
    })
    expect(ids(nextBlock(), 'apple')).toEqual(['only'])
  })
})

describe('rollback', () => {
  it('takes back inserts, updates and removals since the savepoint', async () => {
    await block(createFruits)
    await block((tables) => {
      insert(tables, 'apple', { item: 'a', price: '1' })
      insert(tables, 'pear', { item: 'p' })
    })
    const tables = nextBlock()
    insert(tables, 'apple', { item: 'kept' })
    const savepoint = tables.savepoint()
    insert(tables, 'apple', { item: 'lost' })
    const free = tables.newEntry()
    free.set('price', '0')
    fruits(tables).update('apple', free, { writer: undefined })
    fruits(tables).remove('pear', { writer: undefined })
    expect(ids(tables, 'apple')).toEqual(['a', 'kept', 'lost'])
    tables.rollback(savepoint)
    expect(ids(tables, 'apple')).toEqual(['a', 'kept'])
    expect(ids(tables, 'pear')).toEqual(['p'])
    expect(fruits(tables).select('apple')[0]?.get('price')).toBe('1')
  })

  it('leaves the traces that enter the state root of the reference', async () => {
    await block(createFruits)
    const tables = nextBlock()
    const savepoint = tables.savepoint()
    insert(tables, 'apple', { item: 'lost' })
    tables.rollback(savepoint)
    // A table that was written counts, with the hash of nothing (spec 01 §9.2).
    expect(toHex(tables.stateRoot())).toBe(toHex(hash(hash(new Uint8Array(0)))))
  })

  it('keeps a table that a failed transaction created open for the rest of the block', async () => {
    const tables = nextBlock()
    const savepoint = tables.savepoint()
    createFruits(tables)
    tables.rollback(savepoint)
    expect(tables.open('u_fruits')).toBeDefined()
    expect(createFruits(tables)).toBe(0)
    expect(tables.hashedTables().map(({ table }) => table)).toEqual(['_sys_tables_'])
  })

  it('turns a field that was absent into an empty one', async () => {
    await block(createFruits)
    await block((tables) => void insert(tables, 'apple', { item: 'a' }))
    const tables = nextBlock()
    const savepoint = tables.savepoint()
    const priced = tables.newEntry()
    priced.set('price', '3')
    fruits(tables).update('apple', priced, { writer: undefined })
    tables.rollback(savepoint)
    expect(fruits(tables).select('apple')[0]?.get('price')).toBe('')
  })

  type Step =
    | { readonly do: 'insert' | 'update' | 'remove'; readonly key: string; readonly value: string }
    | { readonly do: 'nested'; readonly steps: readonly Step[]; readonly isKept: boolean }

  const key = fc.constantFrom('a', 'b', 'c')
  const { step } = fc.letrec<{ step: Step }>((tie) => ({
    step: fc.oneof(
      { maxDepth: 3 },
      fc.record({
        do: fc.constantFrom('insert', 'update', 'remove'),
        key,
        value: fc.constantFrom('1', '2', '3'),
      }),
      fc.record({
        do: fc.constant('nested'),
        steps: fc.array(tie('step'), { maxLength: 5 }),
        isKept: fc.boolean(),
      }),
    ),
  }))

  function run(
    tables: StateTables,
    one: Step,
    model: Map<string, string[]>,
  ): Map<string, string[]> {
    if (one.do === 'nested') {
      const savepoint = tables.savepoint()
      let inner = model
      for (const each of one.steps) inner = run(tables, each, inner)
      if (one.isKept) return inner
      tables.rollback(savepoint)
      return model
    }
    const values = model.get(one.key) ?? []
    const entry = tables.newEntry()
    entry.set('item', one.value)
    const next = {
      insert: () => (fruits(tables).insert(one.key, entry, undefined), [...values, one.value]),
      update: () => (
        fruits(tables).update(one.key, entry, { writer: undefined }),
        values.map(() => one.value)
      ),
      remove: () => (fruits(tables).remove(one.key, { writer: undefined }), [] as string[]),
    }[one.do]()
    return new Map(model).set(one.key, next)
  }

  it('reads like a plain map, however calls nest and fail, before and after the commit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 4 }),
        async (blocks) => {
          storage = createMemoryStorage()
          await storage.start()
          height = -1
          await block(createFruits)
          let model = new Map<string, string[]>()
          const sorted = () =>
            Object.fromEntries([...model].map(([name, values]) => [name, values.toSorted()]))
          const seen = () => {
            const tables = nextBlock()
            return Object.fromEntries(
              [...model.keys()].map((name) => [name, ids(tables, name).map(String).toSorted()]),
            )
          }
          for (const steps of blocks) {
            await block((tables) => {
              for (const one of steps) model = run(tables, one, model)
            })
            expect(seen()).toEqual(sorted())
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('conditions', () => {
  /** Whether a row with this price is found. */
  async function finds(
    price: string,
    set: (condition: ReturnType<StateTables['newCondition']>) => void,
  ) {
    storage = createMemoryStorage()
    await storage.start()
    height = -1
    await block(createFruits)
    await block((tables) => void insert(tables, 'apple', { item: 'a', price }))
    const tables = nextBlock()
    const condition = tables.newCondition()
    set(condition)
    return fruits(tables).select('apple', condition).length === 1
  }

  it.each<[string, string, (c: ReturnType<StateTables['newCondition']>) => void, boolean]>([
    ['5 = 5', '5', (c) => c.eq('price', '5'), true],
    ['05 is not the text 5', '05', (c) => c.eq('price', '5'), false],
    ['5 ≠ 6', '5', (c) => c.ne('price', '6'), true],
    ['5 ≠ 5', '5', (c) => c.ne('price', '5'), false],
    ['10 > 9 as numbers', '10', (c) => c.gt('price', '9'), true],
    ['5 ≥ 5', '5', (c) => c.ge('price', '5'), true],
    ['5 < 5', '5', (c) => c.lt('price', '5'), false],
    ['-3 ≤ 2', '-3', (c) => c.le('price', '2'), true],
    ['an empty text counts as 0', '', (c) => c.lt('price', '1'), true],
    ['a text that is no number is in no range', 'x', (c) => c.lt('price', '1'), false],
    [
      'a number beyond 64 bits is in no range',
      '9223372036854775808',
      (c) => c.gt('price', '1'),
      false,
    ],
    ['≥ 5 and ≤ 5 is equality', '5', (c) => (c.ge('price', '5'), c.le('price', '5')), true],
    ['> 5 and < 5 is inequality', '6', (c) => (c.gt('price', '5'), c.lt('price', '5')), true],
    [
      '= 5 then > 3 leaves the upper bound 5',
      '6',
      (c) => (c.eq('price', '5'), c.gt('price', '3')),
      false,
    ],
    ['a column of the node is ignored', '5', (c) => c.eq('_id_', '1'), true],
    ['a field that no row has', '5', (c) => c.eq('weight', '1'), false],
    ['another key is overruled', '5', (c) => c.eq('name', 'pear'), true],
  ])('%s', async (_, price, set, expected) => {
    expect(await finds(price, set)).toBe(expected)
  })

  it('cuts after ordering, also what is updated and removed', async () => {
    await block(createFruits)
    await block((tables) => {
      for (const item of ['a', 'b', 'c', 'd']) insert(tables, 'apple', { item })
    })
    const tables = nextBlock()
    const middle = tables.newCondition()
    middle.limit(1, 2)
    expect(
      fruits(tables)
        .select('apple', middle)
        .map((row) => row.get('item')),
    ).toEqual(['b', 'c'])
    expect(fruits(tables).remove('apple', { condition: middle, writer: undefined })).toBe(2)
    expect(ids(tables, 'apple')).toEqual(['a', 'd'])
    const none = tables.newCondition()
    none.limit(0, -1)
    expect(fruits(tables).select('apple', none)).toHaveLength(2)
  })
})

describe('access lists', () => {
  const grant = (tables: StateTables, table: string, address: string, enable: number): void => {
    const entry = tables.newEntry()
    entry.set('address', address)
    entry.set('enable_num', String(enable))
    tables.open('_sys_table_access_')?.insert(table, entry, undefined)
  }
  const write = (tables: StateTables, writer: string): number =>
    fruits(tables).insert('apple', tables.newEntry(), writer)

  it('lets everybody write while the list is empty, then only those on it, from the next block on', async () => {
    await block(createFruits)
    const tables = nextBlock()
    expect(write(tables, BOB)).toBe(1)
    grant(tables, 'u_fruits', `0x${ALICE}`, height + 1)
    expect(write(tables, BOB)).toBe(1)
    await commit(tables)
    const later = nextBlock()
    expect(write(later, BOB)).toBe(NOT_AUTHORIZED)
    expect(write(later, ALICE)).toBe(1)
  })

  it('is not in force in the block that grants it, even for a table opened later', async () => {
    await block(createFruits)
    const tables = nextBlock()
    grant(tables, 'u_fruits', `0x${ALICE}`, height + 1)
    expect(write(tables, BOB)).toBe(1)
  })

  it('locks a table for everybody with an address of a wrong length', async () => {
    await block(createFruits)
    await block((tables) => grant(tables, 'u_fruits', '0x12', height + 1))
    const tables = nextBlock()
    expect(write(tables, ALICE)).toBe(NOT_AUTHORIZED)
    expect(toHex(tables.stateRoot())).toBe('00'.repeat(32))
  })

  it('governs the creation of tables', async () => {
    await block((tables) => grant(tables, '_sys_tables_', ALICE, 0))
    const definition = { name: 'u_fruits', keyField: 'name', valueFields: 'item' }
    expect(nextBlock().create(definition, BOB)).toBe(NOT_AUTHORIZED)
    expect(nextBlock().create(definition, ALICE)).toBe(0)
  })
})

describe('state hash', () => {
  it('hashes names and values side by side, changed rows before new ones', async () => {
    await block(createFruits)
    await block((tables) => void insert(tables, 'pear', { item: 'old' }))
    const tables = nextBlock()
    insert(tables, 'fig', { item: 'new' })
    const changed = tables.newEntry()
    changed.set('item', 'changed')
    fruits(tables).update('pear', changed, { writer: undefined })
    fruits(tables).remove('fig', { writer: undefined })
    const preimage = 'itemchangednamepear\u0000itemnewnamefig\u0001'
    const [table] = tables.hashedTables()
    expect(table?.preimage).toEqual(textToBytes(preimage))
    expect(tables.stateRoot()).toEqual(hash(hash(textToBytes(preimage))))
  })

  it('does not depend on the order of insertion', async () => {
    await block(createFruits)
    const rows = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.string({ maxLength: 3 })), {
      maxLength: 6,
    })
    fc.assert(
      fc.property(rows, (all) => {
        const root = (list: readonly (readonly [string, string])[]): string => {
          const tables = nextBlock()
          for (const [name, item] of list) insert(tables, name, { item })
          return toHex(tables.stateRoot())
        }
        expect(root(all)).toBe(root(all.toReversed()))
      }),
    )
  })

  it('leaves out the tables of bookkeeping', async () => {
    const tables = nextBlock()
    const entry = tables.newEntry()
    entry.set('value', '1')
    tables.open('_sys_current_state_')?.insert('current_number', entry, undefined)
    expect(tables.stateRoot()).toEqual(fromHex('00'.repeat(32)))
  })
})

import { utf8ToText } from '@bcos-ts/common'
import { accountTable, SystemTableName, ZERO_ADDRESS } from '@bcos-ts/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { conditionObject } from '../../src/contracts/condition.ts'
import { entriesObject } from '../../src/contracts/entries.ts'
import { entryObject } from '../../src/contracts/entry.ts'
import { kvTableFactory } from '../../src/contracts/kv-table-factory.ts'
import { kvTableObject } from '../../src/contracts/kv-table.ts'
import { tableFactory } from '../../src/contracts/table-factory.ts'
import { tableObject } from '../../src/contracts/table.ts'
import { memoryGas } from '../../src/index.ts'
import { addressOf, ALICE, BOB, Calls } from '../calls.ts'
import { World } from '../world.ts'

const CREATE = 'createTable(string,string,string)'
const OPEN = 'openTable(string)'
const CONTRACT = 'c0'.repeat(20)
const failed = (text: string) => ({ failed: text })
const FAILED = failed('PrecompiledError')

let world: World
let calls: Calls

beforeEach(async () => {
  world = await new World().start()
  calls = new Calls(world.open(), world.suite)
})

/** Only Bob may write the table from here on. */
function reserve(table: string): void {
  calls.block.seed({
    table: SystemTableName.tableAccess,
    key: table,
    fields: { address: `0x${BOB}`, enable_num: '0' },
  })
}

/** A contract on behalf of which only Bob may write. */
function reserveContract(): void {
  const definition = { name: accountTable(CONTRACT), keyField: 'key', valueFields: 'value' }
  reserve(definition.name)
  calls.block.tables.create(definition, ZERO_ADDRESS)
}

const NOT_FOR_ALICE = failed(`Permission denied. ${ALICE} can't call contract ${CONTRACT}`)

describe.each([
  ['TableFactory', tableFactory],
  ['KVTableFactory', kvTableFactory],
])('%s.createTable', (_name, factory) => {
  const create = (...values: readonly string[]) => calls.contract(factory, CREATE, values)
  const isKv = factory === kvTableFactory

  it('creates a table once, for both factories', () => {
    expect(create('t', ' k\t', 'a , b')).toBe(0)
    expect(create('t', 'k', 'a')).toBe(-50_001)
    expect(calls.contract(tableFactory, CREATE, ['t', 'k', 'a'])).toBe(-50_001)
    const table = calls.block.tables.open('u_t')
    expect([table?.keyField, table?.valueFields]).toEqual(['k', ['a', 'b']])
  })

  it('takes an empty name, and names of all allowed characters', () => {
    expect(create('', 'k', 'a')).toBe(0)
    expect(create('aZ09$_@', '$@', 'A_')).toBe(0)
    expect(create('n'.repeat(48), 'k'.repeat(64), 'v'.repeat(64))).toBe(0)
  })

  it.each([
    ['a long key field', ['t', 'k'.repeat(65), 'a'], 'table field name length overflow 64'],
    [
      'a long value field',
      ['t!', 'k', `a,${'v'.repeat(65)}`],
      'table field name length overflow 64',
    ],
    [
      'a long list of fields',
      ['t', 'k', manyFields(1025)],
      'total table field name length overflow 1024',
    ],
    ['a long name', ['n'.repeat(49), 'k', 'a'], 'tableName length overflow 50'],
  ] as const)('refuses %s', (_what, values, text) => {
    expect(create(...values)).toEqual(failed(text))
  })

  it('takes fields of 1024 bytes together', () => {
    expect(create('t', 'k', manyFields(1024))).toBe(0)
  })

  const ALLOWED =
    'must be letters or numbers, and only supports "{$, _, @}" as special character set'
  const START = `the size of the field must be larger than 0 and the field can't start with "_"`

  it.each([
    [
      'a name',
      ['t-', 'k', 'a'],
      `Invalid table name "t-", the table name ${ALLOWED}`,
      'invalid tablename:t-',
    ],
    ['an empty key', ['t', ' ', 'a'], `Invalid field "", ${START}`, 'invalid field:'],
    ['an underscore first', ['t', '_k', 'a'], `Invalid field "_k", ${START}`, 'invalid field:_k'],
    [
      'a character',
      ['t', 'k', 'a b'],
      `Invalid field "a b", the field name ${ALLOWED}`,
      'invalid field:a b',
    ],
    ['no value field', ['t', 'k', ''], `Invalid field "", ${START}`, 'invalid field:'],
    ['the key again', ['t', 'k', 'a,k'], 'duplicate field:k', 'dumplicate field:k'],
    ['a field again', ['t', 'k', 'a, a'], 'duplicate field:a', 'dumplicate field:a'],
    [
      'a duplicate before its characters',
      ['t', 'k', '_a,_a'],
      `Invalid field "_a", ${START}`,
      'invalid field:_a',
    ],
    [
      'the name before the fields',
      ['t-', '_k', ''],
      `Invalid table name "t-", the table name ${ALLOWED}`,
      'invalid tablename:t-',
    ],
  ] as const)('refuses %s in its own words', (_what, values, text, kvText) => {
    expect(create(...values)).toEqual(failed(isKv ? kvText : text))
  })

  it('refuses bytes above ASCII in names', () => {
    const name = utf8ToText('é')
    const expected = isKv
      ? `invalid tablename:${name}`
      : `Invalid table name "${name}", the table name ${ALLOWED}`
    expect(create('é', 'k', 'a')).toEqual(failed(expected))
  })

  it('asks who may create tables', () => {
    reserve(SystemTableName.tables)
    const answer = isKv ? failed(`Permission denied. ${ALICE} can't create table u_t`) : -50_000
    expect(create('t', 'k', 'a')).toEqual(answer)
    expect(calls.contract(factory, CREATE, ['t', 'k', 'a'], { origin: BOB })).toBe(0)
  })

  it('asks for whom the calling contract may write, before all else', () => {
    reserveContract()
    const options = { sender: CONTRACT }
    expect(calls.contract(factory, CREATE, ['t-', 'k', 'a'], options)).toEqual(NOT_FOR_ALICE)
    expect(calls.contract(factory, CREATE, ['t', 'k', 'a'], { ...options, origin: BOB })).toBe(0)
  })
})

function manyFields(bytes: number): string {
  const fields = Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i).repeat(50))
  const rest = bytes - fields.join(',').length - 1
  return [...fields, 'z'.repeat(rest)].join(',')
}

describe('openTable', () => {
  it('answers for a table that is not there', () => {
    expect(calls.contract(tableFactory, OPEN, ['none'])).toBe(`0x${ZERO_ADDRESS}`)
    expect(calls.contract(kvTableFactory, OPEN, ['none'])).toEqual(failed('u_none does not exist'))
  })
})

describe('a table', () => {
  let table: string

  beforeEach(() => {
    calls.contract(tableFactory, CREATE, ['t', 'name', 'item,price'])
    table = calls.open(tableFactory, OPEN, ['t'])
  })

  const onTable = (signature: string, ...values: readonly (string | number)[]) =>
    calls.object([tableObject, table], signature, values)

  function newEntry(fields: Readonly<Record<string, string>>): string {
    const entry = addressOf(onTable('newEntry()'))
    for (const [name, value] of Object.entries(fields)) {
      calls.object([entryObject, entry], 'set(string,string)', [name, value])
    }
    return `0x${entry}`
  }

  function newCondition(...bounds: readonly (readonly [string, ...(string | number)[]])[]): string {
    const condition = addressOf(onTable('newCondition()'))
    for (const [signature, ...values] of bounds) {
      calls.object([conditionObject, condition], signature, values)
    }
    return `0x${condition}`
  }

  const insert = (key: string, fields: Readonly<Record<string, string>>) =>
    onTable('insert(string,address)', key, newEntry(fields))

  function select(key: string, condition: string): readonly unknown[] {
    const entries = addressOf(onTable('select(string,address)', key, condition))
    const size = Number(calls.object([entriesObject, entries], 'size()'))
    return Array.from({ length: size }, (_, index) => {
      const entry = addressOf(calls.object([entriesObject, entries], 'get(int256)', [index]))
      return calls.object([entryObject, entry], 'getString(string)', ['item'])
    })
  }

  it('keeps several rows under a key, in their order', () => {
    expect(insert('fruit', { item: 'pear', price: '5' })).toBe(1)
    expect(insert('fruit', { item: 'apple', price: '3' })).toBe(1)
    expect(insert('nut', { item: 'almond' })).toBe(1)
    expect(select('fruit', newCondition())).toEqual(['pear', 'apple'])
    expect(select('none', newCondition())).toEqual([])
  })

  it.each([
    ['EQ(string,int256)', ['price', 5], ['b']],
    ['EQ(string,string)', ['item', 'c'], ['c']],
    ['NE(string,int256)', ['price', 5], ['a', 'c', 'd']],
    ['NE(string,string)', ['item', 'c'], ['a', 'b', 'd']],
    ['GT(string,int256)', ['price', 5], ['c', 'd']],
    ['GE(string,int256)', ['price', 5], ['b', 'c', 'd']],
    ['LT(string,int256)', ['price', 5], ['a']],
    ['LE(string,int256)', ['price', 5], ['a', 'b']],
    ['limit(int256)', [2], ['a', 'b']],
    ['limit(int256)', [-1], ['a', 'b', 'c', 'd']],
    ['limit(int256,int256)', [1, 2], ['b', 'c']],
    // Of 64 bits the lower 32 count, as signed: no limit, and none at all.
    ['limit(int256)', [0xffff_ffff], ['a', 'b', 'c', 'd']],
    ['limit(int256)', [`${2n ** 64n}`], []],
  ] as const)('is searched by %s of %j', (signature, values, items) => {
    for (const [item, price] of [
      ['a', '-1'],
      ['b', '5'],
      ['c', '6'],
      ['d', '70'],
    ] as const) {
      insert('k', { item, price })
    }
    expect(select('k', newCondition([signature, ...values]))).toEqual(items)
  })

  it('is searched for an address, and for a negative number', () => {
    const entry = newEntry({ item: 'mine' })
    calls.object([entryObject, entry.slice(2)], 'set(string,address)', ['price', `0x${ALICE}`])
    onTable('insert(string,address)', 'k', entry)
    insert('k', { item: 'debt', price: '-7' })
    expect(select('k', newCondition(['EQ(string,address)', 'price', `0x${ALICE}`]))).toEqual([
      'mine',
    ])
    expect(select('k', newCondition(['EQ(string,int256)', 'price', -7]))).toEqual(['debt'])
  })

  it('updates and removes what matches', () => {
    insert('k', { item: 'a', price: '1' })
    insert('k', { item: 'b', price: '2' })
    const cheap = newCondition(['LE(string,int256)', 'price', 1])
    const values = newEntry({ item: 'A' })
    expect(onTable('update(string,address,address)', 'k', values, cheap)).toBe(1)
    expect(select('k', newCondition())).toEqual(['A', 'b'])
    expect(onTable('update(string,address,address)', 'none', values, newCondition())).toBe(0)
    expect(
      onTable('remove(string,address)', 'k', newCondition(['EQ(string,string)', 'item', 'A'])),
    ).toBe(1)
    expect(select('k', newCondition())).toEqual(['b'])
    expect(
      onTable('remove(string,address)', 'k', newCondition(['EQ(string,string)', 'item', 'A'])),
    ).toBe(0)
  })

  it('lets a selected row be changed in place, once this block has written it', () => {
    insert('k', { item: 'a' })
    const entries = addressOf(onTable('select(string,address)', 'k', newCondition()))
    const entry = addressOf(calls.object([entriesObject, entries], 'get(int256)', [0]))
    calls.object([entryObject, entry], 'set(string,string)', ['item', 'changed'])
    expect(select('k', newCondition())).toEqual(['changed'])
  })

  it('gives a new object for each row asked for, and refuses a row that is not there', () => {
    insert('k', { item: 'a' })
    const entries = addressOf(onTable('select(string,address)', 'k', newCondition()))
    const first = calls.object([entriesObject, entries], 'get(int256)', [0])
    expect(calls.object([entriesObject, entries], 'get(int256)', [0])).not.toBe(first)
    expect(calls.object([entriesObject, entries], 'get(int256)', [1])).toEqual(
      failed('Entries no exists: 1'),
    )
    expect(calls.object([entriesObject, entries], 'get(int256)', [-1])).toEqual(
      failed('Entries no exists: 18446744073709551615'),
    )
    // Of the number 64 bits count.
    const wrapped = addressOf(calls.object([entriesObject, entries], 'get(int256)', [2n ** 64n]))
    expect(calls.object([entryObject, wrapped], 'getString(string)', ['item'])).toBe('a')
  })

  it('charges rows and the memory they take', () => {
    const gasOf = (signature: string, ...values: readonly string[]) => {
      const outcome = calls.raw(table, calls.input(signature, values))
      return outcome.type === 'done' ? outcome.gas : undefined
    }
    const item = 'x'.repeat(1000)
    const entry = newEntry({ item })
    const condition = newCondition()
    // 132 bytes of call data are five words; the row with its key has 1000 bytes and the names `item` and `name`.
    const row = 1000 + 'item'.length + 'name'.length + 1
    expect(gasOf('insert(string,address)', 'k', entry)).toBe(10_000 + memoryGas(row))
    expect(gasOf('insert(string,address)', 'k', newEntry({ item }))).toBe(10_000 + memoryGas(row))
    expect(gasOf('select(string,address)', 'k', condition)).toBe(2 * 200 + memoryGas(2 * row))
    expect(gasOf('select(string,address)', 'none', condition)).toBe(memoryGas(132))
    // Charged for what it sets, and not for its call data.
    const values = newEntry({ item: '' })
    expect(gasOf('update(string,address,address)', 'k', values, condition)).toBe(20_000 + 3)
    expect(gasOf('update(string,address,address)', 'none', values, condition)).toBe(memoryGas(164))
    expect(gasOf('remove(string,address)', 'k', condition)).toBe(2 * 2500 + memoryGas(132))
    expect(gasOf('newEntry()')).toBe(3)
    expect(gasOf('nonsense()')).toBe(3)
  })

  it('refuses keys and values that are too long, and fields it does not have', () => {
    expect(insert('k'.repeat(255), { item: 'a' })).toBe(1)
    expect(insert('k'.repeat(256), { item: 'a' })).toEqual(
      failed('size of value/key greater than255'),
    )
    const large = newEntry({ item: 'v'.repeat(16_777_216) })
    const tooLarge = failed('size of value/key greater than16777215')
    expect(onTable('insert(string,address)', 'k', large)).toEqual(tooLarge)
    expect(onTable('update(string,address,address)', 'k', large, newCondition())).toEqual(tooLarge)
    expect(insert('k', { other: 'a' })).toEqual(FAILED)
    expect(
      onTable('update(string,address,address)', 'k', newEntry({ other: 'a' }), newCondition()),
    ).toEqual(FAILED)
  })

  it('refuses objects of another kind', () => {
    const entry = newEntry({})
    const condition = newCondition()
    expect(onTable('select(string,address)', 'k', entry)).toEqual(FAILED)
    expect(onTable('insert(string,address)', 'k', condition)).toEqual(FAILED)
    expect(onTable('update(string,address,address)', 'k', condition, entry)).toEqual(FAILED)
    expect(onTable('remove(string,address)', 'k', `0x${ZERO_ADDRESS}`)).toEqual(FAILED)
  })

  it('is written only by those on its list, and on that of the calling contract', async () => {
    const entry = newEntry({ item: 'a' })
    const condition = newCondition()
    const writes = [
      ['insert(string,address)', ['k', entry]],
      ['update(string,address,address)', ['k', entry, condition]],
      ['remove(string,address)', ['k', condition]],
    ] as const
    reserveContract()
    for (const [signature, values] of writes) {
      const answer = calls.object([tableObject, table], signature, values, { sender: CONTRACT })
      expect(answer).toEqual(NOT_FOR_ALICE)
    }
    const row = { key: 'u_t', fields: { address: `0x${BOB}`, enable_num: '0' } }
    await world.block((block) => {
      new Calls(block, world.suite).contract(tableFactory, CREATE, ['t', 'name', 'item'])
      block.seed({ table: SystemTableName.tableAccess, ...row })
    })
    calls = new Calls(world.open(), world.suite)
    table = calls.open(tableFactory, OPEN, ['t'])
    const again = [newEntry({ item: 'a' }), newCondition()] as const
    expect(onTable('insert(string,address)', 'k', again[0])).toBe(-50_000)
    expect(onTable('update(string,address,address)', 'k', ...again)).toBe(-50_000)
    expect(onTable('remove(string,address)', 'k', again[1])).toBe(-50_000)
  })
})

describe('an entry', () => {
  let entry: string

  beforeEach(() => {
    calls.contract(tableFactory, CREATE, ['t', 'k', 'v'])
    const table = calls.open(tableFactory, OPEN, ['t'])
    entry = addressOf(calls.object([tableObject, table], 'newEntry()'))
  })

  const set = (type: string, value: string | bigint) =>
    calls.object([entryObject, entry], `set(string,${type})`, ['v', value])
  const get = (name: string) => calls.object([entryObject, entry], `${name}(string)`, ['v'])

  it.each([
    ['int256', -5n, '-5'],
    ['uint256', 2n ** 256n - 1n, String(2n ** 256n - 1n)],
    ['address', `0x${ALICE}`, ALICE],
    ['string', 'text', 'text'],
  ] as const)('keeps a %s as text', (type, value, text) => {
    expect(set(type, value)).toBeUndefined()
    expect(get('getString')).toBe(text)
  })

  it('keeps a number between 0x8000… and 0x8fff… as positive', () => {
    const input = calls.input('set(string,int256)', ['v', -(2n ** 255n)])
    calls.raw(entry, input)
    expect(get('getString')).toBe(String(2n ** 255n))
  })

  it.each([
    ['12', 12, 12],
    ['-5', -5, 2n ** 256n - 5n],
    ['0016', 14, 14],
    ['+5', FAILED, FAILED],
    ['08', FAILED, FAILED],
    ['', FAILED, FAILED],
    ['1e3', FAILED, FAILED],
  ])('reads %j as numbers', (text, int, uint) => {
    set('string', text)
    expect(get('getInt')).toEqual(int)
    expect(get('getUInt')).toEqual(uint)
  })

  it('reads a field that was never set', () => {
    expect(get('getString')).toBe('')
    expect(get('getInt')).toEqual(FAILED)
    expect(get('getAddress')).toBe(`0x${ZERO_ADDRESS}`)
    expect(get('getBytes32')).toBe(`0x${'00'.repeat(32)}`)
  })

  it.each([
    [`0x${ALICE}`, `0x${ALICE}`],
    [ALICE.toUpperCase(), `0x${ALICE}`],
    ['0x12', `0x${ZERO_ADDRESS}`],
    ['nobody', FAILED],
  ])('reads %j as an address', (text, address) => {
    set('string', text)
    expect(get('getAddress')).toEqual(address)
  })

  it('reads fixed bytes, filled up or cut', () => {
    set('string', 'a'.repeat(70))
    const a = `0x${'61'.repeat(32)}`
    expect(get('getBytes32')).toBe(a)
    expect(get('getBytes64')).toEqual([a, a])
    set('string', 'a'.repeat(33))
    expect(get('getBytes64')).toEqual([a, `0x61${'00'.repeat(31)}`])
  })
})

describe('a key-value table', () => {
  let table: string

  beforeEach(() => {
    calls.contract(kvTableFactory, CREATE, ['t', 'id', 'v'])
    table = calls.open(kvTableFactory, OPEN, ['t'])
  })

  const onTable = (signature: string, ...values: readonly string[]) =>
    calls.object([kvTableObject, table], signature, values)

  function newEntry(value: string, field = 'v'): string {
    const entry = addressOf(onTable('newEntry()'))
    calls.object([entryObject, entry], 'set(string,string)', [field, value])
    return `0x${entry}`
  }

  it('keeps one row for each key', () => {
    expect(onTable('get(string)', 'k')).toEqual([false, `0x${ZERO_ADDRESS}`])
    expect(onTable('set(string,address)', 'k', newEntry('one'))).toBe(1)
    expect(onTable('set(string,address)', 'k', newEntry('two'))).toBe(1)
    const answer = onTable('get(string)', 'k')
    const entry = addressOf(Array.isArray(answer) ? answer[1] : undefined)
    expect(calls.object([entryObject, entry], 'getString(string)', ['v'])).toBe('two')
    expect(calls.block.tables.open('u_t')?.select('k')).toHaveLength(1)
  })

  it('refuses what a table refuses, in its own words', () => {
    expect(onTable('set(string,address)', 'k'.repeat(256), newEntry('v'))).toEqual(
      failed('size of value/key greater than255'),
    )
    expect(onTable('set(string,address)', 'k', newEntry('v', 'other'))).toEqual(FAILED)
    expect(onTable('set(string,address)', 'k', `0x${ZERO_ADDRESS}`)).toEqual(FAILED)
    reserveContract()
    const values = ['k', newEntry('v')]
    expect(
      calls.object([kvTableObject, table], 'set(string,address)', values, { sender: CONTRACT }),
    ).toEqual(NOT_FOR_ALICE)
  })

  it('is written only by those on its list', async () => {
    await world.block((block) => {
      new Calls(block, world.suite).contract(kvTableFactory, CREATE, ['t', 'id', 'v'])
      const fields = { address: `0x${BOB}`, enable_num: '0' }
      block.seed({ table: SystemTableName.tableAccess, key: 'u_t', fields })
    })
    calls = new Calls(world.open(), world.suite)
    table = calls.open(kvTableFactory, OPEN, ['t'])
    expect(onTable('set(string,address)', 'k', newEntry('v'))).toEqual(
      failed(`Permission denied. ${ALICE} can't write u_t`),
    )
  })
})

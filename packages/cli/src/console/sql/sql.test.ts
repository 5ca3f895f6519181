import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conditionOf } from './condition.ts'
import { parseSql } from './parse.ts'
import type { Comparison, Statement } from './statement.ts'

describe('SQL', () => {
  it('creates a table, whatever types its fields are given', () => {
    const wanted = {
      kind: 'create',
      table: 't_demo',
      keyField: 'name',
      valueFields: ['id', 'item'],
    }
    for (const sql of [
      'create table t_demo(name varchar, id varchar, item varchar, primary key(name))',
      'CREATE TABLE t_demo (name varchar(20) not null, id int(11), item text, PRIMARY KEY (name));',
      'create table `t_demo` (`name` varchar primary key, id varchar, item varchar default "x")',
    ]) {
      expect(parseSql(sql)).toEqual(wanted)
    }
  })

  it('inserts with and without names of fields', () => {
    expect(parseSql('insert into t (a, b) values (1, "x, y")')).toEqual({
      kind: 'insert',
      table: 't',
      fields: ['a', 'b'],
      values: ['1', 'x, y'],
    })
    expect(parseSql("insert into t values (fruit, -2, 'it''s', \"a \\\" b\")")).toEqual({
      kind: 'insert',
      table: 't',
      fields: undefined,
      values: ['fruit', '-2', "it's", 'a " b'],
    })
  })

  it('selects with all comparisons and both limits', () => {
    const where = 'a = 1 and b != 2 and c <> 3 and d > 4 and e >= 5 and f < 6 and g <= 7'
    const found = parseSql(`select * from t where ${where} limit 2, 10`)
    expect(found).toMatchObject({
      kind: 'select',
      fields: undefined,
      limit: { offset: 2, count: 10 },
    })
    const comparisons = 'conditions' in found ? found.conditions.map((one) => one.comparison) : []
    expect(comparisons).toEqual(['eq', 'ne', 'ne', 'gt', 'ge', 'lt', 'le'])
    expect(parseSql('select x,y from t where a=apple limit 3')).toMatchObject({
      fields: ['x', 'y'],
      limit: { offset: 0, count: 3 },
    })
  })

  it('updates, deletes and describes', () => {
    expect(parseSql('update t set x = orange, y = "a b" where k = v')).toEqual({
      kind: 'update',
      table: 't',
      assignments: [
        { field: 'x', value: 'orange' },
        { field: 'y', value: 'a b' },
      ],
      conditions: [{ field: 'k', comparison: 'eq', value: 'v' }],
      limit: undefined,
    })
    expect(parseSql('delete from t where k = v')).toMatchObject({ kind: 'delete', table: 't' })
    expect(parseSql('describe t')).toEqual({ kind: 'desc', table: 't' })
  })

  it.each([
    ['select * form t', 10, 'from is expected, not "form"'],
    ['select * from t', 16, 'where is expected, not the end'],
    ['select * from t where a = ', 27, 'a value'],
    ['select * from t where a like x', 25, 'one of = != > >= < <='],
    ['select * from t where a = 1 or b = 2', 29, 'and, limit or the end'],
    ['select * from t where a = 1 limit x', 35, 'a number of rows'],
    ['select * from t where a = 1 limit 1,2,3', 38, 'the end'],
    ['select * from t where a = and', 27, 'a value'],
    ["select * from t where a = 'x", 27, 'never closed'],
    ['select * from t where a ! 1', 25, '! stands only in !='],
    ['insert into t (a, b) values (1)', 29, '1 values for 2 fields'],
    ['insert into t values (1), (2)', 25, 'an insert has one row'],
    ['create table t (a varchar, b varchar)', 38, 'primary key'],
    ['create table t (a varchar, b varchar, primary key (c))', 55, 'c is none of its fields'],
    ['create table t (a varchar, primary key (a))', 44, 'beside its key'],
    ['create table t (a varchar primary key, b x, primary key (a))', 45, 'one primary key'],
    ['drop table t', 1, 'create, desc, insert, select, update or delete'],
    ['desc t x', 8, 'the end'],
  ])('%s: the place and what is expected', (sql, position, reason) => {
    expect(() => parseSql(sql)).toThrow(
      expect.objectContaining({
        code: 'CONSOLE_SQL_SYNTAX',
        details: { position },
        message: expect.stringContaining(reason),
      }),
    )
  })

  const name = fc.stringMatching(/^[a-z][a-z0-9_$@]{0,9}$/).map((text) => `f_${text}`)
  const value = fc.string()
  const comparison = fc.constantFrom<Comparison>('eq', 'ne', 'gt', 'ge', 'lt', 'le')
  const condition = fc.record({ field: name, comparison, value })
  const limit = fc.option(
    fc.record({ offset: fc.nat({ max: 1e6 }), count: fc.nat({ max: 1e6 }) }),
    { nil: undefined },
  )

  it('reads what it would write', () => {
    const statement = fc.oneof(
      fc.record({
        kind: fc.constant('select' as const),
        fields: fc.option(fc.array(name, { minLength: 1 }), { nil: undefined }),
        table: name,
        conditions: fc.array(condition, { minLength: 1 }),
        limit,
      }),
      fc.record({
        kind: fc.constant('update' as const),
        table: name,
        assignments: fc.array(fc.record({ field: name, value }), { minLength: 1 }),
        conditions: fc.array(condition, { minLength: 1 }),
        limit,
      }),
    )
    fc.assert(
      fc.property(statement, (one) => {
        expect(parseSql(write(one))).toEqual(one)
      }),
    )
  })

  it('ends in a statement or in an error with a place, whatever is typed', () => {
    const piece = fc.constantFrom(
      ...'create table select insert into values update set delete from where and limit * ( ) , = <= ! \' " ` \\ ; a 1'.split(
        ' ',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const sql = pieces.join(' ')
        try {
          parseSql(sql)
        } catch (error) {
          expect(error).toMatchObject({ code: 'CONSOLE_SQL_SYNTAX' })
          const { position } = (error as { details: { position: number } }).details
          expect(position).toBeGreaterThanOrEqual(1)
          expect(position).toBeLessThanOrEqual(sql.length + 1)
        }
      }),
    )
  })
})

const SIGNS = { eq: '=', ne: '!=', gt: '>', ge: '>=', lt: '<', le: '<=' } as const

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`
}

function write(statement: Statement): string {
  if (statement.kind !== 'select' && statement.kind !== 'update') throw new Error('not written')
  const where = statement.conditions.map(
    ({ field, comparison, value }) => `${field} ${SIGNS[comparison]} ${quote(value)}`,
  )
  const { limit, table } = statement
  const end = `where ${where.join(' and ')}${limit ? ` limit ${limit.offset}, ${limit.count}` : ''}`
  if (statement.kind === 'select') {
    return `select ${statement.fields?.join(', ') ?? '*'} from ${table} ${end}`
  }
  const set = statement.assignments.map(({ field, value }) => `${field} = ${quote(value)}`)
  return `update ${table} set ${set.join(', ')} ${end}`
}

describe('conditions', () => {
  const of = (where: string) => {
    const parsed = parseSql(`select * from t where ${where}`)
    return conditionOf('t', 'k', 'conditions' in parsed ? parsed.conditions : [])
  }

  it('are the key and bounds of fields', () => {
    expect(of("k = x and a > 3 and a <= 9 and b = y and c != '' and d >= -1")).toEqual({
      key: 'x',
      where: { a: { gt: '3', le: '9' }, b: { eq: 'y' }, c: { ne: '' }, d: { ge: '-1' } },
    })
  })

  it.each([
    ['a = 1', 'k = VALUE once'],
    ['k > 1', 'k = VALUE once'],
    ['k = 1 and k = 2', 'k = VALUE once'],
    ['k = 1 and a > x', 'only whole numbers'],
    ['k = 1 and a = 1 and a = 2', 'cannot be kept together'],
    ['k = 1 and a != 1 and a > 2', 'cannot be kept together'],
    ['k = 1 and a > 1 and a >= 2', 'cannot be kept together'],
    ['k = 1 and a > 5 and a < 5', 'no a lies between'],
  ])('that a table would misread are refused: %s', (where, reason) => {
    expect(() => of(where)).toThrow(
      expect.objectContaining({
        code: 'CONSOLE_SQL_MEANING',
        message: expect.stringContaining(reason),
      }),
    )
  })
})

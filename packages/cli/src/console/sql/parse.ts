/**
 * The SQL of the 2.x console.
 *
 * @example
 * ```ts
 * parseSql("select item from t_fruit where name = 'apple' and price >= 3 limit 0,10")
 * ```
 * @module
 */
import { SqlSyntaxError } from '../errors.ts'
import type { Assignment, Comparison, Condition, Limit, Selection, Statement } from './statement.ts'
import { TokenReader } from './token-reader.ts'

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': 'eq',
  '!=': 'ne',
  '<>': 'ne',
  '>': 'gt',
  '>=': 'ge',
  '<': 'lt',
  '<=': 'le',
}
const NUMBER = /^\d{1,9}$/

/** Reads one statement. Throws `CONSOLE_SQL_SYNTAX` with the place where it went wrong. */
export function parseSql(sql: string): Statement {
  const reader = new TokenReader(sql)
  const statement = readStatement(reader)
  reader.takeSymbol(';')
  reader.expectEnd()
  return statement
}

function readStatement(reader: TokenReader): Statement {
  if (reader.takeKeyword('create')) return readCreate(reader)
  if (reader.takeKeyword('desc') || reader.takeKeyword('describe')) {
    return { kind: 'desc', table: reader.name('the name of a table') }
  }
  if (reader.takeKeyword('insert')) return readInsert(reader)
  if (reader.takeKeyword('select')) return readSelect(reader)
  if (reader.takeKeyword('update')) return readUpdate(reader)
  if (reader.takeKeyword('delete')) {
    reader.keyword('from')
    const table = reader.name('the name of a table')
    return { kind: 'delete', ...readSelection(reader, table) }
  }
  throw reader.unexpected('create, desc, insert, select, update or delete')
}

function readCreate(reader: TokenReader): Statement {
  reader.keyword('table')
  const table = reader.name('the name of a table')
  const columns: string[] = []
  let keyField: string | undefined
  reader.symbol('(')
  do {
    const { position } = reader.next
    const column = readColumn(reader)
    if (column.isKey) {
      if (keyField !== undefined) throw new SqlSyntaxError(position, 'a table has one primary key')
      keyField = column.name
    }
    if (column.isField) columns.push(column.name)
  } while (reader.takeSymbol(','))
  reader.symbol(')')
  if (keyField === undefined || !columns.includes(keyField)) {
    const key = keyField === undefined ? 'is missing' : `${keyField} is none of its fields`
    throw new SqlSyntaxError(reader.next.position, `the primary key (NAME) of the table ${key}`)
  }
  const valueFields = columns.filter((name) => name !== keyField)
  if (valueFields.length === 0) {
    throw new SqlSyntaxError(reader.next.position, 'a table has at least one field beside its key')
  }
  return { kind: 'create', table, keyField, valueFields }
}

interface Column {
  readonly name: string
  readonly isKey: boolean
  readonly isField: boolean
}

/** A field with its type, which every table ignores, or the primary key. */
function readColumn(reader: TokenReader): Column {
  if (reader.isKeyword('primary')) return { ...readPrimaryKey(reader), isField: false }
  const name = reader.name('the name of a field')
  let isKey = false
  while (!reader.isSymbol(',') && !reader.isSymbol(')')) {
    if (reader.takeKeyword('primary')) {
      reader.keyword('key')
      isKey = true
    } else if (reader.isSymbol('(')) {
      reader.list(() => reader.value())
    } else {
      reader.value('a type, a comma or )')
    }
  }
  return { name, isKey, isField: true }
}

function readPrimaryKey(reader: TokenReader): Omit<Column, 'isField'> {
  reader.keyword('primary')
  reader.keyword('key')
  reader.symbol('(')
  const name = reader.name('the name of the key field')
  reader.symbol(')')
  return { name, isKey: true }
}

function readInsert(reader: TokenReader): Statement {
  reader.keyword('into')
  const table = reader.name('the name of a table')
  const fields = reader.isSymbol('(')
    ? reader.list(() => reader.name('the name of a field'))
    : undefined
  reader.keyword('values')
  const { position } = reader.next
  const values = reader.list(() => reader.value())
  if (fields !== undefined && fields.length !== values.length) {
    const reason = `${values.length} values for ${fields.length} fields`
    throw new SqlSyntaxError(position, reason)
  }
  if (reader.isSymbol(',')) throw reader.unexpected('the end: an insert has one row')
  return { kind: 'insert', table, fields, values }
}

function readSelect(reader: TokenReader): Statement {
  const fields = reader.takeSymbol('*') ? undefined : readFields(reader)
  reader.keyword('from')
  const table = reader.name('the name of a table')
  return { kind: 'select', fields, ...readSelection(reader, table) }
}

function readFields(reader: TokenReader): readonly string[] {
  const fields = [reader.name('the name of a field, or *')]
  while (reader.takeSymbol(',')) fields.push(reader.name('the name of a field'))
  return fields
}

function readUpdate(reader: TokenReader): Statement {
  const table = reader.name('the name of a table')
  reader.keyword('set')
  const assignments: Assignment[] = []
  do {
    const field = reader.name('the name of a field')
    reader.symbol('=')
    assignments.push({ field, value: reader.value() })
  } while (reader.takeSymbol(','))
  return { kind: 'update', assignments, ...readSelection(reader, table) }
}

function readSelection(reader: TokenReader, table: string): Selection {
  reader.keyword('where')
  const conditions = [readCondition(reader)]
  while (reader.takeKeyword('and')) conditions.push(readCondition(reader))
  const limit = reader.takeKeyword('limit') ? readLimit(reader) : undefined
  if (reader.next.kind !== 'end' && !reader.isSymbol(';')) {
    throw reader.unexpected(
      limit === undefined ? 'and, limit or the end: a table knows nothing else' : 'the end',
    )
  }
  return { table, conditions, limit }
}

function readCondition(reader: TokenReader): Condition {
  const field = reader.name('the name of a field')
  const { kind, text } = reader.next
  const comparison = kind === 'symbol' ? COMPARISONS[text] : undefined
  if (comparison === undefined) throw reader.unexpected('one of = != > >= < <=')
  reader.skip()
  return { field, comparison, value: reader.value() }
}

function readLimit(reader: TokenReader): Limit {
  const first = readCount(reader)
  if (!reader.takeSymbol(',')) return { offset: 0, count: first }
  return { offset: first, count: readCount(reader) }
}

function readCount(reader: TokenReader): number {
  const { kind, text } = reader.next
  if (kind !== 'word' || !NUMBER.test(text)) throw reader.unexpected('a number of rows')
  reader.skip()
  return Number(text)
}

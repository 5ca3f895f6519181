/**
 * Tables of the chain, by SQL.
 * @module
 */
import { type TableDescription, type TableRow, Tables } from '@bcos-ts/sdk'
import type { ConsoleCommand } from '../command.ts'
import { ArgumentError, SqlMeaningError } from '../errors.ts'
import { accepted } from '../native.ts'
import { json, message, type Output, table } from '../output.ts'
import type { Parameter } from '../parameter.ts'
import type { Session } from '../session.ts'
import { conditionOf } from '../sql/condition.ts'
import { parseSql } from '../sql/parse.ts'
import type { Selection, Statement } from '../sql/statement.ts'

const DETAILS =
  'Fields hold text. Words and numbers need no quotes; other values stand in "…" or \'…\'. Conditions are joined by and, and one of them is KEY = VALUE.'

type StatementOf<TKind extends Statement['kind']> = Statement & { readonly kind: TKind }

/** A command whose line is one SQL statement. */
function sql<TKind extends Statement['kind']>(
  kind: TKind,
  about: { readonly summary: string; readonly form: string; readonly example: string },
  run: (session: Session, statement: StatementOf<TKind>) => Promise<Output>,
): ConsoleCommand {
  const statement: Parameter = { name: about.form, kind: 'table', help: 'SQL' }
  return {
    name: kind,
    ...(kind === 'desc' && { aliases: ['describe'] }),
    theme: 'tables (SQL)',
    summary: about.summary,
    parameters: [statement],
    details: DETAILS,
    example: about.example,
    isText: true,
    run: async (session, args) => {
      const parsed = parseSql(args.text)
      if (!isKind(parsed, kind))
        throw new ArgumentError(kind, '', `${parsed.kind} is another command`)
      const output = await run(session, parsed)
      session.tables.add(parsed.table)
      return output
    },
  }
}

function isKind<TKind extends Statement['kind']>(
  statement: Statement,
  kind: TKind,
): statement is StatementOf<TKind> {
  return statement.kind === kind
}

async function tables(session: Session): Promise<Tables> {
  const { client, account } = await session.user()
  return new Tables(client, account)
}

async function describe(session: Session, name: string): Promise<TableDescription> {
  const description = await (await tables(session)).desc(name)
  if (description !== undefined) return description
  throw new SqlMeaningError(name, 'there is none of this name in the group; create table makes one')
}

/** The key and the other conditions of a selection, as its table takes them. */
async function conditions(session: Session, { table: name, conditions: given }: Selection) {
  const { keyField, valueFields } = await describe(session, name)
  for (const { field } of given) requireField(name, [keyField, ...valueFields], field)
  return { keyField, valueFields, ...conditionOf(name, keyField, given) }
}

function requireField(name: string, known: readonly string[], field: string): void {
  if (known.includes(field)) return
  throw new SqlMeaningError(name, `it has no field ${field}; it has ${known.join(', ')}`)
}

function rowsWord(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`
}

async function insert(
  session: Session,
  { table: name, fields, values }: StatementOf<'insert'>,
): Promise<Output> {
  const { keyField, valueFields } = await describe(session, name)
  const all = [keyField, ...valueFields]
  const named = fields ?? all
  for (const field of named) requireField(name, all, field)
  if (named.length !== values.length || new Set(named).size !== named.length) {
    throw new SqlMeaningError(name, `it takes one value for each of ${all.join(', ')}`)
  }
  const row = new Map(named.map((field, index) => [field, values[index] ?? '']))
  const key = row.get(keyField)
  if (key === undefined)
    throw new SqlMeaningError(name, `a row needs a value of its key ${keyField}`)
  // Fields that are left out would be refused in some chains and be empty in others.
  const full: TableRow = Object.fromEntries(
    valueFields.map((field) => [field, row.get(field) ?? '']),
  )
  const result = accepted('insert', await (await tables(session)).insert(name, key, full))
  return message(`Insert OK, ${rowsWord(result.code)} affected.`, {
    rows: result.code,
    transactionHash: result.receipt.transactionHash,
  })
}

async function select(session: Session, statement: StatementOf<'select'>): Promise<Output> {
  const { table: name, fields, limit } = statement
  const { keyField, valueFields, key, where } = await conditions(session, statement)
  const all = [keyField, ...valueFields]
  const shown = fields ?? all
  for (const field of shown) requireField(name, all, field)
  const rows = await (await tables(session)).select(name, key, where, limit)
  return {
    ...table(
      shown,
      rows.map((row) => shown.map((field) => row[field] ?? '')),
      'Empty set.',
    ),
    ...(rows.length > 0 && { footer: `${rowsWord(rows.length)} in set.` }),
  }
}

async function update(session: Session, statement: StatementOf<'update'>): Promise<Output> {
  const { table: name, assignments, limit } = statement
  const { keyField, valueFields, key, where } = await conditions(session, statement)
  for (const { field } of assignments) {
    if (field === keyField) throw new SqlMeaningError(name, `its key ${keyField} cannot be changed`)
    requireField(name, valueFields, field)
  }
  const row: TableRow = Object.fromEntries(assignments.map(({ field, value }) => [field, value]))
  const found = await (
    await tables(session)
  ).update(name, key, row, { ...where, ...limitOf(limit) })
  const result = accepted('update', found)
  return message(`Update OK, ${rowsWord(result.code)} affected.`, {
    rows: result.code,
    transactionHash: result.receipt.transactionHash,
  })
}

async function remove(session: Session, statement: StatementOf<'delete'>): Promise<Output> {
  const { table: name, limit } = statement
  const { key, where } = await conditions(session, statement)
  const found = await (await tables(session)).remove(name, key, { ...where, ...limitOf(limit) })
  const result = accepted('delete', found)
  return message(`Remove OK, ${rowsWord(result.code)} affected.`, {
    rows: result.code,
    transactionHash: result.receipt.transactionHash,
  })
}

/** A limit stands among the conditions, under a name of its own. */
function limitOf(limit: Selection['limit']): { readonly limit?: { readonly limit: string } } {
  return limit === undefined ? {} : { limit: { limit: `${limit.offset},${limit.count}` } }
}

export const TABLE_COMMANDS: readonly ConsoleCommand[] = [
  sql(
    'create',
    {
      summary: 'create a table',
      form: 'table NAME (FIELD varchar, ..., primary key (FIELD))',
      example:
        'create table t_demo (name varchar, item_id varchar, item varchar, primary key (name))',
    },
    async (session, { table: name, keyField, valueFields }) => {
      const found = await (await tables(session)).create(name, keyField, valueFields)
      const { receipt } = accepted('create', found)
      return message(`Create '${name}' Ok.`, {
        table: name,
        transactionHash: receipt.transactionHash,
      })
    },
  ),
  sql(
    'desc',
    { summary: 'fields of a table', form: 'NAME', example: 'desc t_demo' },
    async (session, { table: name }) => {
      const { keyField, valueFields } = await describe(session, name)
      return json({ key: keyField, valueFields: valueFields.join(',') })
    },
  ),
  sql(
    'insert',
    {
      summary: 'write a row',
      form: 'into NAME [(FIELD, ...)] values (VALUE, ...)',
      example: 'insert into t_demo (name, item_id, item) values (fruit, 1, "an apple")',
    },
    insert,
  ),
  sql(
    'select',
    {
      summary: 'read rows',
      form: '*|FIELD, ... from NAME where KEY = VALUE [and ...] [limit [OFFSET,] COUNT]',
      example: 'select * from t_demo where name = fruit and item_id >= 1 limit 0,10',
    },
    select,
  ),
  sql(
    'update',
    {
      summary: 'change rows',
      form: 'NAME set FIELD = VALUE, ... where KEY = VALUE [and ...]',
      example: 'update t_demo set item = orange where name = fruit and item_id = 1',
    },
    update,
  ),
  sql(
    'delete',
    {
      summary: 'remove rows',
      form: 'from NAME where KEY = VALUE [and ...]',
      example: 'delete from t_demo where name = fruit and item_id = 1',
    },
    remove,
  ),
]

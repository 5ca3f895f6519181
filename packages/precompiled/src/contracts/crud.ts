/**
 * CRUD 0x1002 (spec 03 §3.3): rows of user tables, with entries and conditions as JSON text.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import { ResultCode, SystemTableName, userTable } from '@bcos-ts/protocol'
import type { Condition, Entry, Table } from '@bcos-ts/protocol/ports'
import {
  CodeWord,
  native,
  type NativeContract,
  type NativeFrame,
} from '../framework/declaration.ts'
import { styledRows } from '../json/write.ts'
import { readCondition, readEntry } from './crud-json.ts'
import { checkKey, checkValues } from './limits.ts'
import { fieldOf, systemTable } from './rows.ts'

const permission = 'access list of the table'

/** Opens the table and goes on with it; charged also when there is none. */
function withTable<T>(
  { tables, gas }: NativeFrame,
  name: ByteText,
  go: (table: Table) => T,
): T | CodeWord {
  const table = tables.open(name)
  gas.charge('OpenTable')
  return table === undefined ? new CodeWord(ResultCode.tableMissing) : go(table)
}

function insert(call: NativeFrame, table: Table, key: ByteText, entryText: ByteText): number {
  const entry = readEntry(call.tables, entryText)
  if (entry === undefined) return ResultCode.invalidEntryJson
  checkValues(entry)
  const count = table.insert(key, entry, call.origin)
  if (count > 0) chargeWrite(call, 'Insert', entry, count)
  return count
}

interface UpdateRequest {
  readonly key: ByteText
  readonly entryText: ByteText
  readonly conditionText: ByteText
}

function update(call: NativeFrame, table: Table, request: UpdateRequest): number {
  const entry = readEntry(call.tables, request.entryText)
  if (entry === undefined) return ResultCode.invalidEntryJson
  if (entry.get(table.keyField) !== undefined) return ResultCode.keyInUpdate
  const condition = readCondition(call, request.conditionText)
  if (typeof condition === 'number') return condition
  checkValues(entry)
  const count = table.update(request.key, entry, { condition, writer: call.origin })
  if (count > 0) chargeWrite(call, 'Update', entry, count)
  return count
}

function chargeWrite(
  { gas }: NativeFrame,
  operation: 'Insert' | 'Update',
  entry: Entry,
  count: number,
): void {
  gas.charge(operation, count)
  gas.growMemory(entry.capacity() * count)
}

/** What a query does behind the reading of its condition. */
function withCondition<T>(
  call: NativeFrame,
  text: ByteText,
  go: (condition: Condition) => T,
): T | CodeWord {
  const condition = readCondition(call, text)
  return typeof condition === 'number' ? new CodeWord(condition) : go(condition)
}

export const crud: NativeContract = {
  name: 'CRUD',
  address: 0x1002,
  summary: 'Rows of user tables, with entries and conditions as JSON text.',
  memory: 'calldata',
  unknown: ResultCode.unknownFunction,
  functions: [
    native('insert(string table, string key, string entry, string ignored) returns (int256)', {
      permission,
      run(call, name, key, entry) {
        checkKey(key)
        return withTable(call, userTable(name), (table) => insert(call, table, key, entry))
      },
    }),
    native(
      'update(string table, string key, string entry, string condition, string ignored) returns (int256)',
      {
        permission,
        run: (call, ...[name, key, entryText, conditionText]) =>
          withTable(call, userTable(name), (table) =>
            update(call, table, { key, entryText, conditionText }),
          ),
      },
    ),
    native('remove(string table, string key, string condition, string ignored) returns (int256)', {
      permission,
      run: (call, name, key, text) =>
        withTable(call, userTable(name), (table) =>
          withCondition(call, text, (condition) => {
            const count = table.remove(key, { condition, writer: call.origin })
            if (count > 0) call.gas.charge('Remove', count)
            return count
          }),
        ),
    }),
    native(
      'select(string table, string key, string condition, string ignored) view returns (string rows)',
      {
        // The catalogue itself may be read under its own name.
        run: (call, name, key, text) =>
          withTable(call, name === SystemTableName.tables ? name : userTable(name), (table) =>
            withCondition(call, text, (condition) => {
              const rows = table.select(key, condition)
              call.gas.charge('Select', rows.length)
              return styledRows(rows.map((row) => row.fields()))
            }),
          ),
      },
    ),
    native('desc(string table) view returns (string keyField, string valueFields)', {
      charges: ['OpenTable'],
      run({ tables, gas }, name) {
        const rows = systemTable(tables, SystemTableName.tables).select(userTable(name))
        gas.charge('Select', rows.length)
        const [row] = rows
        if (row === undefined) return ['', ''] as const
        return [fieldOf(row, 'key_field'), fieldOf(row, 'value_field')] as const
      },
    }),
  ],
}

/**
 * KVTableFactory 0x1010 (spec 03 §3.11): the same tables, used with one row a key.
 * @module
 */
import { ResultCode, userTable } from '@bcos-ts/protocol'
import { NOT_AUTHORIZED } from '@bcos-ts/protocol/ports'
import { native, type NativeContract } from '../framework/declaration.ts'
import { refuse } from '../framework/refusal.ts'
import { kvTableObject } from './kv-table.ts'
import { acceptDefinition, type DefinitionTexts } from './table-definition.ts'
import { checkCallerMayWrite } from './write-permission.ts'

const TEXTS: DefinitionTexts = {
  tableName: (name) => `invalid tablename:${name}`,
  fieldStart: (name) => `invalid field:${name}`,
  fieldCharacters: (name) => `invalid field:${name}`,
  // Misspelt for good.
  duplicate: (name) => `dumplicate field:${name}`,
}

export const kvTableFactory: NativeContract = {
  name: 'KVTableFactory',
  address: 0x1010,
  summary: 'Opens and creates tables that keep one row for each key.',
  memory: 'calldata',
  unknown: 'empty',
  functions: [
    native('openTable(string name) view returns (address)', {
      charges: ['OpenTable'],
      run({ tables, objects }, name) {
        const table = tables.open(userTable(name))
        return objects.add(kvTableObject, table ?? refuse(`${userTable(name)} does not exist`))
      },
    }),
    native('createTable(string name, string keyField, string valueFields) returns (int256)', {
      permission: 'access list of the calling contract, then of _sys_tables_',
      run(call, name, keyField, valueFields) {
        checkCallerMayWrite(call)
        const definition = acceptDefinition({ name, keyField, valueFields }, TEXTS)
        const code = call.tables.create(definition, call.origin)
        if (code === NOT_AUTHORIZED) {
          refuse(`Permission denied. ${call.origin} can't create table ${definition.name}`)
        }
        if (code === ResultCode.done) call.gas.charge('CreateTable')
        return code
      },
    }),
  ],
}

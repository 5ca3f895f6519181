/**
 * TableFactory 0x1001 (spec 03 §3.2): tables of applications, opened and created.
 * @module
 */
import { ResultCode, userTable, ZERO_ADDRESS } from '@bcos-ts/protocol'
import { TABLE_EXISTS } from '@bcos-ts/protocol/ports'
import { native, type NativeContract } from '../framework/declaration.ts'
import { acceptDefinition, type DefinitionTexts } from './table-definition.ts'
import { tableObject } from './table.ts'
import { checkCallerMayWrite } from './write-permission.ts'

const ALLOWED = 'must be letters or numbers, and only supports "{$, _, @}" as special character set'

const TEXTS: DefinitionTexts = {
  tableName: (name) => `Invalid table name "${name}", the table name ${ALLOWED}`,
  fieldStart: (name) =>
    `Invalid field "${name}", the size of the field must be larger than 0 and the field can't start with "_"`,
  fieldCharacters: (name) => `Invalid field "${name}", the field name ${ALLOWED}`,
  duplicate: (name) => `duplicate field:${name}`,
}

export const tableFactory: NativeContract = {
  name: 'TableFactory',
  address: 0x1001,
  summary: 'Opens and creates tables of applications.',
  memory: 'calldata',
  unknown: 'empty',
  functions: [
    native('openTable(string name) view returns (address)', {
      charges: ['OpenTable'],
      run({ tables, objects }, name) {
        const table = tables.open(userTable(name))
        return table === undefined ? ZERO_ADDRESS : objects.add(tableObject, table)
      },
    }),
    native('createTable(string name, string keyField, string valueFields) returns (int256)', {
      permission: 'access list of the calling contract, then of _sys_tables_',
      run(call, name, keyField, valueFields) {
        checkCallerMayWrite(call)
        const definition = acceptDefinition({ name, keyField, valueFields }, TEXTS)
        const code = call.tables.create(definition, call.origin)
        if (code === TABLE_EXISTS) return ResultCode.tableExists
        if (code === ResultCode.done) call.gas.charge('CreateTable')
        return code
      },
    }),
  ],
}

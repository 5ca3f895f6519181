/**
 * HelloWorld 0x5001 (spec 03 §3.15): the example of the reference, which no chain has unless it asks for it.
 * @module
 */
import { ResultCode, userTable } from '@bcos-ts/protocol'
import type { Table, TableDefinition } from '@bcos-ts/protocol/ports'
import { native, type NativeContract, type NativeFrame } from '../framework/declaration.ts'
import { capacityOf, fieldOf, newRow, ownTable } from './rows.ts'

const KEY = 'hello_key'
const VALUE = 'value'

const DEFINITION: TableDefinition = {
  name: userTable('hello_world'),
  keyField: 'key',
  valueFields: VALUE,
}

/** Made by the first call, whatever it asks. */
function openTable({ tables, gas }: NativeFrame): Table {
  gas.charge('OpenTable')
  if (tables.open(DEFINITION.name) === undefined) gas.charge('CreateTable')
  return ownTable(tables, DEFINITION)
}

export const helloWorld: NativeContract = {
  name: 'HelloWorld',
  address: 0x5001,
  summary: 'One text that everybody may read and change.',
  memory: 'calldata',
  unknown(call) {
    openTable(call)
    return ResultCode.unknownFunction
  },
  functions: [
    native('get() view returns (string)', {
      run(call) {
        const rows = openTable(call).select(KEY)
        call.gas.growMemory(capacityOf(rows))
        call.gas.charge('Select', rows.length)
        const [row] = rows
        return row === undefined ? 'Hello World!' : fieldOf(row, VALUE)
      },
    }),
    native('set(string value) returns (int256)', {
      permission: 'access list of u_hello_world',
      run(call, value) {
        const { tables, gas, origin } = call
        const table = openTable(call)
        const rows = table.select(KEY)
        gas.growMemory(capacityOf(rows))
        gas.charge('Select', rows.length)
        const row = newRow(tables, { [VALUE]: value })
        row.set(DEFINITION.keyField, KEY)
        const isNew = rows.length === 0
        const count = isNew
          ? table.insert(KEY, row, origin)
          : table.update(KEY, row, { writer: origin })
        if (count > 0) {
          gas.charge(isNew ? 'Insert' : 'Update', count)
          gas.growMemory(row.capacity() * count)
        }
        return count
      },
    }),
  ],
}

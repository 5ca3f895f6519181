/**
 * KVTable (spec 03 §4.2): an open table used with one row a key.
 * @module
 */
import { ZERO_ADDRESS } from '@bcos-ts/protocol'
import { NOT_AUTHORIZED, type Table } from '@bcos-ts/protocol/ports'
import { functionsOf, type NativeObject } from '../framework/declaration.ts'
import { refuse } from '../framework/refusal.ts'
import { entryObject } from './entry.ts'
import { checkKey, checkValues } from './limits.ts'
import { capacityOf } from './rows.ts'
import { checkCallerMayWrite } from './write-permission.ts'

const method = functionsOf<Table>()

export const kvTableObject: NativeObject<Table> = {
  name: 'KVTable',
  summary: 'An open table used with one row for each key.',
  memory: 'calldata',
  unknown: 'empty',
  functions: [
    method('get(string key) view returns (bool found, address entry)', {
      run({ self, objects, gas }, key) {
        const rows = self.select(key)
        gas.growMemory(capacityOf(rows))
        gas.charge('Select', rows.length)
        const [first] = rows
        if (first === undefined) return [false, ZERO_ADDRESS] as const
        return [true, objects.add(entryObject, first)] as const
      },
    }),
    method('set(string key, address entry) returns (int256)', {
      permission: 'access list of the calling contract, then of the table',
      run(call, key, entry) {
        checkCallerMayWrite(call)
        const { self: table, gas, origin } = call
        const row = call.objects.get(entryObject, entry)
        checkKey(key)
        checkValues(row)
        const rows = table.select(key)
        gas.growMemory(capacityOf(rows))
        gas.charge('Select', rows.length)
        const isNew = rows.length === 0
        const count = isNew
          ? table.insert(key, row, origin)
          : table.update(key, row, { writer: origin })
        if (count === NOT_AUTHORIZED) {
          refuse(`Permission denied. ${origin} can't write ${table.name}`)
        }
        gas.setMemory(row.capacity() * count)
        gas.charge(isNew ? 'Insert' : 'Update', count)
        return count
      },
    }),
    method('newEntry() view returns (address)', {
      run: ({ tables, objects }) =>
        objects.add(entryObject, tables.newEntry({ replacesKey: true })),
    }),
  ],
}

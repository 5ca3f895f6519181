/**
 * Table (spec 03 §4.1): an open table; several rows may share a key.
 * @module
 */
import type { Table } from '@bcos-ts/protocol/ports'
import { functionsOf, type NativeObject } from '../framework/declaration.ts'
import { conditionObject } from './condition.ts'
import { entriesObject } from './entries.ts'
import { entryObject } from './entry.ts'
import { checkKey, checkValues } from './limits.ts'
import { capacityOf } from './rows.ts'
import { checkCallerMayWrite } from './write-permission.ts'

const method = functionsOf<Table>()

const permission = 'access list of the calling contract, then of the table'

export const tableObject: NativeObject<Table> = {
  name: 'Table',
  summary: 'An open table; several rows may share a key.',
  memory: 'calldata',
  unknown: 'empty',
  functions: [
    method('select(string key, address condition) view returns (address)', {
      run({ self, objects, gas }, key, condition) {
        const rows = self.select(key, objects.get(conditionObject, condition))
        gas.growMemory(capacityOf(rows))
        gas.charge('Select', rows.length)
        return objects.add(entriesObject, rows)
      },
    }),
    method('insert(string key, address entry) returns (int256)', {
      permission,
      run(call, key, entry) {
        checkCallerMayWrite(call)
        const row = call.objects.get(entryObject, entry)
        checkKey(key)
        checkValues(row)
        const count = call.self.insert(key, row, call.origin)
        if (count > 0) {
          call.gas.growMemory(row.capacity() * count)
          call.gas.charge('Insert', count)
        }
        return count
      },
    }),
    method('update(string key, address entry, address condition) returns (int256)', {
      permission,
      run(call, key, entry, conditionAddress) {
        checkCallerMayWrite(call)
        const values = call.objects.get(entryObject, entry)
        const condition = call.objects.get(conditionObject, conditionAddress)
        checkValues(values)
        const count = call.self.update(key, values, { condition, writer: call.origin })
        if (count > 0) {
          call.gas.setMemory(values.capacity() * count)
          call.gas.charge('Update', count)
        }
        return count
      },
    }),
    method('remove(string key, address condition) returns (int256)', {
      permission,
      run(call, key, conditionAddress) {
        checkCallerMayWrite(call)
        const condition = call.objects.get(conditionObject, conditionAddress)
        const count = call.self.remove(key, { condition, writer: call.origin })
        if (count > 0) call.gas.charge('Remove', count)
        return count
      },
    }),
    method('newEntry() view returns (address)', {
      run: ({ tables, objects }) => objects.add(entryObject, tables.newEntry()),
    }),
    method('newCondition() view returns (address)', {
      run: ({ tables, objects }) => objects.add(conditionObject, tables.newCondition()),
    }),
  ],
}

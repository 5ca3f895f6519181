import { native, type NativeContract, newRow, ownTable, putRow, refuse } from '@bcos-ts/precompiled'
import { userTable } from '@bcos-ts/protocol'

const COUNTS = { name: userTable('counter'), keyField: 'name', valueFields: 'total' }

export const counter: NativeContract = {
  name: 'Counter',
  address: 0x5100,
  summary: 'Counts by name.',
  memory: 'calldata',
  unknown: 'empty',
  functions: [
    native('add(string name, uint256 by) returns (uint256 total)', {
      permission: 'access list of u_counter',
      charges: ['OpenTable', 'Select', 'Update'],
      criticalFields: (name) => [name],
      run({ tables, origin }, name, by) {
        const table = ownTable(tables, COUNTS)
        const total = BigInt(table.select(name)[0]?.get('total') ?? 0) + by
        const count = putRow(table, name, newRow(tables, { total: String(total) }), origin)
        return count > 0 ? total : refuse('this counter is not yours')
      },
    }),
  ],
}

import { type Address, SystemTableName } from '@bcos-ts/protocol'
import type { StateTables } from '@bcos-ts/protocol/ports'
import { committedConfig } from './committed-config.ts'
import type { GasCharging } from './world.ts'

const OFF: GasCharging = { isOn: false, isExempt: () => false }

/**
 * Whether account gas is charged, and who is exempt: committee members and chargers, as committed before the
 * block (spec 01 §11.10, 03 §3.10).
 */
export function gasCharging(tables: StateTables): GasCharging {
  if (committedConfig(tables, 'enable_charge_mgr') !== 'on') return OFF
  const chargers = (committedConfig(tables, 'charger_list') ?? '').split(',')
  const exempt = new Set<Address>([...committee(tables), ...chargers])
  return { isOn: true, isExempt: (account) => exempt.has(account) }
}

function committee(tables: StateTables): Address[] {
  return tables
    .committedRows(SystemTableName.tableAccess, SystemTableName.tableAccess)
    .filter((row) => !row.isRemoved && Number(row.fields.get('enable_num')) <= tables.parentNumber)
    .map((row) => (row.fields.get('address') ?? '').replace(/^0x/, ''))
}

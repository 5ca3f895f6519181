import { SystemTableName } from '@bcos-ts/protocol'
import type { StateTables } from '@bcos-ts/protocol/ports'

/** A system configuration value in force for the block that is executed on these tables (spec 03 §12). */
export function committedConfig(tables: StateTables, key: string): string | undefined {
  const rows = tables.committedRows(SystemTableName.config, key).filter((row) => !row.isRemoved)
  const [row] = rows
  if (row === undefined || rows.length !== 1) return undefined
  if (Number(row.fields.get('enable_num')) > tables.parentNumber) return undefined
  return row.fields.get('value')
}

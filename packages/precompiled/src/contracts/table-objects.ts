import type { NativeObject } from '../framework/declaration.ts'
import { conditionObject } from './condition.ts'
import { entriesObject } from './entries.ts'
import { entryObject } from './entry.ts'
import { kvTableObject } from './kv-table.ts'
import { tableObject } from './table.ts'

/** What TableFactory and KVTableFactory hand out, for describing them to clients and compilers. */
export const tableObjects: readonly NativeObject<never>[] = [
  tableObject,
  kvTableObject,
  entryObject,
  entriesObject,
  conditionObject,
]

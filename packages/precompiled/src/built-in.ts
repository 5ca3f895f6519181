import { cns } from './contracts/cns.ts'
import { consensus } from './contracts/consensus.ts'
import { crud } from './contracts/crud.ts'
import { kvTableFactory } from './contracts/kv-table-factory.ts'
import { parallelConfig } from './contracts/parallel-config.ts'
import { permission } from './contracts/permission.ts'
import { systemConfig } from './contracts/system-config.ts'
import { tableFactory } from './contracts/table-factory.ts'
import type { NativeContract } from './framework/declaration.ts'

/** The contracts that every node of a 2.9 chain has at the same addresses. */
export function builtInContracts(): readonly NativeContract[] {
  return [
    systemConfig,
    tableFactory,
    crud,
    consensus,
    cns,
    permission,
    parallelConfig,
    kvTableFactory,
  ]
}

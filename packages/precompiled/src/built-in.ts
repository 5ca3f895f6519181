import { chainGovernance } from './contracts/chain-governance.ts'
import { cns } from './contracts/cns.ts'
import { consensus } from './contracts/consensus.ts'
import { contractLifeCycle } from './contracts/contract-life-cycle.ts'
import { crud } from './contracts/crud.ts'
import { cryptoContract } from './contracts/crypto.ts'
import { dagTransfer } from './contracts/dag-transfer.ts'
import { gasChargeManage } from './contracts/gas-charge-manage.ts'
import { kvTableFactory } from './contracts/kv-table-factory.ts'
import { parallelConfig } from './contracts/parallel-config.ts'
import { permission } from './contracts/permission.ts'
import { systemConfig } from './contracts/system-config.ts'
import { tableFactory } from './contracts/table-factory.ts'
import { workingSealerManager } from './contracts/working-sealer-manager.ts'
import type { NativeContract } from './framework/declaration.ts'
import type { NativeCrypto } from './native-crypto.ts'

/** The contracts that every node of a 2.9 chain has at the same addresses. */
export function builtInContracts(crypto: NativeCrypto): readonly NativeContract[] {
  return [
    systemConfig,
    tableFactory,
    crud,
    consensus,
    cns,
    permission,
    parallelConfig,
    contractLifeCycle,
    chainGovernance,
    gasChargeManage,
    kvTableFactory,
    workingSealerManager(crypto),
    dagTransfer,
    cryptoContract(crypto),
  ]
}

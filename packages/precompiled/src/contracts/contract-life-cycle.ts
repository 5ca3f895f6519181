/**
 * ContractLifeCycle 0x1007 (spec 03 §3.8): contracts frozen and unfrozen, and those who may do it.
 * @module
 */
import { type Address, ResultCode } from '@bcos-ts/protocol'
import type { Table } from '@bcos-ts/protocol/ports'
import { native, type NativeContract, type NativeFrame } from '../framework/declaration.ts'
import { isCommitteeMember, prefixed } from './access-rows.ts'
import {
  addManager,
  isManager,
  managersOf,
  removeManager,
  setFrozen,
  viewAccount,
} from './account-rows.ts'

/** Code, or what is known of a contract that may be asked about. */
type Found = { readonly table: Table; readonly isFrozen: boolean } | number

function findContract(call: NativeFrame, address: Address): Found {
  const account = viewAccount(call, address)
  if (!account.exists) return ResultCode.contractTableMissing
  return account.hasCode ? account : ResultCode.notContract
}

/** As {@link findContract}, for those who may decide about the contract. */
function findOwnContract(call: NativeFrame, address: Address): Found {
  const found = findContract(call, address)
  if (typeof found === 'number') return found
  const { tables, origin } = call
  const isAllowed = isManager(found.table, origin) || isCommitteeMember(tables, prefixed(origin))
  return isAllowed ? found : ResultCode.notManager
}

const STATUS_TEXTS = {
  available: 'The contract is available.',
  frozen: 'The contract has been frozen. You can invoke this contract after unfreezing it.',
  missing: 'The address is nonexistent.',
  notContract: 'This is not a contract address.',
} as const

function statusText(call: NativeFrame, address: Address): string {
  const found = findContract(call, address)
  if (found === ResultCode.contractTableMissing) return STATUS_TEXTS.missing
  if (typeof found === 'number') return STATUS_TEXTS.notContract
  return found.isFrozen ? STATUS_TEXTS.frozen : STATUS_TEXTS.available
}

const permission = 'a manager of the contract, or a member of the committee'

export const contractLifeCycle: NativeContract = {
  name: 'ContractLifeCycle',
  address: 0x1007,
  summary: 'Contracts frozen and unfrozen, and those who may do it.',
  memory: 'output',
  unknown: 'empty',
  functions: [
    native('freeze(address contractAddress) returns (int256)', {
      permission,
      run(call, contract) {
        const found = findOwnContract(call, contract)
        if (typeof found === 'number') return found
        return found.isFrozen ? ResultCode.contractFrozen : setFrozen(call, found.table, true)
      },
    }),
    native('unfreeze(address contractAddress) returns (int256)', {
      permission,
      run(call, contract) {
        const found = findOwnContract(call, contract)
        if (typeof found === 'number') return found
        return found.isFrozen ? setFrozen(call, found.table, false) : ResultCode.contractAvailable
      },
    }),
    native('grantManager(address contractAddress, address user) returns (int256)', {
      permission,
      run(call, contract, user) {
        const found = findOwnContract(call, contract)
        if (typeof found === 'number') return found
        if (isManager(found.table, user)) return ResultCode.managerExists
        return addManager(call, found.table, user)
      },
    }),
    native('revokeManager(address contractAddress, address user) returns (int256)', {
      permission,
      run(call, contract, user) {
        const found = findOwnContract(call, contract)
        if (typeof found === 'number') return found
        // The last one stays, and that is answered before it is asked who should go.
        if (managersOf(found.table).length === 1) return ResultCode.lastManager
        if (!isManager(found.table, user)) return ResultCode.managerMissing
        return removeManager(call, found.table, user)
      },
    }),
    native('getStatus(address contractAddress) view returns (int256, string)', {
      run: (call, contract) => [ResultCode.done, statusText(call, contract)] as const,
    }),
    native('listManager(address contractAddress) view returns (int256, address[])', {
      run(call, contract) {
        const found = findContract(call, contract)
        if (typeof found === 'number') return [found, []] as const
        return [ResultCode.done, managersOf(found.table)] as const
      },
    }),
  ],
}

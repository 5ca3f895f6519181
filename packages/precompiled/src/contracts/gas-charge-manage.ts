/**
 * GasChargeManage 0x1009 (spec 03 §3.10): gas given to accounts, by chargers whom the committee names.
 * @module
 */
import { type Address, ResultCode } from '@bcos-ts/protocol'
import type { StateTables } from '@bcos-ts/protocol/ports'
import { native, type NativeContract, type NativeFrame } from '../framework/declaration.ts'
import { isCommitteeMember, prefixed } from './access-rows.ts'
import { accountCode } from './account-freezing.ts'
import { remainGas, setRemainGas, viewAccount } from './account-rows.ts'
import { committedConfig, ConfigKey, writeConfig } from './system-config.ts'

const GAS_MAX = 2n ** 256n - 1n
const SEPARATOR = ','

/** As they were before the block: two grants of one block do not see each other, and the later one wins. */
function chargers(tables: StateTables): ReadonlySet<Address> {
  const list = committedConfig(tables, ConfigKey.chargerList)?.value ?? ''
  return new Set(list.split(SEPARATOR).filter((address) => address !== ''))
}

function writeChargers(call: NativeFrame, addresses: Iterable<Address>): void {
  const list = [...addresses].toSorted().map((address) => address + SEPARATOR)
  writeConfig(call, { key: ConfigKey.chargerList, value: list.join('') }, undefined)
}

/** What forbids giving gas to an account, or making it a charger. It need not exist. */
function obstacle(call: NativeFrame, address: Address): number {
  const code = accountCode(viewAccount(call, address))
  return code === ResultCode.accountMissing ? ResultCode.done : code
}

type Balance = readonly [code: number, gas: bigint]

/** Gas before and after; `change` gives the new amount, or the code of what forbids it. */
function changeGas(
  call: NativeFrame,
  { address, amount }: { readonly address: Address; readonly amount: bigint },
  change: (gas: bigint) => bigint | number,
): Balance {
  if (amount === 0n) return [ResultCode.zeroGas, 0n]
  const code = obstacle(call, address)
  if (code !== ResultCode.done) return [code, 0n]
  if (!chargers(call.tables).has(call.origin)) return [ResultCode.notCharger, 0n]
  const account = viewAccount(call, address)
  const changed = change(account.exists ? remainGas(account.table) : 0n)
  if (typeof changed === 'number') return [changed, 0n]
  setRemainGas(call, address, changed)
  return [ResultCode.done, changed]
}

const byCharger = 'chargers'
const byMember = 'committee members'

export const gasChargeManage: NativeContract = {
  name: 'GasChargeManage',
  address: 0x1009,
  summary: 'Gas given to accounts, by chargers whom the committee names.',
  memory: 'output',
  unknown: ResultCode.undefinedGasFunction,
  functions: [
    native('charge(address account, uint256 amount) returns (int256, uint256)', {
      permission: byCharger,
      run: (call, address, amount) =>
        changeGas(call, { address, amount }, (gas) =>
          gas + amount > GAS_MAX ? ResultCode.gasOverflow : gas + amount,
        ),
    }),
    native('deduct(address account, uint256 amount) returns (int256, uint256)', {
      permission: byCharger,
      run: (call, address, amount) =>
        changeGas(call, { address, amount }, (gas) =>
          gas < amount ? ResultCode.notEnoughGas : gas - amount,
        ),
    }),
    native('queryRemainGas(address account) view returns (int256, uint256)', {
      run(call, address): Balance {
        const account = viewAccount(call, address)
        const code = accountCode(account)
        const isGood = account.exists && code === ResultCode.done
        return [code, isGood ? remainGas(account.table) : 0n]
      },
    }),
    native('grantCharger(address account) returns (int256)', {
      permission: byMember,
      run(call, address) {
        const code = obstacle(call, address)
        if (code !== ResultCode.done) return code
        const { tables, origin } = call
        if (!isCommitteeMember(tables, prefixed(origin))) return ResultCode.grantChargerDenied
        const present = chargers(tables)
        if (present.has(address)) return ResultCode.chargerExists
        writeChargers(call, [...present, address])
        return ResultCode.done
      },
    }),
    native('revokeCharger(address account) returns (int256)', {
      permission: byMember,
      run(call, address) {
        const { tables, origin } = call
        if (!isCommitteeMember(tables, prefixed(origin))) return ResultCode.revokeChargerDenied
        const present = chargers(tables)
        if (!present.has(address)) return ResultCode.chargerMissing
        writeChargers(
          call,
          [...present].filter((one) => one !== address),
        )
        return ResultCode.done
      },
    }),
    native('listChargers() view returns (address[])', {
      run: ({ tables }) => [...chargers(tables)].toSorted(),
    }),
  ],
}

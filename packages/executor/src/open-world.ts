import { type CryptoSuite, TX_GAS_LIMIT_DEFAULT } from '@bcos-ts/protocol'
import type {
  CreateAccountState,
  EthereumContracts,
  NativeContracts,
  StateTables,
  VirtualMachine,
} from '@bcos-ts/protocol/ports'
import { committedConfig } from './committed-config.ts'
import { gasCharging } from './gas-charging.ts'
import type { SeenHeader, World } from './world.ts'

const HASHES_SEEN = 256

/** What executes transactions: the same in every lane. */
export interface WorldComponents {
  readonly suite: CryptoSuite
  readonly accounts: CreateAccountState
  readonly native: NativeContracts
  readonly ethereum: EthereumContracts
  readonly vm: VirtualMachine
  readonly isFreeStorage: boolean
}

/** Where a world stands. */
export interface WorldPlace<TTables extends StateTables = StateTables> {
  /** What contracts see. */
  readonly header: SeenHeader
  readonly tables: TTables
  /** Of the block on which the tables stand. */
  readonly parentHash: Uint8Array
  /** Hash of a committed block. */
  readonly hashOf: (number: number) => Uint8Array | undefined
}

export function openWorld(components: WorldComponents, place: WorldPlace): World {
  const { suite, ethereum, vm, isFreeStorage } = components
  const { header, tables, hashOf } = place
  return {
    suite,
    tables,
    ...openSession(components, place),
    ethereum,
    vm,
    header,
    blockHash: (number) => (number < header.number - HASHES_SEEN ? undefined : hashOf(number)),
    txGasLimit: BigInt(committedConfig(tables, 'tx_gas_limit') ?? TX_GAS_LIMIT_DEFAULT),
    isFreeStorage,
    charging: gasCharging(tables),
  }
}

/** The parts of a world that remember something from one transaction to the next. */
export function openSession(
  { accounts, native, suite, isFreeStorage }: WorldComponents,
  { tables, parentHash }: WorldPlace,
): Pick<World, 'accounts' | 'native'> {
  return {
    accounts: accounts(tables),
    native: native.open({ tables, suite, parentHash, isFreeStorage }),
  }
}

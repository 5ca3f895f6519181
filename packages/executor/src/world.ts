import { textToBytes } from '@bcos-ts/common'
import type { Address, BlockHeader, CryptoSuite } from '@bcos-ts/protocol'
import { encodeErrorText } from '@bcos-ts/protocol/abi'
import type {
  AccountState,
  EthereumContracts,
  NativeSession,
  StateTables,
  VirtualMachine,
} from '@bcos-ts/protocol/ports'

export type SeenHeader = Pick<BlockHeader, 'number' | 'timestamp' | 'gasLimit'>

/** Everything that transactions of one block share. */
export interface World {
  readonly suite: CryptoSuite
  readonly tables: StateTables
  readonly accounts: AccountState
  readonly native: NativeSession
  readonly ethereum: EthereumContracts
  readonly vm: VirtualMachine
  /** Header whose number, time and gas limit contracts see. */
  readonly header: SeenHeader
  readonly blockHash: (number: number) => Uint8Array | undefined
  /** Gas of a transaction, as valid at the parent block. */
  readonly txGasLimit: bigint
  readonly isFreeStorage: boolean
  readonly charging: GasCharging
}

/** Who pays account gas (spec 01 §11.10). */
export interface GasCharging {
  readonly isOn: boolean
  readonly isExempt: (account: Address) => boolean
}

/** A refusal as it stands in a receipt: `Error(string)`. Texts of the node are ASCII. */
export function errorOutput(text: string, suite: CryptoSuite): Uint8Array {
  return encodeErrorText(textToBytes(text), suite)
}

import type { Address } from '../primitives.ts'
import type { StateTables, Writer } from './state-tables.ts'
import type { VmCode } from './virtual-machine.ts'

/** Accounts, contract code and contract storage, kept in tables `c_<address>` (spec 01 §9.6). */
export interface AccountState {
  exists(address: Address): boolean
  /** Neither code nor balance nor a creation: EXTCODEHASH of such an account is 0. */
  isEmpty(address: Address): boolean
  nonce(address: Address): bigint
  /** Creates the account with nonce 1 when it does not exist. */
  incrementNonce(address: Address): void
  balance(address: Address): bigint
  /** Writes the balance row with its present value, as a creation does for its creator (spec 01 §9.6). */
  touchBalance(address: Address): void
  /** Account with nonce 0, no code, and the given managers (`authority` rows). */
  createContract(address: Address, managers: readonly Address[]): void
  managers(address: Address): readonly Address[]
  hasCode(address: Address): boolean
  /** Empty when there is none. */
  code(address: Address): VmCode
  /** Hash of the empty string for an account that does not exist or has no code. */
  codeHash(address: Address): Uint8Array
  setCode(address: Address, code: Uint8Array): void
  storage(address: Address, slot: bigint): bigint
  mayWriteStorage(address: Address, writer: Writer): boolean
  setStorage(address: Address, slot: bigint, value: bigint): void
  isFrozen(address: Address): boolean
  /** Account gas (`remain_gas`), `undefined` when there is no such row. */
  remainGas(address: Address): bigint | undefined
  setRemainGas(address: Address, gas: bigint): void
  /** SELFDESTRUCT at the end of a transaction: the rows of the account are reset, its storage stays. */
  kill(address: Address): void
}

export type CreateAccountState = (tables: StateTables) => AccountState

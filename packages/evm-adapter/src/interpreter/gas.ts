/**
 * Prices that differ from Ethereum's Istanbul, and those that depend on operands (spec 01 §11.5, 03 §15.1).
 * @module
 */
export interface GasSchedule {
  readonly balance: number
  readonly extcodehash: number
  readonly sload: number
  /** A slot from zero to something. */
  readonly sstoreSet: number
  /** Any other change. */
  readonly sstoreReset: number
  readonly sstoreUnchanged: number
  /** With no more than this left, an SSTORE does not even begin (EIP-2200). */
  readonly sstoreSentry: number
  readonly create: number
  readonly callValue: number
  readonly callStipend: number
  /** A value sent to an account that does not exist. */
  readonly callNewAccount: number
  /** The same, by a SELFDESTRUCT. */
  readonly destroyNewAccount: number
}

export const STANDARD_GAS: GasSchedule = {
  balance: 700,
  extcodehash: 700,
  sload: 200,
  sstoreSet: 20_000,
  sstoreReset: 5000,
  sstoreUnchanged: 800,
  sstoreSentry: 2300,
  create: 32_000,
  callValue: 9000,
  callStipend: 2300,
  callNewAccount: 0,
  destroyNewAccount: 25_000,
}

/** Prices of a chain with `evm.enable_free_storage`. */
export const FREE_STORAGE_GAS: GasSchedule = {
  ...STANDARD_GAS,
  sload: 1200,
  sstoreSet: 1200,
  sstoreReset: 1200,
  create: 16_000,
  callValue: 0,
  callStipend: 5,
  destroyNewAccount: 5,
}

/** Refund for a slot that becomes zero. */
export const SSTORE_CLEAR_REFUND = 15_000

export const COPY_WORD = 3
export const HASH_WORD = 6
export const LOG_BYTE = 8
export const EXP_BYTE = 50

export function wordsOf(bytes: number): number {
  return Math.ceil(bytes / 32)
}

/** Price of a memory of so many words. */
export function memoryGas(words: number): number {
  return 3 * words + Math.floor((words * words) / 512)
}

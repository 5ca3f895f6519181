/**
 * Gas of native contracts (spec 03 §2.9).
 * @module
 */

/** What one operation costs. */
const PRICES = {
  EQ: 3,
  GE: 3,
  GT: 3,
  LE: 3,
  LT: 3,
  NE: 3,
  Limit: 3,
  GetInt: 3,
  GetAddr: 3,
  Set: 3,
  GetByte32: 96,
  GetByte64: 192,
  GetString: 3,
  CreateTable: 16_000,
  OpenTable: 200,
  Select: 200,
  Insert: 10_000,
  Update: 10_000,
  Remove: 2500,
  PaillierAdd: 20_000,
  GroupSigVerify: 20_000,
  RingSigVerify: 20_000,
} as const

export type Operation = keyof typeof PRICES

export type PriceList = Readonly<Record<Operation, number>>

export const STANDARD_PRICES: PriceList = PRICES

/** Of a chain whose genesis has `evm.enable_free_storage`. */
export const FREE_STORAGE_PRICES: PriceList = {
  ...PRICES,
  CreateTable: 500,
  Insert: 200,
  Update: 200,
  Remove: 200,
}

const BYTES_PER_WORD = 32
const GAS_PER_WORD = 3
const QUADRATIC_DIVISOR = 512

/** Gas of holding that many bytes. */
export function memoryGas(bytes: number): number {
  const words = Math.ceil(bytes / BYTES_PER_WORD)
  return GAS_PER_WORD * words + Math.floor((words * words) / QUADRATIC_DIVISOR)
}

/** Adds up what one call costs. */
export class GasMeter {
  readonly #prices: PriceList
  #operations = 0
  #memoryBytes = 0

  constructor(prices: PriceList) {
    this.#prices = prices
  }

  charge(operation: Operation, times = 1): void {
    this.#operations += this.#prices[operation] * times
  }

  /** Gas beside the price list, for a contract with work of its own. */
  add(gas: number): void {
    this.#operations += gas
  }

  /** The call holds at least so many bytes at once. */
  growMemory(bytes: number): void {
    if (bytes > this.#memoryBytes) this.#memoryBytes = bytes
  }

  /** Forgets the peak so far: an update is charged less than its own calldata (spec 03 §2.9). */
  setMemory(bytes: number): void {
    this.#memoryBytes = bytes
  }

  total(): number {
    return this.#operations + memoryGas(this.#memoryBytes)
  }
}

import type { Address } from './primitives.ts'

export interface LogEntry {
  readonly address: Address
  /** Each 32 bytes. */
  readonly topics: readonly Uint8Array[]
  readonly data: Uint8Array
}

/** What a transaction did (spec 01 §5). */
export interface Receipt {
  /** Root of the whole block, the same in all of its receipts. */
  readonly stateRoot: Uint8Array
  /** Gas of this transaction alone. Modulo 2^256: large refunds can wrap it below zero (spec 03 §14.4). */
  readonly gasUsed: bigint
  /** The new contract of a successful creation, else {@link ZERO_ADDRESS}. */
  readonly contractAddress: Address
  /** 256 bytes. */
  readonly logBloom: Uint8Array
  /** See `status.ts`. */
  readonly status: number
  readonly output: Uint8Array
  /** Account gas left of the sender; 0 unless gas charging is on. */
  readonly remainGas: bigint
  readonly logs: readonly LogEntry[]
}

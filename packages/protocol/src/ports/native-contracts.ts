import type { CryptoSuite } from '@bcos-ts/crypto'
import type { Address } from '../primitives.ts'
import type { StateTables } from './state-tables.ts'

/** What native contracts of one block may see. */
export interface NativeContext {
  readonly tables: StateTables
  readonly suite: CryptoSuite
  /** Hash of the parent block, 32 bytes. */
  readonly parentHash: Uint8Array
  /** The chain charges the low prices of `evm.enable_free_storage`. */
  readonly isFreeStorage: boolean
}

export interface NativeCall {
  readonly address: Address
  readonly input: Uint8Array
  /** Signer of the transaction. */
  readonly origin: Address
  /** Immediate caller. */
  readonly sender: Address
}

/**
 * `failed`: the contract refused; `output` is the text that goes into the receipt as `Error(string)`
 * with status 21 (spec 03 §2.5). What it wrote must be rolled back by the caller.
 */
export type NativeOutcome =
  | { readonly type: 'done'; readonly output: Uint8Array; readonly gas: number }
  | { readonly type: 'failed'; readonly text: string }

/** The native contracts of one block or call: fixed addresses, and table objects opened on the way. */
export interface NativeSession {
  isNative(address: Address): boolean
  /** Never throws for anything that the input can cause. */
  call(call: NativeCall): NativeOutcome
  /**
   * What a transaction to this address conflicts on: equal texts conflict. `undefined` for an unknown or
   * undeclared function: it conflicts with everything (spec 03 §14.2).
   */
  criticalFields(address: Address, input: Uint8Array): readonly string[] | undefined
  /** Opens the tables that {@link criticalFields} reads, and no more (spec 03 §14.2). */
  openConflicts(address: Address, input: Uint8Array): void
  /**
   * Whether the session has handed out an object, or was asked for one: their addresses count on from call to call,
   * so that a call that uses them depends on all calls before it.
   */
  usesObjects(): boolean
}

/** The set of native contracts a chain offers. */
export interface NativeContracts {
  open(context: NativeContext): NativeSession
}

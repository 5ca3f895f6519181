import type { ByteText } from '@bcos-ts/common'
import type { Block, BlockHeader } from '../block.ts'
import type { Address } from '../primitives.ts'
import type { StateTables } from './state-tables.ts'

/** A block after execution, with what it changed. */
export interface ExecutedBlock {
  /** Header with state root, db hash and receipts root filled in; receipts in place. */
  readonly block: Block
  /** Hash of the executed header, 32 bytes. */
  readonly hash: Uint8Array
  readonly tables: StateTables
}

/** A message call that changes nothing (spec 01 §4.6). */
export interface CallRequest {
  readonly from: Address
  /** Missing counts as the zero address. */
  readonly to: Address | undefined
  readonly value: bigint
  readonly data: Uint8Array
}

export interface CallResult {
  readonly status: number
  readonly output: Uint8Array
}

/** A block executed for inspection. */
export interface BlockTrace {
  readonly executed: ExecutedBlock
  /** By the place of the transaction: what it wrote. */
  readonly written: readonly (readonly { readonly table: string; readonly key: ByteText }[])[]
}

/**
 * Executes blocks on the committed state. Synchronous: a block runs to its end (decision D3).
 * A block whose number is not the next one throws `EXECUTOR_WRONG_PARENT`.
 */
export interface BlockExecutor {
  /**
   * The roots of the given header are ignored; comparing them is the caller's business.
   * Throws `EXECUTOR_INVALID_BLOCK` when the block as a whole cannot be executed.
   */
  execute(block: Block): ExecutedBlock
  /** Executes one transaction after the other and notes what each writes. Dearer; for reports. */
  trace?(block: Block): BlockTrace
  /** On the state after the latest block, with the environment of that block. */
  call(request: CallRequest): CallResult
}

/** What an executor reads of the chain besides its tables. */
export interface ChainHead {
  /** The latest committed header. */
  head(): BlockHeader
  /** Hash of a committed block, 32 bytes. */
  hashOf(number: number): Uint8Array | undefined
}

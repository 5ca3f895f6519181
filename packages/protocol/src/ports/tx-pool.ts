import type { Block } from '../block.ts'
import type { HashText, NodeId } from '../primitives.ts'
import type { Receipt } from '../receipt.ts'
import type { Transaction } from '../transaction.ts'

/** `status` is 0, or the code of spec 01 §4.5; `reason` is the reference's word for it. */
export interface ImportResult {
  readonly status: number
  readonly reason: string
}

/** What became of a submitted transaction. */
export type SubmissionOutcome =
  | {
      readonly type: 'mined'
      readonly transaction: Transaction
      readonly receipt: Receipt
      readonly block: Block
      readonly blockHash: Uint8Array
      readonly index: number
    }
  /** Left the pool without a block: expired, or its nonce or block limit became invalid. */
  | { readonly type: 'dropped'; readonly status: number }

/** Transactions that wait for a block (spec 01 §4.3, 04 §5). */
export interface TxPool {
  /** From a client. `onOutcome` is called at most once, and only after a successful import. */
  submit(transaction: Transaction, onOutcome?: (outcome: SubmissionOutcome) => void): ImportResult
  /** From a peer. */
  import(transaction: Transaction, from: NodeId): ImportResult
  has(hash: HashText): boolean
  get(hash: HashText): Transaction | undefined
  size(): number
  /** Waiting transactions in order of arrival, at most `limit`. */
  pending(limit?: number): readonly Transaction[]
  /**
   * The next transactions to seal, in order of arrival, without those in `except`. Drops what has expired.
   */
  fetch(limit: number, except: ReadonlySet<HashText>): readonly Transaction[]
  /** Takes the transactions of a committed block out and tells their submitters. */
  removeMined(block: Block, blockHash: Uint8Array): void
  /** Called when a transaction was added; `from` is the peer it came from, `undefined` for a client. */
  onAdded(listener: (transaction: Transaction, from: NodeId | undefined) => void): () => void
}

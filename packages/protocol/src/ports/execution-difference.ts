import type { HashText, NodeId } from '../primitives.ts'

/** One field in which the group and this node differ; `null` where a side has no such field. */
export interface DifferingField {
  readonly field: string
  readonly expected: string | null
  readonly own: string | null
}

/** A transaction of the block, by place and hash. */
export interface PlacedTransaction {
  readonly index: number
  readonly hash: HashText
}

/** A receipt that travels with the block and is not the one that execution made here. */
export interface DifferingReceipt {
  readonly transaction: PlacedTransaction
  readonly fields: readonly DifferingField[]
}

/** A row that execution here wrote, of a table that counts in the state root. Values as {@link DifferingRow} has them. */
export interface WrittenRow {
  readonly table: string
  readonly key: string
  /** Place among the written rows of its key. */
  readonly place: number
  readonly fields: Readonly<Record<string, string>>
  readonly isRemoved: boolean
  /** Places of the transactions that wrote rows of this key. */
  readonly transactions: readonly number[]
}

/**
 * The first row that differs, in the order of the transactions that wrote it here. Values are text where they are
 * printable, else `0x` and hex digits.
 */
export interface DifferingRow {
  readonly table: string
  readonly key: string
  readonly side: 'both wrote it' | 'only the group wrote it' | 'only this node wrote it'
  readonly fields: readonly DifferingField[]
  /** Transactions that wrote rows of this key here. */
  readonly transactions: readonly PlacedTransaction[]
}

/**
 * Execution of a block that a quorum has signed gives another result here: everything that can be said about it.
 * Plain values only, so that it is a JSON file and an answer of JSON-RPC as it stands.
 */
export interface ExecutionDifference {
  readonly code: 'SYNC_EXECUTION_DIFFERS'
  readonly height: number
  /** When it was found, ms since the Unix epoch. */
  readonly atMs: number
  readonly expectedHash: HashText
  readonly ownHash: HashText
  /** Who delivered the block. */
  readonly from: NodeId
  /** Roots and gas, those that are equal among them. */
  readonly header: readonly DifferingField[]
  /** The block came with the receipts that its header names. */
  readonly hasReceipts: boolean
  readonly receipt: DifferingReceipt | null
  readonly differingReceipts: number
  /** Executed a second time, one transaction after the other, the result was that of the group. */
  readonly isCausedByLanes: boolean
  readonly row: DifferingRow | null
  readonly differingRows: number
  /** One sentence: where the rows of the group come from, or why there are none. */
  readonly rows: string
  /** Hashes of the transactions of the block, by place. */
  readonly transactions: readonly HashText[]
  /** What execution wrote here, by table and key. */
  readonly written: readonly WrittenRow[]
  /** Rows beyond those in {@link written}. */
  readonly writtenLeftOut: number
  /** Where this is kept, when it is. */
  readonly file?: string
}

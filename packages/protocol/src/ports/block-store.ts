import type { Block, BlockHeader, BlockSignature } from '../block.ts'
import type { Address, HashText, NodeId } from '../primitives.ts'
import type { Receipt } from '../receipt.ts'
import type { Transaction } from '../transaction.ts'
import type { ChainHead, ExecutedBlock } from './executor.ts'

export type NodeRole = 'sealer' | 'observer' | 'free'

/** Members of a group as the rows of `_sys_consensus_` in force for the next block name them. */
export interface Membership {
  /** Ascending: the index in this list is the index of consensus. rPBFT: working and pending sealers. */
  readonly sealers: readonly NodeId[]
  /** rPBFT: the working sealers, ascending; else the same as {@link sealers}. */
  readonly workingSealers: readonly NodeId[]
  readonly observers: readonly NodeId[]
  /** Sealers in the order of the table's rows, as JSON-RPC shows them (spec 02 §14.1). */
  readonly sealersInRowOrder: readonly NodeId[]
}

export interface SystemConfigValue {
  readonly value: string
  readonly enableNumber: number
}

/** A transaction with its place. */
export interface MinedTransaction {
  readonly transaction: Transaction
  readonly blockNumber: number
  readonly blockHash: Uint8Array
  readonly index: number
}

export interface MinedReceipt extends MinedTransaction {
  readonly receipt: Receipt
  readonly sender: Address
}

export interface TransactionCount {
  readonly blockNumber: number
  readonly total: number
  readonly failed: number
}

export interface BlockCommitted {
  readonly block: Block
  readonly hash: Uint8Array
}

/**
 * The committed chain of one group. Reads are synchronous and answer from the latest commit.
 * Hashes as parameters are 64 hex digits.
 */
export interface BlockStore extends ChainHead {
  height(): number
  headHash(): Uint8Array
  genesisHash(): Uint8Array
  header(number: number): BlockHeader | undefined
  /** Signatures this node kept of a block; empty for genesis. */
  signatures(number: number): readonly BlockSignature[]
  numberOf(hash: HashText): number | undefined
  /** With transactions and receipts. */
  block(number: number): Block | undefined
  /** The block as it is stored and as it travels to a node that catches up. */
  encodedBlock(number: number): Uint8Array | undefined
  transaction(hash: HashText): MinedTransaction | undefined
  receipt(hash: HashText): MinedReceipt | undefined
  /** Nonces of the transactions of a block, as minimal big-endian bytes in hex. */
  nonces(number: number): readonly string[]
  membership(): Membership
  /** Value in force for the next block. */
  systemConfig(key: string): SystemConfigValue | undefined
  transactionCount(): TransactionCount
  codeOf(address: Address): Uint8Array
  /**
   * Makes the next block durable: one batch, resolved when it is on disk. `proof` goes with it, and takes the place of the
   * one of the block before.
   * Throws `LEDGER_NOT_NEXT_BLOCK` when number or parent do not fit; then nothing is written.
   */
  commit(
    executed: ExecutedBlock,
    signatures: readonly BlockSignature[],
    proof?: Uint8Array,
  ): Promise<void>
  /** What proves to peers of this implementation that the last block was committed, where it came with a proof. */
  commitProof(): Uint8Array | undefined
  /** Called after each commit, in block order. The returned function ends it. */
  onCommit(listener: (event: BlockCommitted) => void): () => void
}

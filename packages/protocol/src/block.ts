import type { NodeId } from './primitives.ts'
import type { Receipt } from './receipt.ts'
import type { Transaction } from './transaction.ts'

/** The 13 fields whose hash is the block hash (spec 01 §7.1). Hashes have 32 bytes. */
export interface BlockHeader {
  readonly parentHash: Uint8Array
  readonly stateRoot: Uint8Array
  readonly transactionsRoot: Uint8Array
  readonly receiptsRoot: Uint8Array
  readonly dbHash: Uint8Array
  /** 256 bytes, always zero. */
  readonly logBloom: Uint8Array
  readonly number: number
  readonly gasLimit: bigint
  readonly gasUsed: bigint
  /** Milliseconds since the Unix epoch; 2^63 - 1 in a genesis block without a timestamp, hence a bigint. */
  readonly timestamp: bigint
  /** Genesis: the genesis mark; other blocks: empty. */
  readonly extraData: readonly Uint8Array[]
  /** Index of the proposing node in {@link sealerList}. */
  readonly sealer: bigint
  /** Ascending (rPBFT: the working sealers). */
  readonly sealerList: readonly NodeId[]
}

/** A sealer's consent to a block: its signature over the block hash. */
export interface BlockSignature {
  readonly index: number
  readonly signature: Uint8Array
}

/** A block with everything it has so far: a proposal has neither receipts nor signatures. */
export interface Block {
  readonly header: BlockHeader
  readonly transactions: readonly Transaction[]
  readonly receipts: readonly Receipt[]
  readonly signatures: readonly BlockSignature[]
}

import type { Block, BlockHeader, HashText, NodeId } from '@bcos-ts/protocol'

/** P2P packet types of the PBFT module (spec 04 §2.3). 4 to 6 are of rPBFT. */
export const PbftPacketType = {
  packet: 0,
  prepareWithHashes: 1,
  requestTransactions: 2,
  transactions: 3,
  /** Mentions a prepare … */
  prepareMention: 4,
  /** … which is asked for with the same words, */
  prepareWanted: 5,
  /** and sent as a packet with a whole block. */
  wantedPrepare: 6,
} as const

/** What an envelope carries (spec 04 §6.2). A peer drops ids that it does not know. */
export const PacketId = {
  prepare: 0,
  sign: 1,
  commit: 2,
  viewChange: 3,
  /** Only between nodes of this implementation, see {@link LockProof}. */
  lockProof: 32,
} as const

export type VoteKind = 'sign' | 'commit'

/** The outer form of every PBFT packet (spec 04 §6.2). */
export interface Envelope {
  readonly packetId: number
  /** How often the packet may still be passed on, 0 to 127. */
  readonly ttl: number
  /** The proposal inside has no transactions. Unsigned: a hint, never a fact. */
  readonly isEmptyBlock: boolean
  readonly data: Uint8Array
  /** Sealers that the sender cannot reach; `undefined` in the plain form. */
  readonly forward: readonly NodeId[] | undefined
}

/** The signed record of all four messages (spec 04 §6.3). */
export interface SignedBody {
  /** Prepare and votes: the height being agreed on. View change: the height that is committed. */
  readonly height: number
  readonly view: number
  /** Position of the signer in the sealer list. */
  readonly index: number
  /** Milliseconds, or a bound timestamp, see `bond.ts`. */
  readonly timestamp: bigint
  /** Prepare: proposal hash. Votes: hash of the executed header. View change: hash of the committed block. */
  readonly hash: HashText
  /** Over {@link hash}. */
  readonly signature: Uint8Array
  /** Over height, view, index and timestamp. */
  readonly signature2: Uint8Array
}

export interface PrepareBody extends SignedBody {
  readonly block: Uint8Array
}

/** What a proposal says before it is executed. `hash` is the hash of the unexecuted header. */
export interface Proposal {
  readonly hash: HashText
  readonly header: BlockHeader
  /** Of the transactions, in order. */
  readonly transactionHashes: readonly HashText[]
  /** `undefined` while transactions are missing. */
  readonly block: Block | undefined
}

/** A transaction wanted from a peer (spec 04 §6.6). */
export interface MissingTransaction {
  readonly hash: HashText
  readonly position: number
}

export interface TransactionsRequest {
  readonly height: number
  readonly hash: HashText
  readonly missing: readonly MissingTransaction[]
}

export interface TransactionsAnswer {
  readonly height: number
  readonly hash: HashText
  /** Raw transactions in the order of the request. */
  readonly transactions: readonly Uint8Array[]
}

/**
 * Evidence that a quorum signed one proposal in one view. Whoever holds a lock of a lower view may
 * change to this one: the lower one cannot have been committed (README, "Locks that can be proven").
 */
export interface LockProof {
  readonly height: number
  readonly view: number
  readonly executedHash: HashText
  /** The whole proposal, as a block without receipts and signatures. */
  readonly block: Uint8Array
  readonly signs: readonly SignedBody[]
}

import type { HashText } from '@bcos-ts/protocol'

/** First item of every Raft packet (spec 04 §8.2). */
export const RaftMessageType = {
  voteRequest: 0,
  voteResponse: 1,
  heartbeat: 2,
  heartbeatResponse: 3,
} as const

/** What a voter says (spec 04 §8.2). */
export const VoteFlag = {
  rejected: 0,
  leaderKnown: 1,
  lastTermError: 2,
  outdated: 3,
  /** Would vote for it: an answer that binds nobody. */
  firstVote: 4,
  /** Has voted for another in this term. */
  discarded: 5,
  granted: 6,
} as const

/** What stands at the beginning of every message. */
export interface Common {
  /** Of the sender, in the list of sealers. */
  readonly index: number
  readonly term: number
  /** Of the sender's last committed block. */
  readonly height: number
  readonly blockHash: HashText
}

export interface VoteRequest extends Common {
  readonly type: 'voteRequest'
  readonly candidate: number
  readonly lastLeaderTerm: number
  /** The height, and one more when an uncommitted block is kept. */
  readonly lastBlockNumber: number
  /** Term in which the uncommitted block was accepted; 0 without one. An item that the reference does not read. */
  readonly acceptedTerm: number
  /** Asks who would vote, and binds nobody. An item that the reference does not read. */
  readonly isTrial: boolean
}

export interface VoteResponse extends Common {
  readonly type: 'voteResponse'
  readonly flag: number
  readonly lastLeaderTerm: number
}

export interface Heartbeat extends Common {
  readonly type: 'heartbeat'
  readonly leader: number
  /** The whole block that waits for a majority; empty without one. */
  readonly block: Uint8Array
  readonly blockNumber: number
}

export interface HeartbeatResponse extends Common {
  readonly type: 'heartbeatResponse'
  /** Hash of the block that was accepted in this term; zero without one. */
  readonly acceptedHash: HashText
}

export type RaftMessage = VoteRequest | VoteResponse | Heartbeat | HeartbeatResponse

/** Of no block. */
export const NO_HASH: HashText = '00'.repeat(32)

/**
 * What a Raft node knows, what can happen to it, and what it then wants done. Values only. See `step.ts`.
 * @module
 */
import type { HashText } from '@bcos-ts/protocol'
import type { Committee } from '../committee.ts'
import type { CompleteProposal } from '../pbft/proposal.ts'
import type { Head } from '../pbft/state.ts'
import type { Heartbeat, HeartbeatResponse, VoteRequest, VoteResponse } from './messages.ts'

/** The one uncommitted block: that of the next height. */
export interface Entry {
  /** In which it was accepted; a new leader accepts it anew. */
  readonly term: number
  readonly proposal: CompleteProposal
}

/** What must be on disk before a vote or an acceptance leaves. */
export interface DurableRaft {
  readonly term: number
  /** For whom this node voted in the term. */
  readonly votedFor: number | undefined
  readonly entry: Entry | undefined
}

/** `trial`: asks whether it would be elected, before it takes a term for it. */
export type RaftRole = 'follower' | 'trial' | 'candidate' | 'leader'

/** A member as its leader last heard of it. */
interface Member {
  readonly height: number
  readonly blockHash: HashText
  readonly heardAtMs: number
}

export interface RaftState extends DurableRaft {
  readonly committee: Committee
  readonly quorum: number
  readonly head: Head
  readonly role: RaftRole
  readonly leader: number | undefined
  /** When the leader was last heard. */
  readonly leaderAtMs: number
  readonly lastLeaderTerm: number
  /** When patience ends; of a leader, when it has to have heard a majority. */
  readonly deadlineMs: number
  readonly heartbeatAtMs: number
  /** Who has answered yes: to the trial, or with a vote. */
  readonly supporters: ReadonlySet<number>
  readonly members: ReadonlyMap<number, Member>
  /** Who has accepted the entry in this term. */
  readonly accepted: ReadonlySet<number>
  /** A commit is under way. */
  readonly isCommitting: boolean
  /** Hash of the block that the kept entry turned out not to become. */
  readonly mismatch: HashText | undefined
  /** Time of the last block. */
  readonly lastConsensusMs: number
}

/** Time, and a number in [0, 1) that nobody can foresee. */
export interface Chance {
  readonly nowMs: number
  readonly chance: number
}

export interface HeartbeatEvent extends Chance {
  readonly type: 'heartbeat'
  readonly from: number
  readonly message: Heartbeat
  /** The block in it, read and checked. */
  readonly proposal: CompleteProposal | undefined
}

export type RaftEvent =
  | (Chance & { readonly type: 'timer' })
  | (Chance & {
      readonly type: 'voteRequest'
      readonly from: number
      readonly message: VoteRequest
    })
  | (Chance & {
      readonly type: 'voteResponse'
      readonly from: number
      readonly message: VoteResponse
    })
  | HeartbeatEvent
  | (Chance & {
      readonly type: 'heartbeatResponse'
      readonly from: number
      readonly message: HeartbeatResponse
    })
  /** This node has sealed a block. */
  | (Chance & {
      readonly type: 'sealed'
      readonly term: number
      readonly proposal: CompleteProposal
    })
  /** A block was committed, by this engine or by synchronisation. */
  | (Chance & { readonly type: 'head'; readonly head: Head; readonly committee: Committee })
  /** The kept block, executed, is not what the leader has committed. */
  | (Chance & { readonly type: 'mismatched'; readonly hash: HashText })

/** To be carried out in order: `persist` stands before what it covers, and must be durable before that leaves. */
export type RaftEffect =
  | { readonly type: 'persist'; readonly record: DurableRaft }
  | { readonly type: 'broadcast'; readonly message: VoteRequest }
  | {
      readonly type: 'sendHeartbeat'
      readonly message: Heartbeat
      readonly entry: Entry | undefined
    }
  | {
      readonly type: 'answer'
      readonly to: number
      readonly message: VoteResponse | HeartbeatResponse
    }
  /** `expected`: hash of the executed block, where the leader has told it. */
  | {
      readonly type: 'commit'
      readonly proposal: CompleteProposal
      readonly expected: HashText | undefined
    }

export interface RaftTransition {
  readonly state: RaftState
  readonly effects: readonly RaftEffect[]
}

/**
 * What a PBFT node knows, what can happen to it, and what it then wants done.
 * Values only: no clock, no socket, no key. See `step.ts` for the rules.
 * @module
 */
import type { HashText, NodeId } from '@bcos-ts/protocol'
import type { Committee } from '../committee.ts'
import type { Bond } from './bond.ts'
import type { Proposal, SignedBody, VoteKind } from './messages.ts'
import type { CompleteProposal } from './proposal.ts'

/** The last committed block. */
export interface Head {
  readonly number: number
  readonly hash: HashText
}

/** A prepare whose signatures, header hash and transactions root have been checked. */
export interface Prepare {
  readonly height: number
  readonly view: number
  readonly index: number
  /** Node id behind the index when it was checked: indices move when the committee changes. */
  readonly signer: NodeId
  readonly proposal: Proposal
}

/** A vote whose signatures have been checked. */
export interface Vote extends SignedBody {
  /** What the signer bound it to; `undefined` from a node of the reference. */
  readonly bond: Bond | undefined
}

export interface ViewChange {
  readonly height: number
  readonly view: number
  readonly hash: HashText
}

/** What execution made of a proposal, with this node's sign vote for it, ready to be sent. */
export interface Execution {
  readonly hash: HashText
  readonly sign: Vote
  readonly bonds: Readonly<Record<VoteKind, Bond>>
}

/** The proposal of the current view, from its arrival to its commit (spec 04 §6.5). */
export interface Round {
  readonly view: number
  /** Who proposed it in this view. */
  readonly index: number
  readonly proposal: Proposal
  readonly stage: 'fetching' | 'executing' | 'executed' | 'failed' | 'committing'
  readonly execution: Execution | undefined
  readonly isCommitSent: boolean
  readonly arrivedAtMs: number
  readonly executedAtMs: number
  /** How often missing transactions were asked for, and when last. */
  readonly requests: number
  readonly requestedAtMs: number
}

/**
 * The proposal a quorum signed. This node signs no other at this height, until evidence shows that a
 * quorum signed another in a later view.
 */
export interface Lock {
  readonly view: number
  readonly proposal: CompleteProposal
  readonly executedHash: HashText
  readonly signs: readonly Vote[]
  /** All signs are bound to this proposal, so that the lock can convince others. */
  readonly isProvable: boolean
}

/** What must be on disk before a vote leaves: promises about one height. */
export interface DurableVotes {
  readonly height: number
  /** The highest view in which this node signed. */
  readonly view: number
  /** The proposal it signed there; it signs no other in that view. `undefined`: none yet. */
  readonly signed: HashText | undefined
  readonly lock: Lock | undefined
}

/** Votes for one height: for each kind the latest of each sealer. */
export type HeightVotes = Readonly<Record<VoteKind, ReadonlyMap<number, Vote>>>

export interface PbftState {
  readonly committee: Committee
  readonly head: Head
  /** `consensus_timeout` of the system configuration. */
  readonly consensusTimeoutMs: number
  readonly view: number
  /** The view this node asks for; equal to {@link view} while it asks for none. */
  readonly toView: number
  readonly isLeaderFailed: boolean
  /** Timeouts in a row; each makes the next one longer. */
  readonly changeCycle: number
  /** Time of the last commit, view change or timeout. */
  readonly lastConsensusMs: number
  readonly lastQuorumMs: number
  readonly round: Round | undefined
  readonly lock: Lock | undefined
  readonly voted: { readonly view: number; readonly hash: HashText } | undefined
  readonly votes: ReadonlyMap<number, HeightVotes>
  /** Newest view change of each sealer, this one included. */
  readonly viewChanges: ReadonlyMap<number, ViewChange>
  /** Prepares that cannot be judged yet. */
  readonly future: readonly Prepare[]
  /** View in which each sealer was last heard. */
  readonly peerViews: ReadonlyMap<number, number>
  /** When each sealer was last heard, to half a second; also through others. */
  readonly heardAtMs: ReadonlyMap<number, number>
  /** Sessions with the other sealers; none of a sealer that the driver has said nothing about. */
  readonly links: ReadonlyMap<number, Link>
  /** When each sealer was last told where we are. */
  readonly toldAtMs: ReadonlyMap<number, number>
  /** When all sealers were last told again. */
  readonly repeatedAtMs: number
}

/** Whether there is a session with a sealer, and since when it is so. */
export interface Link {
  readonly isUp: boolean
  readonly sinceMs: number
}

interface Timed {
  readonly nowMs: number
}

/** Blocks up to here are left to synchronisation; -1 when it is idle (spec 04 §6.5 step 1). */
interface Deferring {
  readonly deferUpTo: number
}

interface PrepareEvent extends Timed, Deferring {
  readonly type: 'prepare'
  readonly prepare: Prepare
}

export interface VoteEvent extends Timed, Deferring {
  readonly type: 'vote'
  readonly kind: VoteKind
  readonly vote: Vote
}

export interface ViewChangeEvent extends Timed {
  readonly type: 'viewChange'
  readonly index: number
  readonly change: ViewChange
  /** Sealer whose session it came through; differs from `index` when it was passed on. */
  readonly from: number
}

export interface LockProofEvent extends Timed {
  readonly type: 'lockProof'
  readonly lock: Lock
  readonly from: number
}

/** This node has sealed a block. */
export interface ProposedEvent extends Timed {
  readonly type: 'proposed'
  readonly view: number
  readonly proposal: CompleteProposal
}

/** The missing transactions of the current proposal are there. */
export interface FilledEvent extends Timed {
  readonly type: 'filled'
  readonly proposal: CompleteProposal
}

export interface ExecutedEvent extends Timed {
  readonly type: 'executed'
  readonly proposalHash: HashText
  readonly view: number
  /** `undefined` when the block cannot be executed. */
  readonly execution: Execution | undefined
}

/** A block was committed, by consensus or by synchronisation. */
export interface HeadEvent extends Timed {
  readonly type: 'head'
  readonly head: Head
  readonly committee: Committee
  readonly consensusTimeoutMs: number
}

/** Sessions have come or gone: `connected` are all sealers that have one now. */
export interface PeersEvent extends Timed {
  readonly type: 'peers'
  readonly connected: readonly number[]
}

interface TimerEvent extends Timed {
  readonly type: 'timer'
}

export type PbftEvent =
  | PrepareEvent
  | VoteEvent
  | ViewChangeEvent
  | LockProofEvent
  | ProposedEvent
  | FilledEvent
  | ExecutedEvent
  | HeadEvent
  | PeersEvent
  | TimerEvent

/**
 * What a step wants done, to be carried out in order. The order is a promise: `persist` stands before the
 * votes that it covers, and must be durable before they leave.
 */
export type PbftEffect =
  | {
      readonly type: 'propose'
      readonly height: number
      readonly view: number
      readonly proposal: CompleteProposal
      /** A locked proposal is proposed again in full, with a new leader's signatures. */
      readonly isAgain: boolean
      /** `undefined`: everybody. */
      readonly to: number | undefined
    }
  | {
      readonly type: 'execute'
      readonly height: number
      readonly view: number
      readonly proposal: CompleteProposal
    }
  | {
      readonly type: 'requestTransactions'
      readonly to: number
      readonly height: number
      readonly hash: HashText
    }
  | { readonly type: 'persist'; readonly votes: DurableVotes }
  | {
      readonly type: 'sendSign'
      readonly vote: Vote
      /** Said before: what stands behind it is on disk already. */
      readonly isAgain: boolean
      /** `undefined`: everybody. */
      readonly to: number | undefined
    }
  | {
      readonly type: 'sendCommit'
      readonly isAgain: boolean
      readonly to: number | undefined
      readonly height: number
      readonly view: number
      readonly executedHash: HashText
      readonly bond: Bond
      readonly signature: Uint8Array
    }
  | {
      readonly type: 'sendViewChange'
      readonly change: ViewChange
      readonly to: number | undefined
    }
  | {
      readonly type: 'sendLockProof'
      readonly to: number
      readonly height: number
      readonly lock: Lock
    }
  | {
      readonly type: 'commit'
      readonly height: number
      readonly proposal: CompleteProposal
      readonly executedHash: HashText
      /** Of a quorum, ascending by index. */
      readonly commits: readonly Vote[]
    }
  /** A real timeout, not the change of leaders in an idle group. */
  | {
      readonly type: 'timedOut'
      readonly view: number
      readonly toView: number
      readonly txCount: number | undefined
    }

export interface Transition {
  readonly state: PbftState
  readonly effects: readonly PbftEffect[]
}

/** The height being agreed on. */
export function consensusHeight(state: PbftState): number {
  return state.head.number + 1
}

export function isEmpty(proposal: Proposal): boolean {
  return proposal.transactionHashes.length === 0
}

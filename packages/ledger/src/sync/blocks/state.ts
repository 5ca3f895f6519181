/**
 * What a node knows while it keeps up with the chain of its group: the state of the `step` beside this file.
 * @module
 */
import { assert } from '@bcos-ts/common'
import type { HashText, NodeId } from '@bcos-ts/protocol'
import type { GroupView, Moment } from '../group-view.ts'
import type { NodeStatus } from '../packet.ts'

/** Blocks of one request at most, and of the first one (spec 04 §4.5). */
export const SHARD_BLOCKS_MAX = 32
const SHARD_BLOCKS_FIRST = 8
/** Requests under way at once, to as many peers. */
export const SHARDS_MAX = 4
/** How far ahead of the chain blocks are fetched. */
export const QUEUE_BLOCKS_MAX = 256
/** Requests whose answer is late but still welcome. */
export const LAPSED_MAX = 16
/** Peers outside the group that are heard because they claim more blocks than this node has. */
export const OUTSIDERS_MAX = 256
/** Different blocks of one height that are executed; more of them only a group of liars can bring. */
export const DIFFERING_MAX = 8

/** Behind by more than this, a node takes no part in consensus (spec 04 §4.5). */
export const FAR_BEHIND_BLOCKS = 20

/** What the operator decides; the defaults are those of the reference. */
export interface BlockSyncOptions {
  /** Status goes along the tree, with random gossip beside it; else to all peers. PBFT and rPBFT only. */
  readonly isStatusByTree: boolean
  readonly gossipIntervalMs: number
  readonly gossipPeers: number
  /** Bytes of blocks that wait to be executed. */
  readonly queueBytesMax: number
  /**
   * How long a block waits of which it is not certain that anybody has committed it, ms. `Infinity` where all members are
   * of this implementation: whoever has committed a block can prove it then.
   */
  readonly undecidedWaitMs: number
}

export const BLOCK_SYNC_DEFAULTS: BlockSyncOptions = {
  isStatusByTree: true,
  gossipIntervalMs: 1000,
  gossipPeers: 3,
  queueBytesMax: 134_217_728,
  undecidedWaitMs: 20_000,
}

/** A block of a chain. */
export interface ChainPoint {
  readonly number: number
  readonly hash: HashText
}

/** What a peer has said of itself, and whether its blocks have borne it out. */
export interface PeerState {
  readonly latest: ChainPoint
  /** Its height when it was first heard in this session: consensus does not bring those blocks again. */
  readonly arrivedWith: number | undefined
  /** Since this node is behind, a block of this peer has been committed. */
  readonly isProven: boolean
}

/** Why and until when a peer is left alone. Outlives its connection. */
export interface Distrust {
  /** Requests in a row that it has not answered. */
  readonly silences: number
  /** Blocks it should not have sent. */
  readonly lies: number
  readonly untilMs: number
}

/** A request for blocks `first` to `last` under way. */
export interface Shard {
  readonly peer: NodeId
  readonly first: number
  readonly last: number
  readonly deadlineMs: number
  /** The peer has sent some of these blocks. */
  readonly isAnswered: boolean
}

/** A block as it came from a peer; nothing but the number and the hash of its header has been read. */
export interface BlockCandidate extends ChainPoint {
  readonly bytes: Uint8Array
  readonly from: NodeId
}

/** What speaks for the next block of the chain when it is applied. */
export interface Knowledge {
  /** Its hash, as peers have shown or named it. */
  readonly claims: ReadonlyMap<NodeId, HashText>
  /** What came as the block after it. */
  readonly next: BlockCandidate | undefined
  /** Of a peer of this implementation, that it was committed. */
  readonly proof: Uint8Array | undefined
}

/** The next block is signed by a quorum, but it is not certain that anybody has committed it. See `undecided.ts`. */
export interface Undecided {
  readonly hash: HashText
  readonly sinceMs: number
  /** What was known when it was applied last: more must be known before it is applied again. */
  readonly tried: Knowledge
  /** When proofs were asked for. */
  readonly askedAtMs: number
}

/** A block that is being executed and committed, and why it may be. */
export interface Applying {
  readonly candidate: BlockCandidate
  readonly knowledge: Knowledge
}

/** The next block has failed here, though its signatures are good: it is not tried again before `untilMs`. */
interface Obstacle {
  readonly number: number
  readonly times: number
  readonly untilMs: number
}

/**
 * The next block is signed by a quorum, and gives another result here. Nothing is executed again until a peer delivers
 * another block of this height.
 */
export interface Halt {
  readonly number: number
  /** Hashes of blocks that gave another result here, the first one found first; none of them is executed again. */
  readonly hashes: readonly HashText[]
  /** Peers that have delivered one of them, or could not be asked: they are not asked again. */
  readonly heard: ReadonlySet<NodeId>
  readonly remindAtMs: number
}

export interface BlockSyncState {
  readonly options: BlockSyncOptions
  readonly genesisHash: HashText
  readonly view: GroupView
  readonly head: ChainPoint
  readonly peers: ReadonlyMap<NodeId, PeerState>
  readonly distrust: ReadonlyMap<NodeId, Distrust>
  /**
   * Nodes that a block has put out of the group, with that block. They are told of it and may fetch it: a node that
   * never saw it would think itself a member for ever, of a chain that stands still.
   */
  readonly farewells: ReadonlyMap<NodeId, ChainPoint>
  readonly shards: readonly Shard[]
  readonly lapsed: readonly Shard[]
  readonly queue: ReadonlyMap<number, BlockCandidate>
  readonly queueBytes: number
  /** Blocks of the next request. */
  readonly shardBlocks: number
  /** Bytes of a block, as lately seen; 0 before the first. */
  readonly averageBytes: number
  readonly applying: Applying | undefined
  /** What peers have shown or named as the block after the head. */
  readonly claims: ReadonlyMap<NodeId, HashText>
  /** What peers have sent as proof of what they claim. */
  readonly proofs: ReadonlyMap<NodeId, Uint8Array>
  readonly undecided: Undecided | undefined
  readonly obstacle: Obstacle | undefined
  readonly halt: Halt | undefined
  readonly isDownloading: boolean
  /** Since when some peer has had more blocks than this node, without one added here. */
  readonly behindSinceMs: number | undefined
  readonly isStatusDue: boolean
  readonly lastStatusMs: number
  readonly lastGossipMs: number
}

/** How an attempt to add a block to the chain has ended. */
export type ImportOutcome =
  | { readonly type: 'committed' }
  /** The chain has it already, from consensus. */
  | { readonly type: 'stale' }
  /** Its signatures are good, but another block of this height may have been committed. */
  | { readonly type: 'undecided' }
  /** No node that follows the rules sends such a block. */
  | { readonly type: 'refused'; readonly reason: string }
  /** Its signatures are good, but it could not be executed or stored here. */
  | { readonly type: 'failed'; readonly reason: string }
  /** Its signatures are good, but executing it gives another result here. */
  | { readonly type: 'differs'; readonly hash: HashText; readonly reason: string }

export type BlockSyncEvent = { readonly moment: Moment } & (
  | { readonly type: 'tick' }
  | { readonly type: 'view'; readonly view: GroupView }
  | { readonly type: 'status'; readonly from: NodeId; readonly status: NodeStatus }
  | { readonly type: 'blocks'; readonly from: NodeId; readonly blocks: readonly BlockCandidate[] }
  /** A packet of blocks, or a block in it, cannot be read. */
  | { readonly type: 'malformed'; readonly from: NodeId; readonly reason: string }
  /** What a peer sends as proof that it has committed this block; nobody has looked at it. */
  | {
      readonly type: 'proof'
      readonly from: NodeId
      readonly hash: HashText
      readonly proof: Uint8Array
    }
  | { readonly type: 'committed'; readonly head: ChainPoint }
  | {
      readonly type: 'applied'
      readonly number: number
      readonly from: NodeId
      readonly outcome: ImportOutcome
    }
)

export type BlockSyncEffect =
  /** Of the latest block, or of another one. */
  | { readonly type: 'sendStatus'; readonly to: readonly NodeId[]; readonly of?: ChainPoint }
  | {
      readonly type: 'requestBlocks'
      readonly to: NodeId
      readonly from: number
      readonly count: number
    }
  /** Check, execute and commit; an `applied` event follows. One at a time. */
  | {
      readonly type: 'apply'
      readonly candidate: BlockCandidate
      readonly knowledge: Knowledge
      /** It has waited for certainty as long as it may. */
      readonly isOverdue: boolean
    }
  /** Those of them that understand: whether they can prove that this block was committed. */
  | { readonly type: 'requestProof'; readonly to: readonly NodeId[]; readonly hash: HashText }
  | { readonly type: 'report'; readonly report: SyncReport }

/** What an operator should read. */
export type SyncReport =
  | { readonly type: 'started'; readonly head: ChainPoint; readonly known: ChainPoint }
  | { readonly type: 'finished'; readonly head: ChainPoint }
  /** A peer at the same height names another block: the chains differ. */
  | {
      readonly type: 'otherHead'
      readonly peer: NodeId
      readonly own: ChainPoint
      readonly theirs: HashText
    }
  | { readonly type: 'otherGenesis'; readonly peer: NodeId; readonly theirs: HashText }
  | {
      readonly type: 'avoided'
      readonly peer: NodeId
      readonly reason: string
      readonly isLie: boolean
      readonly forMs: number
    }
  | {
      readonly type: 'obstacle'
      readonly number: number
      readonly reason: string
      readonly forMs: number
    }
  /** A block waits for certainty, or has waited for it in vain. */
  | {
      readonly type: 'undecided'
      readonly point: ChainPoint
      readonly peer: NodeId
      readonly isOverdue: boolean
    }
  /** The group stands still on this node: first told, told again. */
  | {
      readonly type: 'halted'
      readonly number: number
      readonly hash: HashText
      readonly reason: string | undefined
    }
  /** A block that passes has come after all. */
  | { readonly type: 'resumed'; readonly number: number }

export interface BlockSyncTransition {
  readonly state: BlockSyncState
  readonly effects: readonly BlockSyncEffect[]
}

export interface BlockSyncStart {
  readonly options: BlockSyncOptions
  readonly genesisHash: HashText
  readonly head: ChainPoint
  readonly self: NodeId
}

/** Before anything has been heard: the first event should be a `view`. */
export function startBlockSync({
  options,
  genesisHash,
  head,
  self,
}: BlockSyncStart): BlockSyncState {
  return {
    options,
    genesisHash,
    view: { self, consensusNodes: [], sealers: [], members: [], connected: new Set() },
    head,
    peers: new Map(),
    distrust: new Map(),
    farewells: new Map(),
    shards: [],
    lapsed: [],
    queue: new Map(),
    queueBytes: 0,
    shardBlocks: SHARD_BLOCKS_FIRST,
    averageBytes: 0,
    applying: undefined,
    claims: new Map(),
    proofs: new Map(),
    undecided: undefined,
    obstacle: undefined,
    halt: undefined,
    isDownloading: false,
    behindSinceMs: undefined,
    isStatusDue: false,
    lastStatusMs: Number.NEGATIVE_INFINITY,
    lastGossipMs: Number.NEGATIVE_INFINITY,
  }
}

/** What holds after every step. Called by the driver and by tests. */
export function assertBlockSync(state: BlockSyncState): void {
  const { queue, queueBytes, head, shards, lapsed, peers, farewells } = state
  assert(queue.size <= QUEUE_BLOCKS_MAX, 'the queue of blocks is bounded')
  let bytes = 0
  for (const {
    number,
    bytes: { length },
  } of queue.values()) {
    assert(number > head.number, 'only blocks beyond the head wait')
    bytes += length
  }
  assert(bytes === queueBytes, 'the bytes of waiting blocks are counted')
  assert(
    state.halt === undefined || (state.halt.number === head.number + 1 && shards.length <= 1),
    'a node that stands still asks for the next block only, one peer at a time',
  )
  assert(farewells.size <= OUTSIDERS_MAX, 'farewells are bounded')
  assert(shards.length <= SHARDS_MAX && lapsed.length <= LAPSED_MAX, 'requests are bounded')
  const asked = new Set(shards.map(({ peer }) => peer))
  assert(asked.size === shards.length, 'a peer is asked for one range at a time')
  for (const peer of asked) assert(peers.has(peer), 'only peers are asked')
}

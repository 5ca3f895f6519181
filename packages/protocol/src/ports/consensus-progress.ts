import type { HashText, NodeId } from '../primitives.ts'

/** How far one sealer has come with the block at hand, as this node knows it. */
export interface SealerProgress {
  readonly nodeId: NodeId
  readonly isSelf: boolean
  /** A session exists with this node; always true of itself. */
  readonly isConnected: boolean
  /** For how long the session has been there, or gone, ms; `undefined` when it never was looked at. */
  readonly linkForMs: number | undefined
  /** When it was last heard, also through others, ms ago, to half a second. */
  readonly heardAgoMs: number | undefined
  /** Its votes for the block of the current view are here. */
  readonly hasSigned: boolean
  readonly hasCommitted: boolean
  /** View that it was last heard in, and the one that it asks for. */
  readonly view: number | undefined
  readonly asksForView: number | undefined
}

/** What keeps a group of PBFT from its next block, seen from one node. */
export interface ConsensusProgress {
  /** Height being agreed on. */
  readonly height: number
  readonly view: number
  readonly toView: number
  /** Of the current view. */
  readonly leader: NodeId | undefined
  readonly quorum: number
  readonly stage:
    | 'no sealer'
    | 'no proposal'
    | 'fetching transactions'
    | 'executing'
    | 'not executable'
    | 'collecting signs'
    | 'collecting commits'
    | 'writing the block'
    | 'changing the view'
  /** One sentence: what is missing for the next block. */
  readonly missing: string
  /** The proposal that this node is bound to. */
  readonly lock: { readonly view: number; readonly hash: HashText } | undefined
  /** Of the proposal of the current view. */
  readonly proposal: HashText | undefined
  /** When this node loses patience with the view, ms from now. */
  readonly patienceMs: number | undefined
  readonly sealers: readonly SealerProgress[]
}

/**
 * What a node does whose result of a block is not that of the group: it stands still. Every peer is asked once for its
 * block of that height, in case one has another; none is executed twice (spec 04 §4.7 would execute it for ever).
 * @module
 */
import type { HashText, NodeId } from '@bcos-ts/protocol'
import type { Moment } from '../group-view.ts'
import { deadline } from './download.ts'
import {
  type BlockSyncEffect,
  type BlockSyncState,
  type BlockSyncTransition,
  type ChainPoint,
  DIFFERING_MAX,
  type Halt,
  OUTSIDERS_MAX,
} from './state.ts'
import { sources } from './trust.ts'

const REMIND_MS = 1_800_000

export function onDiffers(
  state: BlockSyncState,
  found: {
    readonly number: number
    readonly from: NodeId
    readonly hash: HashText
    readonly reason: string
    readonly moment: Moment
  },
): BlockSyncTransition {
  const { number, from, hash, reason, moment } = found
  // Consensus, or the block of another peer, was faster.
  if (number !== state.head.number + 1) return { state, effects: [] }
  if (state.halt === undefined) {
    const remindAtMs = moment.nowMs + REMIND_MS
    const halt = { number, hashes: [hash], heard: new Set([from]), remindAtMs }
    return { state: standing(state, halt), effects: [haltReport(number, hash, reason)] }
  }
  const { hashes } = state.halt
  const heard = withHeard(state.halt, from)
  if (hashes.includes(hash)) {
    return { state: { ...state, halt: { ...state.halt, heard } }, effects: [] }
  }
  const halt = { ...state.halt, heard, hashes: [...hashes, hash].slice(0, DIFFERING_MAX) }
  return { state: { ...state, halt }, effects: [haltReport(number, hash, reason)] }
}

/** What was fetched beyond the block is of no use. */
function standing(state: BlockSyncState, halt: Halt): BlockSyncState {
  return {
    ...state,
    halt,
    queue: new Map(),
    queueBytes: 0,
    shards: [],
    lapsed: [],
    isDownloading: true,
  }
}

function withHeard(halt: Halt, from: NodeId): ReadonlySet<NodeId> {
  const heard = new Set(halt.heard).add(from)
  for (const oldest of heard) {
    if (heard.size <= OUTSIDERS_MAX) break
    heard.delete(oldest)
  }
  return heard
}

/** Now and then an operator is reminded. */
export function remind(state: BlockSyncState, { nowMs }: Moment): BlockSyncTransition {
  const { halt } = state
  if (halt === undefined || nowMs < halt.remindAtMs) return { state, effects: [] }
  const [hash = ''] = halt.hashes
  return {
    state: { ...state, halt: { ...halt, remindAtMs: nowMs + REMIND_MS } },
    effects: [haltReport(halt.number, hash)],
  }
}

/** Asks one peer that has not shown its block of this height. */
export function requestOther(state: BlockSyncState, moment: Moment): BlockSyncTransition {
  const { halt, shards, applying, queue } = state
  const isBusy = shards.length > 0 || applying !== undefined
  if (halt === undefined || isBusy || queue.has(halt.number)) return { state, effects: [] }
  const { number } = halt
  const source = sources(state, moment.nowMs).find(({ peer }) => !halt.heard.has(peer))
  if (source === undefined) return { state, effects: [] }
  const { peer } = source
  const range = { first: number, last: number }
  const shard = { peer, ...range, deadlineMs: deadline(range, moment), isAnswered: false }
  return {
    state: { ...state, shards: [shard] },
    effects: [{ type: 'requestBlocks', to: peer, from: number, count: 1 }],
  }
}

/** What is told when the chain has grown past the block. */
export function resumed({ halt }: BlockSyncState, head: ChainPoint): readonly BlockSyncEffect[] {
  if (halt === undefined || head.number < halt.number) return []
  return [{ type: 'report', report: { type: 'resumed', number: halt.number } }]
}

function haltReport(number: number, hash: HashText, reason?: string): BlockSyncEffect {
  return { type: 'report', report: { type: 'halted', number, hash, reason } }
}

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
  const { halt } = state
  // Consensus, or the block of another peer, was faster.
  if (number !== state.head.number + 1) return { state, effects: [] }
  const isNew = halt?.hashes.includes(hash) !== true
  const hashes = isNew ? [...(halt?.hashes ?? []), hash].slice(0, DIFFERING_MAX) : halt.hashes
  const heard = new Set(halt?.heard).add(from)
  for (const oldest of heard) {
    if (heard.size <= OUTSIDERS_MAX) break
    heard.delete(oldest)
  }
  const remindAtMs = halt?.remindAtMs ?? moment.nowMs + REMIND_MS
  const waiting = state.queue.get(number)
  return {
    state: {
      ...state,
      halt: { number, hashes, heard, remindAtMs },
      queue: new Map(waiting === undefined ? [] : [[number, waiting]]),
      queueBytes: waiting?.bytes.length ?? 0,
      shards: halt === undefined ? [] : state.shards,
      lapsed: halt === undefined ? [] : state.lapsed,
      isDownloading: true,
    },
    effects: isNew ? [haltReport(number, hash, reason)] : [],
  }
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

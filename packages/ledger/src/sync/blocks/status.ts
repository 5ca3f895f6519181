/**
 * When and whom this node tells of its latest block (spec 04 §4.4).
 * @module
 */
import type { NodeId } from '@bcos-ts/protocol'
import { isMember, type Moment, shuffled } from '../group-view.ts'
import { statusTargets } from '../tree.ts'
import { farewellTo } from './farewell.ts'
import type { BlockSyncEffect, BlockSyncState, BlockSyncTransition } from './state.ts'

const STATUS_INTERVAL_MS = 5000
/** While blocks are downloaded one after the other, not each of them is announced. */
const STATUS_WHILE_DOWNLOADING_MS = 200

/** Tells the peers of a new block, or that nothing is new; a node outside the group says nothing. */
export function announce(state: BlockSyncState, moment: Moment): BlockSyncTransition {
  if (!isMember(state.view)) return { state, effects: [] }
  const effects: BlockSyncEffect[] = []
  let next = state
  if (isTimeForStatus(state, moment)) {
    effects.push(...statusTo(regularTargets(state)))
    if (moment.nowMs - state.lastStatusMs >= STATUS_INTERVAL_MS) effects.push(...farewellTo(state))
    next = { ...next, lastStatusMs: moment.nowMs, isStatusDue: false }
  }
  const { isStatusByTree, gossipIntervalMs, gossipPeers } = state.options
  if (isStatusByTree && moment.nowMs - state.lastGossipMs >= gossipIntervalMs) {
    const peers = shuffled([...state.peers.keys()], moment.dice)
    effects.push(...statusTo(peers.slice(0, gossipPeers)))
    next = { ...next, lastGossipMs: moment.nowMs }
  }
  return { state: next, effects }
}

function isTimeForStatus(state: BlockSyncState, { nowMs }: Moment): boolean {
  const passedMs = nowMs - state.lastStatusMs
  if (passedMs >= STATUS_INTERVAL_MS) return true
  if (!state.isStatusDue) return false
  return !state.isDownloading || passedMs >= STATUS_WHILE_DOWNLOADING_MS
}

function regularTargets({ options, peers, view }: BlockSyncState): readonly NodeId[] {
  const reachable = new Set(peers.keys())
  return options.isStatusByTree ? statusTargets({ ...view, reachable }) : [...reachable]
}

export function statusTo(to: readonly NodeId[]): readonly BlockSyncEffect[] {
  return to.length === 0 ? [] : [{ type: 'sendStatus', to }]
}

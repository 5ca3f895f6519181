/**
 * Leave-taking from nodes that a block has put out of the group.
 * @module
 */
import type { NodeId } from '@bcos-ts/protocol'
import { type GroupView, isMember } from '../group-view.ts'
import {
  type BlockSyncEffect,
  type BlockSyncState,
  type ChainPoint,
  OUTSIDERS_MAX,
} from './state.ts'

/** Whom to say goodbye, once the group is that of `view`. */
export function farewellsOf(
  { view: before, farewells, head }: BlockSyncState,
  view: GroupView,
): ReadonlyMap<NodeId, ChainPoint> {
  const members = new Set(view.members)
  const next = new Map([...farewells].filter(([id]) => !members.has(id)))
  if (!isMember(view)) return next
  for (const id of before.members) {
    if (id === view.self || members.has(id) || next.size >= OUTSIDERS_MAX) continue
    next.set(id, head)
  }
  return next
}

/** Tells those who are connected of the block that put them out. */
export function farewellTo(
  { farewells, view }: BlockSyncState,
  isWanted: (id: NodeId) => boolean = () => true,
): readonly BlockSyncEffect[] {
  return [...farewells]
    .filter(([id]) => view.connected.has(id) && isWanted(id))
    .map(([id, of]) => ({ type: 'sendStatus', to: [id], of }))
}

/** A node that has the block needs to be told no more. */
export function withoutFarewell(
  farewells: ReadonlyMap<NodeId, ChainPoint>,
  id: NodeId,
  number: number,
): ReadonlyMap<NodeId, ChainPoint> {
  const point = farewells.get(id)
  if (point === undefined || number < point.number) return farewells
  return new Map([...farewells].filter(([other]) => other !== id))
}

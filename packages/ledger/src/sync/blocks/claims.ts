/**
 * Which block peers have after this node's last one, by their own words.
 * @module
 */
import type { HashText, NodeId } from '@bcos-ts/protocol'
import type { BlockSyncState, ChainPoint } from './state.ts'

/** What statuses say of the block after a new head. */
export function claimsOfStatuses(
  { peers }: BlockSyncState,
  head: ChainPoint,
): ReadonlyMap<NodeId, HashText> {
  const claims = new Map<NodeId, HashText>()
  for (const [peer, { latest }] of peers) {
    if (latest.number === head.number + 1) claims.set(peer, latest.hash)
  }
  return claims
}

/** The same map when nothing is new. */
export function withClaim(
  head: ChainPoint,
  claims: ReadonlyMap<NodeId, HashText>,
  { number, hash, from }: ChainPoint & { readonly from: NodeId },
): ReadonlyMap<NodeId, HashText> {
  if (number !== head.number + 1 || claims.get(from) === hash) return claims
  return new Map(claims).set(from, hash)
}

export function noteClaim(state: BlockSyncState, from: NodeId, point: ChainPoint): BlockSyncState {
  return { ...state, claims: withClaim(state.head, state.claims, { ...point, from }) }
}

import { type NodeId, sortNodeIds, SystemTableName } from '@bcos-ts/protocol'
import type { Membership, TableStorage } from '@bcos-ts/protocol/ports'

/** Who belongs to the group after the latest block (spec 04 §9). */
export function readMembership(storage: Pick<TableStorage, 'select'>): Membership {
  const ofType = new Map<string, NodeId[]>([
    ['sealer', []],
    ['wSealer', []],
    ['observer', []],
  ])
  for (const row of storage.select(SystemTableName.consensus, 'node')) {
    if (row.isRemoved) continue
    ofType.get(row.fields.get('type') ?? '')?.push(row.fields.get('node_id') ?? '')
  }
  const plain = ofType.get('sealer') ?? []
  const working = ofType.get('wSealer') ?? []
  const all = [...working, ...plain]
  const sealers = sortNodeIds(all)
  return {
    sealers,
    workingSealers: working.length === 0 ? sealers : sortNodeIds(working),
    observers: ofType.get('observer') ?? [],
    sealersInRowOrder: all,
  }
}

import { isHex } from '@bcos-ts/common'
import { type NodeId, sortNodeIds, SystemTableName } from '@bcos-ts/protocol'
import type { Membership, TableStorage } from '@bcos-ts/protocol/ports'

const NODE_ID_BYTES = 64

/** Who belongs to the group after the latest block (spec 04 §9). */
export function readMembership(storage: Pick<TableStorage, 'select'>): Membership {
  const ofType = new Map<string, NodeId[]>([
    ['sealer', []],
    ['wSealer', []],
    ['observer', []],
  ])
  for (const row of storage.select(SystemTableName.consensus, 'node')) {
    const nodeId = row.fields.get('node_id') ?? ''
    // The contract takes any 128 characters; what is no key is no member, in the recorded chain too.
    if (row.isRemoved || !isHex(nodeId, NODE_ID_BYTES)) continue
    ofType.get(row.fields.get('type') ?? '')?.push(nodeId)
  }
  const plain = ofType.get('sealer') ?? []
  const working = ofType.get('wSealer') ?? []
  const all = [...working, ...plain]
  const sealers = sortNodeIds(all)
  return {
    sealers,
    workingSealers: working.length === 0 ? withoutWorking(storage, sealers) : sortNodeIds(working),
    observers: ofType.get('observer') ?? [],
    sealersInRowOrder: all,
  }
}

/**
 * All sealers work, but in rPBFT, whose chains alone have a row for notices of rotation: there the first acts alone
 * until a rotation has appointed others (spec 04 §7.2).
 */
function withoutWorking(
  storage: Pick<TableStorage, 'select'>,
  sealers: readonly NodeId[],
): readonly NodeId[] {
  const isRotating = storage.select(SystemTableName.config, 'notify_rotate').length > 0
  return isRotating ? sealers.slice(0, 1) : sealers
}

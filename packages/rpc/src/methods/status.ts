/**
 * What consensus and synchronisation of a group are doing (spec 02 §14.4, §14.5).
 * @module
 */
import { to0x, toHex } from '@bcos-ts/common'
import {
  type ConsensusStatus,
  type ExecutionDifference,
  type GroupService,
  P2pModule,
  protocolIdOf,
  type SealerProgress,
} from '@bcos-ts/protocol/ports'
import { RpcError } from '../errors.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { type Call, memberGroupOf, method, type Method } from '../method.ts'
import { quantity } from '../views/format.ts'

export const getPbftView: Method = method(['i'], (call, [groupId]) => {
  const { consensus } = memberGroupOf(call, groupId)
  if (consensus.type === 'raft') throw new RpcError('RPC_NO_VIEW')
  return quantity(consensus.status().view)
})

/** How many members of the group this node has a session with. */
function connectedMembers(call: Call, group: GroupService): number {
  const { sealers, observers } = group.chain.membership()
  return [...sealers, ...observers].filter((id) => call.node.network.isConnected(id)).length
}

function commonStatus(call: Call, group: GroupService, status: ConsensusStatus): JsonObject {
  const moduleId = group.consensus.type === 'raft' ? P2pModule.raft : P2pModule.pbft
  const sealers = status.sealers.map((id, index) => [`sealer.${index}`, id] as const)
  return {
    accountType: status.isSealer ? 1 : 0,
    allowFutureBlocks: true,
    cfgErr: !status.isSealer,
    consensusedBlockNumber: status.consensusNumber,
    groupId: group.id,
    highestblockHash: to0x(group.chain.headHash()),
    highestblockNumber: group.chain.height(),
    max_faulty_leader: status.maxFaulty,
    nodeId: call.node.nodeId,
    nodeNum: status.nodeCount,
    node_index: status.index,
    omitEmptyBlock: true,
    protocolId: protocolIdOf(group.id, moduleId),
    ...Object.fromEntries(sealers),
  }
}

function raftStatus({ leader, sealers }: ConsensusStatus): JsonObject {
  const index = leader === undefined ? -1 : sealers.indexOf(leader)
  return {
    leaderId: leader ?? 'get leader ID failed',
    leaderIdx: index < 0 ? 'NULL' : index,
  }
}

export const getConsensusStatus: Method = method(['i'], (call, [groupId]): JsonValue => {
  const group = memberGroupOf(call, groupId)
  const status = group.consensus.status()
  const common = commonStatus(call, group, status)
  if (group.consensus.type === 'raft') return [{ ...common, ...raftStatus(status) }]
  const pbft = {
    ...common,
    connectedNodes: connectedMembers(call, group),
    currentView: status.view,
    leaderFailed: status.isLeaderFailed,
    toView: status.toView,
  }
  return [pbft, status.views.map(({ nodeId, view }) => ({ nodeId, view }))]
})

function sealerView(sealer: SealerProgress): JsonObject {
  return {
    nodeId: sealer.nodeId,
    isSelf: sealer.isSelf,
    isConnected: sealer.isConnected,
    linkForMs: sealer.linkForMs ?? null,
    heardAgoMs: sealer.heardAgoMs ?? null,
    hasSigned: sealer.hasSigned,
    hasCommitted: sealer.hasCommitted,
    view: sealer.view ?? null,
    asksForView: sealer.asksForView ?? null,
  }
}

/** Consensus takes no part then, whatever its engine. */
function haltedView(call: Call, group: GroupService, difference: ExecutionDifference): JsonObject {
  const { height, expectedHash, file, row, receipt } = difference
  const places = [
    ...(row === null ? [] : [`first row that differs: ${row.table}[${row.key}]`]),
    ...(receipt === null
      ? []
      : [`first receipt that differs: transaction ${receipt.transaction.index}`]),
    ...(file === undefined ? [] : [`report: ${file}`]),
  ]
  const missing = [
    `the result of block ${height} that the group has: execution here gives another`,
    ...places,
  ]
  return {
    groupId: group.id,
    nodeId: call.node.nodeId,
    height,
    view: null,
    toView: null,
    leader: null,
    quorum: null,
    stage: 'halted',
    missing: missing.join('; '),
    lock: null,
    proposal: expectedHash,
    patienceMs: null,
    pendingTransactions: group.pool.size(),
    sealers: [],
  }
}

/**
 * Of this implementation only: the report on a block whose execution gives another result here than the group has
 * signed, `null` where there is none.
 */
export const getExecutionDifference: Method = method(['i'], (call, [groupId]): JsonValue => {
  const difference = memberGroupOf(call, groupId).sync.difference?.()
  if (difference === undefined) return null
  const view: JsonValue = JSON.parse(JSON.stringify(difference))
  return view
})

/** Of this implementation only: what keeps the group from its next block, `null` where the engine cannot tell. */
export const getConsensusProgress: Method = method(['i'], (call, [groupId]): JsonValue => {
  const group = memberGroupOf(call, groupId)
  const difference = group.sync.difference?.()
  if (difference !== undefined) return haltedView(call, group, difference)
  const progress = group.consensus.progress?.()
  if (progress === undefined) return null
  return {
    groupId: group.id,
    nodeId: call.node.nodeId,
    height: progress.height,
    view: progress.view,
    toView: progress.toView,
    leader: progress.leader ?? null,
    quorum: progress.quorum,
    stage: progress.stage,
    missing: progress.missing,
    lock: progress.lock === undefined ? null : { ...progress.lock },
    proposal: progress.proposal ?? null,
    patienceMs: progress.patienceMs ?? null,
    pendingTransactions: group.pool.size(),
    sealers: progress.sealers.map(sealerView),
  }
})

export const getSyncStatus: Method = method(['i'], (call, [groupId]) => {
  const { id, chain, pool, sync } = memberGroupOf(call, groupId)
  const status = sync.status()
  return {
    blockNumber: chain.height(),
    genesisHash: toHex(chain.genesisHash()),
    isSyncing: status.isSyncing,
    knownHighestNumber: status.knownHighestNumber,
    knownLatestHash: toHex(status.knownLatestHash),
    latestHash: toHex(chain.headHash()),
    nodeId: call.node.nodeId,
    peers: status.peers.map((peer) => ({
      blockNumber: peer.blockNumber,
      genesisHash: toHex(peer.genesisHash),
      latestHash: toHex(peer.latestHash),
      nodeId: peer.nodeId,
    })),
    protocolId: protocolIdOf(id, P2pModule.sync),
    txPoolSize: String(pool.size()),
  }
})

import type { NodeId } from '@bcos-ts/protocol'
import type { ConsensusStatus } from '@bcos-ts/protocol/ports'
import { NOT_A_SEALER } from '../committee.ts'
import { consensusHeight, type PbftState } from '../pbft/state.ts'

/** What `getConsensusStatus` shows of a state (spec 02 §14.4). */
export function statusOf(state: PbftState, nodeId: NodeId): ConsensusStatus {
  const { committee, view, toView, isLeaderFailed, peerViews } = state
  const { sealers, self, maxFaulty } = committee
  // A sealer whose turn to work has not come is one nevertheless.
  const index = sealers.indexOf(nodeId)
  const known = new Map(peerViews)
  if (self !== NOT_A_SEALER) known.set(self, view)
  return {
    nodeCount: sealers.length,
    index: index < 0 ? NOT_A_SEALER : index,
    maxFaulty,
    consensusNumber: consensusHeight(state),
    isSealer: index >= 0,
    view,
    toView,
    isLeaderFailed,
    sealers,
    views: [...known]
      .toSorted(([a], [b]) => a - b)
      .map(([place, seen]) => ({ nodeId: sealers[place] ?? '', view: seen })),
  }
}

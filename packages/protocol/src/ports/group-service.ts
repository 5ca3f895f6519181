import type { NodeId } from '../primitives.ts'
import type { Amop } from './amop.ts'
import type { BlockStore, NodeRole } from './block-store.ts'
import type { ConsensusEngine } from './consensus-engine.ts'
import type { CallRequest, CallResult } from './executor.ts'
import type { P2pNetwork } from './network.ts'
import type { Synchronizer } from './synchronizer.ts'
import type { TxPool } from './tx-pool.ts'

/** One running group, as RPC servers see it. */
export interface GroupService {
  readonly id: number
  readonly chain: BlockStore
  readonly pool: TxPool
  readonly consensus: ConsensusEngine
  readonly sync: Synchronizer
  call(request: CallRequest): CallResult
  role(): NodeRole
}

/** One node, as RPC servers see it. */
export interface NodeService {
  readonly nodeId: NodeId
  readonly network: P2pNetwork
  readonly amop: Amop
  readonly version: NodeVersion
  /** Common names of this node's certificate and its issuer; the P2P listen address. */
  readonly identity: {
    readonly agency: string
    readonly nodeName: string
    readonly endpoint: string
  }
  readonly chainId: number
  /** Which code computes which primitive: `{ keccak256: 'wasm', … }`. Told to operators by `getNodeInfo`. */
  readonly engines?: Readonly<Record<string, string>>
  /** Running groups. */
  groups(): readonly GroupService[]
  group(id: number): GroupService | undefined
  /** Called when a group was started or stopped while the node runs. The returned function ends it. */
  onGroupChange(listener: (event: GroupChange) => void): () => void
}

export interface GroupChange {
  readonly group: GroupService
  readonly isRunning: boolean
}

/** What `getClientVersion` shows (spec 02 §14.3). */
export interface NodeVersion {
  /** `2.9.1`, with ` gm` behind it on a guomi chain: SDKs choose their suite by it. */
  readonly binary: string
  readonly supported: string
  readonly buildTime: string
  readonly buildType: string
  readonly gitBranch: string
  readonly gitCommit: string
}

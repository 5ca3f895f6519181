/**
 * One group: a ledger with its pool, its consensus and its synchronisation, as one thing that is started and
 * stopped. Nothing outside holds any of its state.
 * @module
 */
import { assert, type Startable, startAll, stopAll } from '@bcos-ts/common'
import type { HashText, NodeId } from '@bcos-ts/protocol'
import type {
  BlockExecutor,
  BlockStore,
  CallRequest,
  CallResult,
  ConsensusEngine,
  GroupService,
  ImportResult,
  NodeRole,
  Synchronizer,
  TxPool,
} from '@bcos-ts/protocol/ports'
import { type BlockCommitter, createBlockCommitter } from './committer.ts'
import { WrittenBlocks } from './sync/difference/written-blocks.ts'
import { PoolResult } from './tx-pool/results.ts'

/** What the parts of a group may know of each other. */
export interface GroupParts {
  readonly pool: TxPool
  readonly committer: BlockCommitter
  readonly sync: Synchronizer
  readonly consensus: ConsensusEngine
}

export interface GroupInit {
  readonly id: number
  readonly self: NodeId
  readonly chain: BlockStore
  readonly executor: BlockExecutor
  /** Where the chain is kept. Running; stopped with the group, last of all. */
  readonly storage: Pick<Startable, 'stop'>
  /** What the parts stand on, such as the votes of consensus: started before them, stopped after them. */
  readonly foundations?: readonly Startable[]
  /** `admission` refuses clients while this node may not take their transactions. */
  readonly pool: (rules: {
    readonly admission: () => ImportResult | undefined
  }) => TxPool & Startable
  readonly sync: (
    parts: Pick<GroupParts, 'pool' | 'committer'> & {
      readonly consensus: Pick<ConsensusEngine, 'checkSyncedBlock' | 'commitProof' | 'isKin'>
      readonly written: WrittenBlocks
    },
  ) => Synchronizer
  readonly consensus: (parts: Pick<GroupParts, 'pool' | 'committer' | 'sync'>) => ConsensusEngine
}

/** Runs from `start` to `stop`; a group that was stopped is done with, a new one takes its place. */
export interface Group extends GroupService, Startable {
  readonly committer: BlockCommitter
}

/**
 * Puts a group together. What needs what, and what starts before what, is the order of these lines; it stops
 * in the reverse order, so that no block is half way when the storage closes.
 */
export function createGroup(init: GroupInit): Group {
  const { id, self, chain, executor, storage } = init
  let engine: ConsensusEngine | undefined
  const consensusOnceMade = (): ConsensusEngine => {
    assert(engine !== undefined, 'parts of a group work only when all of them are made')
    return engine
  }
  const admission = (): ImportResult | undefined => refusalOfClients(role(), sync)
  const role = (): NodeRole => roleOf(self, chain)

  const pool = init.pool({ admission })
  const written = new WrittenBlocks()
  const committer = createBlockCommitter({
    chain,
    pool,
    written,
    onCommitted: () => consensusOnceMade().onBlockCommitted(),
  })
  const checkSyncedBlock: ConsensusEngine['checkSyncedBlock'] = (block, hash, evidence) =>
    consensusOnceMade().checkSyncedBlock(block, hash, evidence)
  const commitProof = (hash: HashText): Uint8Array | undefined =>
    consensusOnceMade().commitProof?.(hash)
  const isKin = (nodeId: NodeId): boolean => consensusOnceMade().isKin?.(nodeId) ?? false
  const engineOfSync = { checkSyncedBlock, commitProof, isKin }
  const sync = init.sync({ pool, committer, consensus: engineOfSync, written })
  const consensus = init.consensus({ pool, committer, sync })
  engine = consensus

  const order: readonly Startable[] = [
    ...(init.foundations ?? []),
    pool,
    committer,
    sync,
    consensus,
  ]
  return {
    id,
    chain,
    pool,
    consensus,
    sync,
    committer,
    role,
    call: (request: CallRequest): CallResult => executor.call(request),
    start: () => startAll(order),
    stop: async () => {
      try {
        await stopAll(order)
      } finally {
        await storage.stop()
      }
    },
  }
}

function roleOf(self: NodeId, chain: Pick<BlockStore, 'membership'>): NodeRole {
  const { sealers, observers } = chain.membership()
  if (sealers.includes(self)) return 'sealer'
  return observers.includes(self) ? 'observer' : 'free'
}

/** Clients are refused by a node outside the group, and by one that is far behind (spec 04 §5.1). */
function refusalOfClients(
  role: NodeRole,
  sync: Pick<Synchronizer, 'isFarBehind'>,
): ImportResult | undefined {
  if (role === 'free') return PoolResult.notInGroup
  return sync.isFarBehind() ? PoolResult.syncing : undefined
}

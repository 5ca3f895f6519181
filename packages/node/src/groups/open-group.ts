import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import {
  type Clock,
  type Logger,
  type RandomSource,
  type Startable,
  startAll,
  stopAll,
  type Timers,
} from '@bcos-ts/common'
import type { CryptoSuite, KeyPair } from '@bcos-ts/crypto'
import type { LanePool } from '@bcos-ts/executor'
import {
  type BlockCommitter,
  createGroup,
  createPeerClock,
  createSynchronizer,
  createTxPool,
  type Group,
  type PeerClock,
  type RunningTxPool,
  type SynchronizerComponents,
} from '@bcos-ts/ledger'
import type { NodeId, SignatureBatches } from '@bcos-ts/protocol'
import type {
  BlockExecutor,
  BlockStore,
  ConsensusEngine,
  ImportResult,
  P2pNetwork,
  Synchronizer,
  TableStorage,
  TxPool,
} from '@bcos-ts/protocol/ports'
import { cachedStorage } from '@bcos-ts/storage-crud'
import { createLevelStorage } from '@bcos-ts/storage-crud/level'
import type { ChainContracts } from '../chain-crypto.ts'
import type { GroupConfig } from '../config/group-config.ts'
import { differenceKeeper } from '../difference/difference-file.ts'
import { openChain } from '../execution.ts'
import { createThreadLanes } from '../lanes/thread-lanes.ts'
import { VoteFile } from '../vote-file.ts'
import { createEngine } from './create-engine.ts'
import type { GroupSettings } from './group-settings.ts'

/** What all groups of a node share. */
export interface GroupComponents {
  readonly suite: CryptoSuite
  /** Checks signatures on other cores, where there are some. */
  readonly signatures?: SignatureBatches | undefined
  readonly keys: KeyPair
  readonly self: NodeId
  readonly chainId: number
  readonly contracts: ChainContracts
  readonly network: P2pNetwork
  readonly clock: Clock
  readonly timers: Timers
  readonly random: RandomSource
  readonly logger: Logger
  /** Permits for so many outgoing bytes of blocks. */
  readonly mayServe: (bytes: number) => boolean
  /** Called once when the group has had to stop: its disk failed, or a promise of ours was broken. */
  readonly onFailure: (error: Error) => void
}

/**
 * Opens what a group keeps on disk and puts its parts together.
 * Throws `LEDGER_OTHER_GENESIS` when the data folder holds another chain, `STORAGE_OPEN_FAILED` when another
 * process uses it.
 */
export async function openGroup(init: GroupSettings, components: GroupComponents): Promise<Group> {
  const { suite, self, clock, contracts } = components
  const { genesis, dataFolder } = init
  const { groupId, consensusType } = genesis
  const logger = components.logger.child(`g:${groupId}`)
  const storage = openStorage(dataFolder, init.config)
  const votes = new VoteFile(join(dataFolder, consensusType === 'raft' ? 'raft' : 'pbft'))
  const lanes = openLanes(init, { ...components, logger })
  const disk: readonly Startable[] = [storage, votes, ...(lanes === undefined ? [] : [lanes])]
  await startAll(disk)
  try {
    const parallel = lanes && {
      pool: lanes,
      now: () => 1000 * performance.now(),
      spent: processorTime,
    }
    const { store, executor } = await openChain({
      suite,
      storage,
      genesis,
      parallel,
      ...contracts,
    })
    const peerClock = createPeerClock(clock)
    const base: Base = { init, components, store, executor, peerClock, logger }
    return createGroup({
      id: genesis.groupId,
      self,
      chain: store,
      executor,
      storage: { stop: () => stopAll(disk) },
      pool: ({ admission }) => createPool(base, admission),
      sync: (parts) => createSync(base, parts),
      consensus: (parts) => createConsensus(base, { ...parts, votes }),
    })
  } catch (error) {
    await stopAll(disk)
    throw error
  }
}

/** Of this process, µs. */
function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** What every part of a group stands on. */
interface Base {
  readonly init: GroupSettings
  readonly components: GroupComponents
  readonly store: BlockStore
  readonly executor: BlockExecutor
  /** The time of the group: the clock, corrected by what most peers think. */
  readonly peerClock: PeerClock
  readonly logger: Logger
}

function createPool(base: Base, admission: () => ImportResult | undefined): RunningTxPool {
  const { init, components, store, peerClock, logger } = base
  const { pool } = init.config
  return createTxPool(
    {
      chainId: components.chainId,
      groupId: init.genesis.groupId,
      countMax: pool.limit,
      bytesMax: pool.memoryBytes,
      expirationMs: pool.expirationMs,
    },
    { ...components, chain: store, clock: peerClock, logger, admission },
  )
}

function createSync(
  base: Base,
  parts: Pick<SynchronizerComponents, 'pool' | 'committer' | 'consensus' | 'written'>,
): Synchronizer {
  const { init, components, store, executor, peerClock, logger } = base
  const { sync } = init.config
  // Members of a Raft group have no tree (spec 04 §8.3).
  const hasTree = init.genesis.consensusType !== 'raft'
  return createSynchronizer(
    {
      groupId: init.genesis.groupId,
      blocks: {
        isStatusByTree: hasTree && sync.sendsStatusByTree,
        gossipIntervalMs: sync.gossipIntervalMs,
        gossipPeers: sync.gossipPeers,
        queueBytesMax: sync.memoryBytes,
        undecidedWaitMs: sync.undecidedWaitMs,
      },
      transactions: {
        isByTree: hasTree && sync.sendsTxsByTree,
        mentionsMax: sync.txsGossipPeersMax,
      },
    },
    {
      ...components,
      ...parts,
      chain: store,
      executor,
      logger,
      peerClock,
      keepDifference: differenceKeeper(init.dataFolder, logger),
    },
  )
}

function createConsensus(
  base: Base,
  parts: {
    readonly pool: TxPool
    readonly committer: BlockCommitter
    readonly sync: Synchronizer
    readonly votes: VoteFile
  },
): ConsensusEngine {
  const { init, components, store, executor, peerClock, logger } = base
  const { groupId, consensusType } = init.genesis
  return createEngine(
    consensusType,
    {
      ...components,
      groupId,
      blockClock: peerClock,
      logger,
      chain: withCommit(store, parts.committer.commit),
      executor,
      pool: parts.pool,
      sync: parts.sync,
      votes: parts.votes,
    },
    init.config.consensus,
  )
}

function openStorage(dataFolder: string, { storage, execution }: GroupConfig): TableStorage {
  const level = createLevelStorage({ path: pathOf(dataFolder), isShared: execution.lanes > 1 })
  return cachedStorage(level, { bytesMax: storage.cacheBytes })
}

function pathOf(dataFolder: string): string {
  return join(dataFolder, 'block')
}

function openLanes(
  { genesis, config, dataFolder }: GroupSettings,
  { suite, contracts, timers, logger }: GroupComponents,
): (LanePool & Startable) | undefined {
  const count = config.execution.lanes - 1
  if (count < 1 || contracts.laneEntry === undefined) return undefined
  const { isFreeStorage } = genesis
  const thread = { suiteName: suite.name, path: pathOf(dataFolder), isFreeStorage }
  return createThreadLanes({ count, thread, entry: contracts.laneEntry }, { timers, logger })
}

/** The chain as consensus sees it: its blocks enter by the way that synchronisation uses too. */
function withCommit(store: BlockStore, commit: BlockStore['commit']) {
  return {
    head: () => store.head(),
    headHash: () => store.headHash(),
    membership: () => store.membership(),
    systemConfig: (key: string) => store.systemConfig(key),
    block: (number: number) => store.block(number),
    commitProof: () => store.commitProof(),
    commit,
  }
}

import { join } from 'node:path'
import type { Clock, Logger, RandomSource, Startable, Timers } from '@bcos-ts/common'
import { startAll, stopAll } from '@bcos-ts/common'
import { PbftDriver } from '@bcos-ts/consensus'
import type { CryptoSuite, KeyPair } from '@bcos-ts/crypto'
import {
  createBlockCommitter,
  createPeerClock,
  createSynchronizer,
  createTxPool,
  PoolResult,
} from '@bcos-ts/ledger'
import type { GenesisParameters, NodeId } from '@bcos-ts/protocol'
import type {
  BlockStore,
  ConsensusEngine,
  GroupService,
  NodeRole,
  P2pNetwork,
  Synchronizer,
  TableStorage,
} from '@bcos-ts/protocol/ports'
import { cachedStorage } from '@bcos-ts/storage-crud'
import { createLevelStorage } from '@bcos-ts/storage-crud/level'
import type { ChainContracts } from './chain-crypto.ts'
import type { GroupConfig } from './config/group-config.ts'
import { openChain } from './execution.ts'
import { VoteFile } from './vote-file.ts'

/** What all groups of a node share. */
export interface GroupComponents {
  readonly suite: CryptoSuite
  readonly keys: KeyPair
  readonly self: NodeId
  readonly chainId: number
  readonly contracts: ChainContracts
  readonly network: P2pNetwork
  readonly clock: Clock
  readonly timers: Timers
  readonly random: RandomSource
  readonly logger: Logger
  /** Called once when a group has had to stop: its disk failed, or a promise of ours was broken. */
  readonly onFailure: (groupId: number, error: Error) => void
}

export interface GroupInit {
  readonly genesis: GenesisParameters
  readonly config: GroupConfig
  /** `data/groupN`. */
  readonly dataFolder: string
}

/** One ledger with everything that belongs to it. */
export interface Group extends Startable, GroupService {}

/**
 * Puts a group together: storage, chain, pool, consensus, synchronisation, in the order in which they start.
 * Throws `LEDGER_OTHER_GENESIS` when the data folder holds another chain, `STORAGE_OPEN_FAILED` when another
 * process uses it.
 */
export async function createGroup(init: GroupInit, components: GroupComponents): Promise<Group> {
  const { genesis, config, dataFolder } = init
  const { suite, keys, self, network, clock, timers, random } = components
  const groupId = genesis.groupId
  const logger = components.logger.child(`g:${groupId}`)

  const storage = openStorage(dataFolder, config)
  await storage.start()
  const chain = await openChain({ suite, storage, genesis, ...components.contracts })
  const { store, executor } = chain
  const peerClock = createPeerClock(clock)

  const pool = createTxPool(
    {
      chainId: components.chainId,
      groupId,
      countMax: config.pool.limit,
      bytesMax: config.pool.memoryBytes,
      expirationMs: config.pool.expirationMs,
    },
    { suite, chain: store, clock: peerClock, timers, logger, admission: () => admission() },
  )
  // Consensus and synchronisation know each other through what is asked of them while they run.
  const committer = createBlockCommitter({
    chain: store,
    pool,
    onCommitted: () => consensus.onBlockCommitted(),
  })
  const votes = new VoteFile(join(dataFolder, 'pbft'))
  const sync: Synchronizer = createSynchronizer(
    {
      groupId,
      blocks: {
        isStatusByTree: config.sync.sendsStatusByTree,
        gossipIntervalMs: config.sync.gossipIntervalMs,
        gossipPeers: config.sync.gossipPeers,
        queueBytesMax: config.sync.memoryBytes,
      },
      transactions: {
        isByTree: config.sync.sendsTxsByTree,
        mentionsMax: config.sync.txsGossipPeersMax,
      },
    },
    {
      suite,
      chain: store,
      executor,
      pool,
      committer,
      consensus: { checkSyncedBlock: (block, hash) => consensus.checkSyncedBlock(block, hash) },
      network,
      clock,
      timers,
      random,
      logger,
      peerClock,
    },
  )
  const consensus: ConsensusEngine = new PbftDriver({
    options: {
      ttl: config.consensus.ttl,
      minBlockGenerationMs: config.consensus.minBlockGenerationMs,
      isBlockSizeDynamic: config.consensus.hasDynamicBlockSize,
      isTtlOptimized: config.consensus.hasTtlOptimization,
      isPrepareByHashes: config.consensus.sendsPrepareWithHashes,
    },
    host: {
      groupId,
      self,
      keys,
      suite,
      clock,
      blockClock: peerClock,
      timers,
      logger,
      chain: withCommit(store, committer.commit),
      executor,
      pool,
      network,
      sync,
      votes,
      onFailure: (error) => components.onFailure(groupId, error),
    },
  })

  const role = (): NodeRole => {
    const { sealers, observers } = store.membership()
    if (sealers.includes(self)) return 'sealer'
    return observers.includes(self) ? 'observer' : 'free'
  }
  const admission = () => {
    if (role() === 'free') return PoolResult.notInGroup
    return sync.isFarBehind() ? PoolResult.syncing : undefined
  }
  const order: readonly Startable[] = [votes, pool, committer, sync, consensus]
  return {
    id: groupId,
    chain: store,
    pool,
    consensus,
    sync,
    call: (request) => executor.call(request),
    role,
    start: () => startAll(order),
    stop: async () => {
      await stopAll(order)
      await storage.stop()
    },
  }
}

function openStorage(dataFolder: string, config: GroupConfig): TableStorage {
  const path = join(dataFolder, 'block')
  return cachedStorage(createLevelStorage({ path }), { bytesMax: config.storage.cacheBytes })
}

/** The chain as consensus sees it: its blocks enter by the way that synchronisation uses too. */
function withCommit(store: BlockStore, commit: BlockStore['commit']) {
  return {
    head: () => store.head(),
    headHash: () => store.headHash(),
    membership: () => store.membership(),
    systemConfig: (key: string) => store.systemConfig(key),
    block: (number: number) => store.block(number),
    commit,
  }
}

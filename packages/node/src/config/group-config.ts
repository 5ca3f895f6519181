import { availableParallelism } from 'node:os'
import type { NodeId } from '@bcos-ts/protocol'
import { type IniFile, parseIni } from './ini.ts'
import { type FlowConfig, readFlow } from './node-config.ts'
import { configWarnings, type NoEffect } from './warnings.ts'

/** `group.N.ini`: settings of one node for one group. All have defaults (spec 04 §10.2). */
export interface GroupConfig {
  readonly consensus: {
    readonly ttl: number
    readonly minBlockGenerationMs: number
    readonly hasDynamicBlockSize: boolean
    readonly blockSizeIncreaseRatio: number
    readonly hasTtlOptimization: boolean
    readonly sendsPrepareWithHashes: boolean
    readonly sendsPrepareByTree: boolean
    readonly prepareMentionPercent: number
    readonly prepareWaitMs: number
  }
  readonly storage: { readonly cacheBytes: number }
  readonly execution: {
    /** Threads that execute blocks, the node's own included; 1 executes in order. */
    readonly lanes: number
  }
  readonly pool: {
    readonly limit: number
    readonly memoryBytes: number
    readonly expirationMs: number
  }
  readonly sync: {
    readonly idleWaitMs: number
    readonly sendsTxsByTree: boolean
    readonly sendsStatusByTree: boolean
    readonly gossipIntervalMs: number
    readonly gossipPeers: number
    readonly memoryBytes: number
    readonly txsGossipPeersMax: number
    /** `Infinity`: a block that is not known to be committed is never taken. */
    readonly undecidedWaitMs: number
  }
  readonly flow: FlowConfig
  /** Keys of SDKs that may use the group; empty is everybody. */
  readonly sdkAllowList: readonly NodeId[]
  readonly warnings: readonly string[]
}

const MEGABYTE = 1024 * 1024
const COUNT = { min: 0, max: Number.MAX_SAFE_INTEGER }
const MEGABYTES = { min: 0, max: Number.MAX_SAFE_INTEGER / MEGABYTE }

const DATABASE = 'blocks are kept in LevelDB, other databases are not offered yet'

const none = (
  section: string,
  reason: string,
  keys: Readonly<Record<string, string>>,
): NoEffect[] =>
  Object.entries(keys).map(([key, usual]) => ({ key: `${section}.${key}`, reason, usual }))

const NO_EFFECT: readonly NoEffect[] = [
  {
    key: 'consensus.max_request_missedTxs_waitTime',
    reason: 'missing transactions are asked for at once, of the leader first',
    usual: '100',
  },
  ...none('storage', DATABASE, {
    topic: 'DB',
    max_retry: '60',
    binary_log: 'false',
    cached_storage: 'true',
    scroll_threshold_multiple: '2',
    max_forward_block: '10',
    db_type: 'mysql',
    db_ip: '127.0.0.1',
    db_port: '3306',
    db_username: '',
    db_passwd: '',
    db_name: '',
    db_charset: 'utf8mb4',
    init_connections: '15',
    max_connections: '50',
  }),
  {
    key: 'storage.enable_reconfirm_committee',
    reason: 'it belongs to releases after 2.9',
  },
  {
    key: 'tx_pool.notify_worker_num',
    reason: 'receipts are not delivered by threads here',
    usual: '2',
  },
  { key: 'sync.allow_free_node', reason: 'it belongs to releases after 2.9' },
  { key: 'sync.print_info_interval', reason: 'it belongs to releases after 2.9' },
]

/** Throws `CONFIG_SYNTAX` or `CONFIG_INVALID_VALUE`. */
export function parseGroupConfig(text: string, file: string): GroupConfig {
  const ini = parseIni(text, file)
  const config: Omit<GroupConfig, 'warnings'> = {
    consensus: readConsensus(ini),
    storage: readStorage(ini),
    execution: readExecution(ini),
    pool: {
      limit: ini.integer('tx_pool.limit', 102_400, COUNT),
      memoryBytes: MEGABYTE * ini.integer('tx_pool.memory_limit', 512, MEGABYTES),
      expirationMs: 1000 * ini.integer('tx_pool.txs_expiration_time', 600, { ...COUNT, min: 4 }),
    },
    sync: readSync(ini),
    flow: readFlow(ini),
    sdkAllowList: readSdkAllowList(ini),
  }
  return { ...config, warnings: configWarnings(ini, NO_EFFECT) }
}

/** The list of SDKs alone, for when it changes. Throws `CONFIG_SYNTAX` or `CONFIG_INVALID_VALUE`. */
export function parseSdkAllowList(text: string, file: string): readonly NodeId[] {
  return readSdkAllowList(parseIni(text, file))
}

function readSdkAllowList(ini: IniFile): readonly NodeId[] {
  return ini.list('sdk_allowlist', 'public_key').map((entry) => {
    const id = entry.value.toLowerCase()
    if (!/^[0-9a-f]{128}$/.test(id))
      throw ini.invalid(entry, 'a public key of 128 hexadecimal digits')
    return id
  })
}

function readConsensus(ini: IniFile): GroupConfig['consensus'] {
  return {
    ttl: ini.integer('consensus.ttl', 2, { min: 0, max: 5 }),
    // The reference turns what is not below a second into 999 ms (spec 04 §6.4).
    minBlockGenerationMs: Math.min(
      999,
      ini.integer('consensus.min_block_generation_time', 500, COUNT),
    ),
    hasDynamicBlockSize: ini.boolean('consensus.enable_dynamic_block_size', true),
    blockSizeIncreaseRatio: ini.decimal('consensus.block_size_increase_ratio', 0.5, {
      min: 0,
      max: 2,
    }),
    hasTtlOptimization: ini.boolean('consensus.enable_ttl_optimization', true),
    sendsPrepareWithHashes: ini.boolean('consensus.enable_prepare_with_txsHash', true),
    sendsPrepareByTree: ini.boolean('consensus.broadcast_prepare_by_tree', true),
    prepareMentionPercent: ini.integer('consensus.prepare_status_broadcast_percent', 33, {
      min: 25,
      max: 100,
    }),
    prepareWaitMs: ini.integer('consensus.max_request_prepare_waitTime', 100, {
      min: 10,
      max: 1000,
    }),
  }
}

/** RocksDB is what 2.x files say by default; what they mean is an embedded store. */
function readStorage(ini: IniFile): GroupConfig['storage'] {
  ini.oneOf('storage.type', 'rocksdb', ['rocksdb', 'leveldb'])
  return {
    cacheBytes: MEGABYTE * ini.integer('storage.max_capacity', 32, { ...MEGABYTES, min: 1 }),
  }
}

/** More lanes than these would only wait for the one that puts the results together. */
const LANES_MAX = 16

/** `lanes` is a key of ours; 0, as many as there are processors. */
function readExecution(ini: IniFile): GroupConfig['execution'] {
  const isParallel = ini.boolean('tx_execute.enable_parallel', true)
  const configured = ini.integer('tx_execute.lanes', 0, { min: 0, max: LANES_MAX })
  const lanes = configured === 0 ? Math.min(availableParallelism(), LANES_MAX) : configured
  return { lanes: isParallel ? lanes : 1 }
}

/** `undecided_wait` is a key of ours, in seconds; 0, for ever. */
function readSync(ini: IniFile): GroupConfig['sync'] {
  return {
    idleWaitMs: ini.integer('sync.idle_wait_ms', 200, COUNT),
    sendsTxsByTree: ini.boolean('sync.send_txs_by_tree', true),
    sendsStatusByTree: ini.boolean('sync.sync_block_by_tree', true),
    gossipIntervalMs: ini.integer('sync.gossip_interval_ms', 1000, { min: 1000, max: 3000 }),
    gossipPeers: ini.integer('sync.gossip_peers_number', 3, { ...COUNT, min: 1 }),
    memoryBytes:
      MEGABYTE * ini.integer('sync.max_block_sync_memory_size', 512, { ...MEGABYTES, min: 32 }),
    txsGossipPeersMax: ini.integer('sync.txs_max_gossip_peers_num', 5, COUNT),
    undecidedWaitMs: 1000 * ini.integer('sync.undecided_wait', 20, COUNT) || Infinity,
  }
}

import { InvalidAnswerError } from '../errors.ts'
import { JsonReader, readText } from './read.ts'

/** Consensus of a group as one node sees it (spec 02 §14.4). */
export interface ConsensusStatusView {
  readonly groupId: number
  readonly nodeId: string
  readonly nodeNum: number
  /** Position in {@link sealers}; 65535 when the node is no sealer. */
  readonly nodeIndex: number
  readonly isSealer: boolean
  readonly maxFaultyLeader: number
  readonly consensusedBlockNumber: number
  readonly highestBlockNumber: number
  readonly highestBlockHash: string
  /** In the order in which they lead. */
  readonly sealers: readonly string[]
  /** PBFT and rPBFT. */
  readonly connectedNodes: number | undefined
  readonly currentView: number | undefined
  readonly toView: number | undefined
  readonly isLeaderFailed: boolean | undefined
  readonly views: readonly { readonly nodeId: string; readonly view: number }[]
  /** Raft: `undefined` while none is known. */
  readonly leaderId: string | undefined
  /** The members as the node names them. */
  readonly raw: Readonly<Record<string, unknown>>
}

export function readConsensusStatus(method: string, value: unknown): ConsensusStatusView {
  if (!Array.isArray(value)) throw new InvalidAnswerError(method, 'a list is expected')
  const [first, views = []]: readonly unknown[] = value
  const json = new JsonReader(method, first)
  const optional = (name: string): number | undefined =>
    json.has(name) ? json.number(name) : undefined
  return {
    groupId: json.number('groupId'),
    nodeId: json.text('nodeId'),
    nodeNum: json.number('nodeNum'),
    nodeIndex: json.number('node_index'),
    isSealer: json.number('accountType') === 1,
    maxFaultyLeader: json.number('max_faulty_leader'),
    consensusedBlockNumber: json.number('consensusedBlockNumber'),
    highestBlockNumber: json.number('highestblockNumber'),
    highestBlockHash: json.text('highestblockHash'),
    sealers: sealersOf(json),
    connectedNodes: optional('connectedNodes'),
    currentView: optional('currentView'),
    toView: optional('toView'),
    isLeaderFailed: json.has('leaderFailed') ? json.boolean('leaderFailed') : undefined,
    views: Array.isArray(views) ? views.map((one: unknown) => readView(method, one)) : [],
    leaderId: leaderOf(json),
    raw: { ...(typeof first === 'object' && first) },
  }
}

function sealersOf(json: JsonReader): string[] {
  const sealers: string[] = []
  while (json.has(`sealer.${sealers.length}`)) sealers.push(json.text(`sealer.${sealers.length}`))
  return sealers
}

/** A node that knows no leader says so with a sentence in its place. */
function leaderOf(json: JsonReader): string | undefined {
  const leader = json.has('leaderId') ? json.text('leaderId') : ''
  return /^[0-9a-f]{128}$/.test(leader) ? leader : undefined
}

function readView(method: string, value: unknown): { nodeId: string; view: number } {
  const json = new JsonReader(method, value)
  return { nodeId: json.text('nodeId'), view: json.number('view') }
}

/** A node's place in a group as another sees it. */
export interface SyncPeer {
  readonly nodeId: string
  readonly blockNumber: number
  /** 64 hex digits. */
  readonly genesisHash: string
  readonly latestHash: string
}

/** Synchronisation of a group as one node sees it (spec 02 §14.5). Hashes are without `0x`. */
export interface SyncStatusView extends SyncPeer {
  readonly isSyncing: boolean
  readonly knownHighestNumber: number
  readonly knownLatestHash: string
  readonly txPoolSize: number
  readonly peers: readonly SyncPeer[]
}

export function readSyncStatus(method: string, value: unknown): SyncStatusView {
  const json = new JsonReader(method, value)
  return {
    ...readSyncPeer(method, value),
    isSyncing: json.boolean('isSyncing'),
    knownHighestNumber: json.number('knownHighestNumber'),
    knownLatestHash: json.text('knownLatestHash'),
    txPoolSize: json.number('txPoolSize'),
    peers: json.has('peers') ? json.list('peers', readSyncPeer) : [],
  }
}

function readSyncPeer(method: string, value: unknown): SyncPeer {
  const json = new JsonReader(method, value)
  return {
    nodeId: json.text('nodeId'),
    blockNumber: json.number('blockNumber'),
    genesisHash: json.text('genesisHash'),
    latestHash: json.text('latestHash'),
  }
}

/** A node as itself and others name it (spec 02 §14.2). */
export interface NodeInfo {
  readonly nodeId: string
  /** Listen address of the node that was asked, remote end of others. */
  readonly endpoint: string
  readonly agency: string
  readonly name: string
  readonly topics: readonly string[]
}

export function readNodeInfo(method: string, value: unknown): NodeInfo {
  const json = new JsonReader(method, value)
  return {
    nodeId: json.text('NodeID'),
    endpoint: json.text('IPAndPort'),
    agency: json.text('Agency'),
    name: json.text('Node'),
    topics: json.list('Topic', readText),
  }
}

/** What a node is (spec 02 §14.3). */
export interface ClientVersion {
  /** Version of the program, such as `2.9.1`, or `2.9.1 gm`. */
  readonly version: string
  /** Version that the chain keeps to, such as `2.9.0`. */
  readonly supportedVersion: string
  readonly chainId: bigint
  readonly isGuomi: boolean
  readonly buildTime: string
  readonly buildType: string
  readonly gitBranch: string
  readonly gitCommit: string
}

export function readClientVersion(method: string, value: unknown): ClientVersion {
  const json = new JsonReader(method, value)
  const text = (name: string): string => (json.has(name) ? json.text(name) : '')
  const version = json.text('FISCO-BCOS Version')
  return {
    version,
    supportedVersion: json.text('Supported Version'),
    chainId: json.bigint('Chain Id'),
    isGuomi: version.includes('gm'),
    buildTime: text('Build Time'),
    buildType: text('Build Type'),
    gitBranch: text('Git Branch'),
    gitCommit: text('Git Commit Hash'),
  }
}

/** Answer of a request that manages a node (spec 02 §14.10). */
export interface ManagementAnswer {
  /** 0 is success. */
  readonly code: number
  readonly message: string
}

export function readManagement(method: string, value: unknown): ManagementAnswer {
  const json = new JsonReader(method, value)
  return { code: json.number('code'), message: json.text('message') }
}

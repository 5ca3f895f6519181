import { fromHex } from '@bcos-ts/common'
import { standardSuite as suite } from '@bcos-ts/crypto'
import type { Transaction } from '@bcos-ts/protocol'
import type {
  Amop,
  CallResult,
  ConsensusEngine,
  ConsensusProgress,
  ConsensusStatus,
  GroupService,
  ImportResult,
  NodeRole,
  NodeService,
  P2pNetwork,
  PeerInfo,
  SubmissionOutcome,
  SyncStatus,
  TxPool,
} from '@bcos-ts/protocol/ports'
import { RecordedChain } from './recorded-chain.ts'

export { suite }

const hash = (digits: string): Uint8Array => fromHex(digits)

/** Four nodes as the recorded chain had them; node 0 is the one that was asked. */
export const SEALERS: readonly string[] = [
  '6e050df2a2f39abd1c580b489d73faeff6877adb0917d956a6b2e5f590d4746a30fcee9f7cee00ac5d25b8d71f575b921f80dcd23d31ecc72ce6b555e0a78297',
  '75b2731442337a1f112ade53090eeed92a0e4c50fbcebdc0911d76d08bada7881a2a689f1f17473193c7aac29157bfffdf28b0008536dd8819ab71067f00d30e',
  '86ecdd37e9e251644af2241b6a1dd999504b3ff2e456cb01699b98fcfa68d0af6b6c3daf913cf32fd63c537962c78365730fc5ecbc3f448b93f1037365dcada2',
  '88475057129b779a8eb83e1e3b8daafd4aeed67918b008ec02dec7f8f3c72da271b76d5631522b67c99b736b45085ee0aec7d04ec25682e6b9caf9725ec6778d',
]

/** A pool that says what a test wants and keeps what it was given. */
class ScriptedPool implements TxPool {
  result: ImportResult = { status: 0, reason: 'Success' }
  /** Overrules {@link result} for the transactions named by their hashes. */
  readonly results = new Map<string, ImportResult>()
  readonly submitted: Transaction[] = []
  readonly outcomes = new Map<string, (outcome: SubmissionOutcome) => void>()
  waiting: Transaction[] = []

  submit(transaction: Transaction, onOutcome?: (outcome: SubmissionOutcome) => void): ImportResult {
    this.submitted.push(transaction)
    const result = this.results.get(transaction.hashText) ?? this.result
    if (result.status === 0 && onOutcome !== undefined) {
      this.outcomes.set(transaction.hashText, onOutcome)
    }
    return result
  }

  import = (): ImportResult => this.result
  has = (): boolean => false
  get = (): undefined => undefined
  size = (): number => this.waiting.length
  pending = (): readonly Transaction[] => this.waiting
  fetch = (): readonly Transaction[] => []
  removeMined = (): void => {}
  onAdded = () => () => {}
}

/** A network that is a list of peers. */
class ScriptedNetwork implements P2pNetwork {
  readonly self: string
  list: PeerInfo[] = []
  configured: readonly string[] = []

  constructor(self: string) {
    this.self = self
  }

  start = (): void => {}
  stop = (): void => {}
  peers = (): readonly PeerInfo[] => this.list
  isConnected = (nodeId: string): boolean => this.list.some((peer) => peer.nodeId === nodeId)
  register = () => () => {}
  send = (): void => {}
  multicast = (): void => {}
  onConnection = () => () => {}
  configuredPeers = (): readonly string[] => this.configured

  configurePeers(endpoints: readonly string[]): void {
    this.configured = endpoints
  }
}

const noAmop: Amop = {
  topics: () => [],
  publish: () => {},
  attach: () => () => {},
  countSubscribers: () => 0,
  unicast: () => Promise.resolve(undefined),
  multicast: () => {},
  setVerified: () => {},
}

const consensusStatus: ConsensusStatus = {
  nodeCount: 4,
  index: 0,
  maxFaulty: 1,
  consensusNumber: 420,
  isSealer: true,
  view: 1,
  toView: 1,
  isLeaderFailed: false,
  sealers: SEALERS,
  views: [],
}

/** One node with one group over a recorded chain; everything in it can be set. */
export class TestService implements NodeService {
  readonly nodeId = SEALERS[0] ?? ''
  readonly chain: RecordedChain
  readonly pool = new ScriptedPool()
  readonly network = new ScriptedNetwork(this.nodeId)
  amop: Amop = noAmop
  readonly identity = { agency: 'agency', nodeName: 'node0', endpoint: '127.0.0.1:31300' }
  readonly chainId = 1
  readonly version = {
    binary: '2.9.1',
    supported: '2.9.0',
    buildTime: '20261122 06:00:48',
    buildType: 'Linux/g++/RelWithDebInfo',
    gitBranch: 'HEAD',
    gitCommit: '83a87ad749475c0edcc6d5ce2dabd328a36d3bae',
  }
  role: NodeRole = 'sealer'
  consensusType: ConsensusEngine['type'] = 'pbft'
  consensusStatus = consensusStatus
  consensusProgress: ConsensusProgress | undefined
  syncStatus: SyncStatus
  isFarBehind = false
  callResult: CallResult = { status: 0, output: new Uint8Array(0) }
  calls: unknown[] = []

  constructor(file = 'blocks-standard.json', cryptoSuite = suite) {
    const head = hash('786d57c7e037432f437827198ff5020194fb354b4d31384a652fbcd95b3aef85')
    const genesis = hash('ffd6fd3854568d157a521abf94d5b86d66a69b33b3ef6068fc8f2c62ce892ff6')
    this.chain = new RecordedChain(file, cryptoSuite, {
      height: 419,
      headHash: head,
      genesisHash: genesis,
      membership: {
        sealers: SEALERS,
        workingSealers: SEALERS,
        observers: [],
        sealersInRowOrder: SEALERS,
      },
      config: { tx_count_limit: '1000', tx_gas_limit: '300000000', consensus_timeout: '3' },
    })
    this.syncStatus = {
      isSyncing: false,
      knownHighestNumber: 419,
      knownLatestHash: head,
      peers: SEALERS.slice(1).map((nodeId) => ({
        nodeId,
        blockNumber: 419,
        genesisHash: genesis,
        latestHash: head,
      })),
    }
  }

  onGroupChange: NodeService['onGroupChange'] = () => () => {}

  groups(): readonly GroupService[] {
    return [this.#group()]
  }

  group(id: number): GroupService | undefined {
    return id === 1 ? this.#group() : undefined
  }

  #group(): GroupService {
    const progress = this.consensusProgress
    return {
      id: 1,
      chain: this.chain,
      pool: this.pool,
      consensus: {
        type: this.consensusType,
        start: () => {},
        stop: () => {},
        status: () => this.consensusStatus,
        ...(progress === undefined ? {} : { progress: () => progress }),
        checkSyncedBlock: () => ({ signatures: [], isDecided: true }),
        onBlockCommitted: () => {},
      },
      sync: {
        start: () => {},
        stop: () => {},
        status: () => this.syncStatus,
        isSyncing: () => false,
        isFarBehind: () => this.isFarBehind,
        hasten: () => {},
      },
      call: (request) => {
        this.calls.push(request)
        return this.callResult
      },
      role: () => this.role,
    }
  }
}

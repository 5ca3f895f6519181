/** Groups of one sealer in memory, executed by everything that executes in a running node. */
import { silentLogger, systemClock, systemRandom, systemTimers } from '@bcos-ts/common'
import type { SuiteName } from '@bcos-ts/crypto'
import { createNodeSuites } from '@bcos-ts/crypto/node'
import { createGroup, createTxPool, type Group } from '@bcos-ts/ledger'
import { chainContracts, openChain } from '@bcos-ts/node'
import { helloWorld } from '@bcos-ts/precompiled'
import { type Block, type CryptoSuite, GENESIS_DEFAULTS, merkleRoot } from '@bcos-ts/protocol'
import type {
  BlockExecutor,
  BlockStore,
  ConsensusEngine,
  Synchronizer,
} from '@bcos-ts/protocol/ports'
import { createMemoryStorage } from '@bcos-ts/storage-crud'

const suites = await createNodeSuites()

export const suiteOf = (name: SuiteName): CryptoSuite =>
  name === 'guomi' ? suites.guomi : suites.standard

export const SEALER = 'ab'.repeat(64)

export interface TestGroup {
  readonly group: Group
  /** Transactions wait while this is on. */
  hold(isOn: boolean): void
  /** A block of what waits, also of nothing. */
  mine(): Promise<void>
}

/** A group that makes a block of whatever comes in. */
export async function testGroup(suiteName: SuiteName = 'standard', id = 1): Promise<TestGroup> {
  const suite = suiteOf(suiteName)
  const storage = createMemoryStorage()
  await storage.start()
  const genesis = {
    ...GENESIS_DEFAULTS,
    groupId: id,
    sealers: [SEALER],
    epochSealerCount: 1,
    timestamp: 1_600_000_000_000n,
  }
  const contracts = chainContracts(suites, [helloWorld])
  const { store, executor } = await openChain({ suite, storage, genesis, ...contracts })
  let miner: Miner | undefined
  const group = createGroup({
    id,
    self: SEALER,
    chain: store,
    executor,
    storage,
    pool: ({ admission }) =>
      createTxPool(
        { chainId: 1, groupId: id },
        {
          suite,
          chain: store,
          clock: systemClock,
          timers: systemTimers,
          logger: silentLogger,
          admission,
        },
      ),
    sync: () => stillSync(store),
    consensus: ({ pool, committer }) => {
      miner = new Miner({ suite, pool, committer, store, executor })
      return miner
    },
  })
  await group.start()
  if (miner === undefined) throw new Error('a group has an engine')
  const engine = miner
  return { group, hold: (isOn) => (engine.isHeld = isOn), mine: () => engine.mine() }
}

type MinerParts = Pick<Group, 'pool' | 'committer'> & {
  readonly suite: CryptoSuite
  readonly store: BlockStore
  readonly executor: BlockExecutor
}

/** Consensus of one: what waits becomes a block at once. */
class Miner implements ConsensusEngine {
  readonly type = 'pbft'
  isHeld = false
  readonly #parts: MinerParts
  #last: Promise<void> = Promise.resolve()
  #stop: () => void = () => {}

  constructor(parts: MinerParts) {
    this.#parts = parts
  }

  start(): void {
    this.#stop = this.#parts.pool.onAdded(() => {
      setTimeout(() => {
        if (!this.isHeld && this.#parts.pool.size() > 0) void this.mine()
      }, 1)
    })
  }

  stop(): void {
    this.#stop()
  }

  mine(): Promise<void> {
    this.#last = this.#last.then(() => this.#mineNow())
    return this.#last
  }

  async #mineNow(): Promise<void> {
    const { pool, committer, store, executor, suite } = this.#parts
    const transactions = pool.fetch(1000, new Set())
    const head = store.head()
    const block: Block = {
      header: {
        ...head,
        number: head.number + 1,
        parentHash: store.headHash(),
        transactionsRoot: merkleRoot(
          transactions.map((one) => one.hash),
          suite,
        ),
        timestamp: head.timestamp + 1n,
        extraData: [],
        sealerList: [SEALER],
      },
      transactions,
      receipts: [],
      signatures: [],
    }
    await committer.commit(executor.execute(block), [
      { index: 0, signature: systemRandom.bytes(65) },
    ])
  }

  onBlockCommitted(): void {}

  checkSyncedBlock = () => ({ signatures: [], isDecided: true })

  status = () => ({
    nodeCount: 1,
    index: 0,
    maxFaulty: 0,
    consensusNumber: this.#parts.store.height() + 1,
    isSealer: true,
    view: 5,
    toView: 5,
    isLeaderFailed: false,
    sealers: [SEALER],
    views: [{ nodeId: SEALER, view: 5 }],
  })
}

function stillSync(store: BlockStore): Synchronizer {
  return {
    start: () => {},
    stop: () => {},
    isSyncing: () => false,
    isFarBehind: () => false,
    hasten: () => {},
    status: () => ({
      isSyncing: false,
      knownHighestNumber: store.height(),
      knownLatestHash: store.headHash(),
      peers: [],
    }),
  }
}

import { createLogger, type Logger, toHex } from '@bcos-ts/common'
import {
  type BlockCommitter,
  createBlockCommitter,
  createSynchronizer,
  createTxPool,
  type RunningTxPool,
  type SynchronizerInit,
  WrittenBlocks,
} from '@bcos-ts/ledger'
import type { CryptoSuite, NodeId, SignatureBatches, Transaction } from '@bcos-ts/protocol'
import type { BlockExecutor, Synchronizer, TableStorage } from '@bcos-ts/protocol/ports'
import {
  CHAIN_ID,
  GROUP_ID,
  openTestChain,
  propose,
  sign,
  suite,
  type TestChain,
  testEngine,
  type TestNode,
} from './chain-kit.ts'
import type { SimHub, SimNetwork } from './sim-network.ts'

interface LogLine {
  readonly level: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** A node of a simulated group, without consensus: blocks are made by {@link SimGroup.mine}. */
export interface SimNode {
  readonly id: NodeId
  readonly chain: TestChain
  readonly pool: RunningTxPool
  readonly committer: BlockCommitter
  readonly sync: Synchronizer
  readonly network: SimNetwork
  readonly log: readonly LogLine[]
  stop(): Promise<void>
}

export interface SimNodeInit {
  readonly storage?: TableStorage
  readonly options?: Omit<SynchronizerInit, 'groupId'>
  readonly mayServe?: (bytes: number) => boolean
  readonly signatures?: SignatureBatches
  /** With what pool and gossip check signatures. */
  readonly suite?: CryptoSuite
  /** Something else than the real executor. */
  readonly executor?: (real: BlockExecutor) => Pick<BlockExecutor, 'execute' | 'trace'>
  /** Who is known to be of this implementation. */
  readonly isKin?: (id: NodeId) => boolean
  /** Else everything is kept in {@link SimNode.log}. */
  readonly logger?: Logger
}

function recordingLogger(lines: LogLine[]): Logger {
  return createLogger({
    isOn: () => true,
    write: ({ level, message, fields }) => void lines.push({ level, message, fields }),
  })
}

/** Nodes of one group in one world. The first `sealerCount` of `nodes` seal from genesis on. */
export class SimGroup {
  readonly hub: SimHub
  readonly identities: readonly TestNode[]
  readonly sealers: readonly TestNode[]
  readonly running = new Map<NodeId, SimNode>()

  constructor(hub: SimHub, identities: readonly TestNode[], sealerCount = identities.length) {
    this.hub = hub
    this.identities = identities
    this.sealers = identities.slice(0, sealerCount)
  }

  async start(index: number, init: SimNodeInit = {}): Promise<SimNode> {
    const id = this.identity(index).id
    const chain = await openTestChain(this.sealers, init.storage)
    const { world } = this.hub
    const log: LogLine[] = []
    const logger = init.logger ?? recordingLogger(log)
    const network = this.hub.join(id)
    const shared = {
      suite: init.suite ?? suite,
      chain: chain.store,
      clock: world,
      timers: world,
      logger,
    }
    const pool = createTxPool({ chainId: CHAIN_ID, groupId: GROUP_ID }, shared)
    const written = new WrittenBlocks()
    const committer = createBlockCommitter({
      chain: chain.store,
      pool,
      written,
      onCommitted: () => {},
    })
    const sync = createSynchronizer(
      { groupId: GROUP_ID, ...init.options },
      {
        ...shared,
        executor: init.executor?.(chain.executor) ?? chain.executor,
        pool,
        committer,
        written,
        consensus: { ...testEngine(chain.store), isKin: init.isKin ?? (() => false) },
        network,
        random: world.random,
        signatures: init.signatures,
        ...(init.mayServe === undefined ? {} : { mayServe: init.mayServe }),
      },
    )
    await pool.start()
    await sync.start()
    const stop = async (): Promise<void> => {
      this.running.delete(id)
      await sync.stop()
      await committer.stop()
      await pool.stop()
      this.hub.leave(id)
    }
    const node: SimNode = { id, chain, pool, committer, sync, network, log, stop }
    this.running.set(id, node)
    return node
  }

  identity(index: number): TestNode {
    const identity = this.identities[index]
    if (identity === undefined) throw new Error(`no node ${index}`)
    return identity
  }

  /** Makes one block, as consensus among `committing` would: each of them executes and commits it. */
  async mine(
    committing: readonly SimNode[],
    transactions: readonly Transaction[] = [],
  ): Promise<void> {
    const [leader] = committing
    if (leader === undefined) throw new Error('nobody makes a block')
    const proposal = propose(leader.chain.store, transactions)
    for (const { chain, committer } of committing) {
      const executed = chain.executor.execute(proposal)
      const signatures = sign(chain.store, executed.hash, this.identities)
      await committer.commit(executed, signatures)
    }
  }
}

export const heightOf = ({ chain }: SimNode): number => chain.store.height()
export const headOf = ({ chain }: SimNode): string => toHex(chain.store.headHash())

import {
  type BlockCommitter,
  type CommitBlock,
  createBlockCommitter,
  createSynchronizer,
  createTxPool,
  type RunningTxPool,
} from '@bcos-ts/ledger'
import type { Transaction } from '@bcos-ts/protocol'
import type { Synchronizer } from '@bcos-ts/protocol/ports'
import type { Companion, CompanionInit } from './companion.ts'

const IMPORTED = 0
const CHAIN_ID = 1

/** Pool, commit and synchronisation as they ship, on the model's chain. */
export class ShippingLedger implements Companion {
  readonly pool: RunningTxPool
  readonly sync: Synchronizer
  readonly commit: CommitBlock
  readonly #committer: BlockCommitter

  constructor(init: CompanionInit) {
    const { environment, suite, chain, network, groupId, logger } = init
    const { clock, timers, prng } = environment
    const shared = { suite, chain, clock, timers, logger }
    this.pool = createTxPool({ chainId: CHAIN_ID, groupId }, shared)
    this.#committer = createBlockCommitter({
      chain,
      pool: this.pool,
      onCommitted: () => init.engine().onBlockCommitted(),
    })
    this.commit = this.#committer.commit
    this.sync = createSynchronizer(
      // Whoever commits here can prove it: nothing is taken because no evidence comes.
      { groupId, blocks: { undecidedWaitMs: Infinity } },
      {
        ...shared,
        executor: { execute: (block) => init.execute(block) },
        pool: this.pool,
        committer: this.#committer,
        consensus: {
          checkSyncedBlock: (block, hash, evidence) =>
            init.engine().checkSyncedBlock(block, hash, evidence),
          commitProof: (hash) => init.engine().commitProof?.(hash),
          isKin: (nodeId) => init.engine().isKin?.(nodeId) ?? false,
        },
        network,
        random: prng,
      },
    )
  }

  async start(): Promise<void> {
    await this.pool.start()
    await this.sync.start()
  }

  submit(transaction: Transaction, onDropped: () => void = () => {}): boolean {
    const { status } = this.pool.submit(transaction, ({ type }) => {
      if (type === 'dropped') onDropped()
    })
    return status === IMPORTED
  }

  isWaiting({ hashText }: Transaction): boolean {
    return this.pool.has(hashText)
  }

  receive(): void {}

  onCommitted(): void {}
}

import type { Startable } from '@bcos-ts/common'
import type { Block, BlockSignature } from '@bcos-ts/protocol'
import type { BlockStore, ExecutedBlock, TxPool } from '@bcos-ts/protocol/ports'
import { GroupStoppedError } from './errors.ts'
import type { WrittenBlocks } from './sync/difference/written-blocks.ts'

export type CommitBlock = (
  executed: ExecutedBlock,
  signatures: readonly BlockSignature[],
  proof?: Uint8Array,
) => Promise<void>

/**
 * The one way by which blocks enter the chain of a group. Consensus and synchronisation both use it, one
 * block at a time; whoever comes second with a block number gets `LEDGER_NOT_NEXT_BLOCK`.
 */
export interface BlockCommitter extends Startable {
  /**
   * Makes a block durable; then its transactions leave the pool and the engine is told, in this order, before
   * the promise resolves. Throws `LEDGER_NOT_NEXT_BLOCK`, `LEDGER_GROUP_STOPPED`, and what the storage throws.
   */
  readonly commit: CommitBlock
  /**
   * Runs `job` while nothing else is committed, so that what it finds at the head of the chain stays true
   * until it commits a block itself, by the function it is given.
   */
  exclusively<T>(job: (commit: CommitBlock) => Promise<T>): Promise<T>
}

export interface BlockCommitterComponents {
  readonly chain: Pick<BlockStore, 'commit'>
  readonly pool: Pick<TxPool, 'removeMined'>
  /** Called after each block; the engine's `onBlockCommitted`. */
  readonly onCommitted: () => void
  /** Keeps what the latest blocks wrote. */
  readonly written?: Pick<WrittenBlocks, 'note'>
}

/** From `stop` on nothing is committed; `stop` waits for what is under way. */
export function createBlockCommitter(components: BlockCommitterComponents): BlockCommitter {
  return new SerialCommitter(components)
}

class SerialCommitter implements BlockCommitter {
  readonly #components: BlockCommitterComponents
  /** Resolves when the last job is over, however it went. */
  #tail: Promise<unknown> = Promise.resolve()
  #isStopped = false

  constructor(components: BlockCommitterComponents) {
    this.#components = components
  }

  start(): void {
    this.#isStopped = false
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#tail
  }

  readonly commit: CommitBlock = (executed, signatures, proof) =>
    this.exclusively((commit) => commit(executed, signatures, proof))

  exclusively<T>(job: (commit: CommitBlock) => Promise<T>): Promise<T> {
    const result = this.#tail.then(() => job(this.#commit))
    this.#tail = result.catch(() => {})
    return result
  }

  readonly #commit: CommitBlock = async (executed, signatures, proof) => {
    const { chain, pool, onCommitted, written } = this.#components
    const block: Block = { ...executed.block, signatures }
    if (this.#isStopped) throw new GroupStoppedError(block.header.number)
    await chain.commit(executed, signatures, proof)
    written?.note(executed)
    pool.removeMined(block, executed.hash)
    onCommitted()
  }
}

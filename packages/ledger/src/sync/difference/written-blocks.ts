import { SystemTableName } from '@bcos-ts/protocol'
import type { ExecutedBlock, HashedRows } from '@bcos-ts/protocol/ports'

/** What is kept: so many blocks, with so many transactions in all. */
const BLOCKS_MAX = 64
const TRANSACTIONS_MAX = 4096

/**
 * What the latest blocks wrote, for peers whose execution gives something else. In memory only: a peer that stumbles
 * over a block asks at once, and what is older is on disk of nobody.
 */
export class WrittenBlocks {
  readonly #blocks = new Map<number, ExecutedBlock>()
  #transactions = 0

  /** After a block is committed. Costs nothing beyond the memory: rows are gathered for whom asks. */
  note(executed: ExecutedBlock): void {
    const { header, transactions } = executed.block
    if (executed.tables.hashedRows === undefined) return
    this.#blocks.set(header.number, executed)
    this.#transactions += transactions.length
    for (const [number, { block }] of this.#blocks) {
      const isLatest = number === header.number
      const isFull = this.#blocks.size > BLOCKS_MAX || this.#transactions > TRANSACTIONS_MAX
      if (isLatest || !isFull) break
      this.#blocks.delete(number)
      this.#transactions -= block.transactions.length
    }
  }

  /** Without the row by which the chain finds the block: it is written when the state root is settled. */
  rowsOf(number: number): readonly HashedRows[] | undefined {
    const tables = this.#blocks.get(number)?.tables.hashedRows?.()
    return tables?.filter(({ table }) => table !== SystemTableName.numberToHash)
  }
}

import { SystemTableName } from '@bcos-ts/protocol'
import type { ExecutedBlock, HashedRows, StateTables } from '@bcos-ts/protocol/ports'

/** What is kept: so many blocks, with so many transactions in all. */
const BLOCKS_MAX = 64
const TRANSACTIONS_MAX = 4096

/** Of an executed block no more than is told: receipts and transactions are the larger part of it. */
interface Written {
  readonly tables: StateTables
  readonly transactions: number
}

/**
 * What the latest blocks wrote, for peers whose execution gives something else. In memory only: a peer that stumbles
 * over a block asks at once, and what is older is on disk of nobody.
 */
export class WrittenBlocks {
  readonly #blocks = new Map<number, Written>()
  #transactions = 0

  /** After a block is committed. Costs nothing beyond the memory: rows are gathered for whom asks. */
  note({ block, tables }: ExecutedBlock): void {
    const { number: latest } = block.header
    if (tables.hashedRows === undefined) return
    this.#blocks.set(latest, { tables, transactions: block.transactions.length })
    this.#transactions += block.transactions.length
    for (const [number, { transactions }] of this.#blocks) {
      const isFull = this.#blocks.size > BLOCKS_MAX || this.#transactions > TRANSACTIONS_MAX
      if (number === latest || !isFull) break
      this.#blocks.delete(number)
      this.#transactions -= transactions
    }
  }

  /** Without the row by which the chain finds the block: it is written when the state root is settled. */
  rowsOf(number: number): readonly HashedRows[] | undefined {
    const tables = this.#blocks.get(number)?.tables.hashedRows?.()
    return tables?.filter(({ table }) => table !== SystemTableName.numberToHash)
  }
}

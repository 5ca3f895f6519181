import type { Block, HashText, NodeId, Transaction } from '@bcos-ts/protocol'
import type { ImportResult, TxPool } from '@bcos-ts/protocol/ports'

/** Waiting transactions in order of arrival; those of the chain do not come back. */
export class ModelPool implements Pick<TxPool, 'get' | 'import' | 'fetch' | 'size' | 'onAdded'> {
  readonly #waiting = new Map<HashText, Transaction>()
  readonly #mined = new Set<HashText>()
  readonly #listeners = new Set<(transaction: Transaction, from: NodeId | undefined) => void>()

  /** `false` when it is here, or was mined. */
  add(transaction: Transaction): boolean {
    const { hashText } = transaction
    if (this.#mined.has(hashText) || this.#waiting.has(hashText)) return false
    this.#waiting.set(hashText, transaction)
    for (const listener of this.#listeners) listener(transaction, undefined)
    return true
  }

  import(transaction: Transaction): ImportResult {
    this.add(transaction)
    return { status: 0, reason: '' }
  }

  get(hash: HashText): Transaction | undefined {
    return this.#waiting.get(hash)
  }

  size(): number {
    return this.#waiting.size
  }

  fetch(limit: number, except: ReadonlySet<HashText>): readonly Transaction[] {
    return [...this.#waiting.values()].filter((one) => !except.has(one.hashText)).slice(0, limit)
  }

  onAdded(listener: (transaction: Transaction, from: NodeId | undefined) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  removeMined(block: Block): void {
    for (const { hashText } of block.transactions) {
      this.#waiting.delete(hashText)
      this.#mined.add(hashText)
    }
  }
}

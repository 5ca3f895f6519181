import { BLOCK_LIMIT_WINDOW } from '@bcos-ts/protocol'
import type { BlockStore } from '@bcos-ts/protocol/ports'

/**
 * The nonces of blocks `max(0, n - 1000)` to `n`: none of them may be used again. Older ones need not be
 * remembered, because a transaction's block limit outlives no more than as many blocks (spec 04 §5.2).
 */
export class NonceWindow {
  readonly #blockOf = new Map<string, number>()
  readonly #ofBlock = new Map<number, readonly string[]>()

  /** Filled from the blocks that the chain already has. */
  constructor(chain: Pick<BlockStore, 'height' | 'nonces'>) {
    const height = chain.height()
    for (let number = Math.max(0, height - BLOCK_LIMIT_WINDOW); number <= height; number++) {
      this.add(number, chain.nonces(number))
    }
  }

  has(nonce: string): boolean {
    return this.#blockOf.has(nonce)
  }

  /** Takes the nonces of the next block in, and those of the block that falls out of the window out. */
  add(number: number, nonces: readonly string[]): void {
    this.#ofBlock.set(number, nonces)
    for (const nonce of nonces) this.#blockOf.set(nonce, number)
    this.#forget(number - BLOCK_LIMIT_WINDOW - 1)
  }

  #forget(number: number): void {
    for (const nonce of this.#ofBlock.get(number) ?? []) {
      // Blocks are not checked for nonces: a later one may have brought the same nonce again.
      if (this.#blockOf.get(nonce) === number) this.#blockOf.delete(nonce)
    }
    this.#ofBlock.delete(number)
  }
}

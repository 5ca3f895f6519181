import { type RandomSource, systemRandom } from '@bcos-ts/common'
import { BLOCK_LIMIT_WINDOW } from '@bcos-ts/protocol'
import type { BlockStore } from '@bcos-ts/protocol/ports'
import { type Fingerprint, type NonceSegment, OpenSegment } from './nonce-segment.ts'

/** Odd multipliers that spread the bits of a character over a word. */
const SPREAD_HIGH = 0x85eb_ca6b
const SPREAD_LOW = 0xcc9e_2d51

/**
 * The nonces of blocks `max(0, n - 1000)` to `n`: none of them may be used again. Older ones need not be
 * remembered, because a transaction's block limit outlives no more than as many blocks (spec 04 §5.2).
 *
 * A window may hold a million nonces. They are kept as fingerprints of 64 bits under a key that only this process
 * knows: nobody can choose a nonce that meets that of another transaction, and by chance it happens once in ten
 * trillion.
 */
export class NonceWindow {
  readonly #keyHigh: number
  readonly #keyLow: number
  /** Those that take no more blocks. */
  #closed: readonly NonceSegment[] = []
  #open: OpenSegment
  #oldest = 0

  /** Filled from the blocks that the chain already has. */
  constructor(chain: Pick<BlockStore, 'height' | 'nonces'>, random: RandomSource = systemRandom) {
    const key = new DataView(random.bytes(8).slice().buffer)
    this.#keyHigh = key.getUint32(0)
    this.#keyLow = key.getUint32(4)
    const height = chain.height()
    const first = Math.max(0, height - BLOCK_LIMIT_WINDOW)
    this.#open = new OpenSegment(first)
    for (let number = first; number <= height; number++) {
      this.add(number, chain.nonces(number))
    }
  }

  has(nonce: string): boolean {
    const print = this.#fingerprint(nonce)
    if (this.#open.blockOf(print) >= this.#oldest) return true
    return this.#closed.some((segment) => segment.blockOf(print) >= this.#oldest)
  }

  /** Takes the nonces of the next block in, and those of the block that falls out of the window out. */
  add(number: number, nonces: readonly string[]): void {
    this.#oldest = Math.max(0, number - BLOCK_LIMIT_WINDOW)
    if (!this.#open.takes(number)) {
      const kept = this.#closed.filter(({ last }) => last >= this.#oldest)
      this.#closed = [...kept, this.#open.close()]
      this.#open = new OpenSegment(number)
    }
    for (const nonce of nonces) this.#open.add(this.#fingerprint(nonce), number)
    this.#open.last = number
  }

  #fingerprint(nonce: string): Fingerprint {
    let high = this.#keyHigh
    let low = this.#keyLow
    for (let i = 0; i < nonce.length; i++) {
      const code = nonce.charCodeAt(i)
      high = Math.imul(high ^ code ^ (low >>> 15), SPREAD_HIGH)
      low = Math.imul(low ^ code ^ (high >>> 13), SPREAD_LOW)
    }
    return { high: (high ^ (low >>> 16)) >>> 0, low: (low ^ (high >>> 16)) >>> 0 }
  }
}

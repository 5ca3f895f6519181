import type { Address } from '@bcos-ts/protocol'
import { toWord, type Word } from './words.ts'

const ADDRESSES_MAX = 4096

/** Addresses as words, those seen lately: CALLER and ADDRESS of one account are asked for many times. */
export class AddressMemo {
  readonly #words = new Map<Address, Word>()

  word(address: Address): Word {
    const known = this.#words.get(address)
    if (known !== undefined) return known
    if (this.#words.size >= ADDRESSES_MAX) this.#words.clear()
    const word = toWord(BigInt(`0x${address}`))
    this.#words.set(address, word)
    return word
  }
}

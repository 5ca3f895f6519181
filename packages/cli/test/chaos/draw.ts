import { bytesToBigInt, utf8 } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'

const DRAWN_BYTES = 6
const DRAWN_LIMIT = 2 ** (8 * DRAWN_BYTES)

/** Chance that a seed and a name decide: the same choices in every run. */
export class Draw {
  readonly #name: string
  #count = 0

  constructor(seed: number, name: string) {
    this.#name = `${seed} ${name}`
  }

  /** From 0 up to, not including, 1. */
  fraction(): number {
    this.#count += 1
    const hash = standardSuite.hash(utf8(`${this.#name} ${this.#count}`))
    return Number(bytesToBigInt(hash.subarray(0, DRAWN_BYTES))) / DRAWN_LIMIT
  }

  /** An integer from 0 up to, not including, the limit. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit)
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)]
    if (picked === undefined) throw new Error('there is nothing to pick from')
    return picked
  }

  /** So many different ones. */
  some<T>(list: readonly T[], count: number): readonly T[] {
    const left = [...list]
    return Array.from({ length: count }, () => left.splice(this.below(left.length), 1)).flat()
  }
}

const FIRST_SIZE = 1024
/** Fuller than this, it is made twice as large. */
const FULL = 0.6
const FREE = -1

/**
 * Numbers from 0 on for keys that are integers below 2^53, in the order in which they were met. Exact: nothing but
 * the key itself decides. Takes about 20 bytes for each, and has no limit of entries as a `Map` has.
 */
export class KeyTable {
  #keys = new Float64Array(FIRST_SIZE)
  #slots = new Int32Array(2 * FIRST_SIZE).fill(FREE)
  #size = 0

  get size(): number {
    return this.#size
  }

  keyAt(number: number): number {
    return this.#keys[number] ?? 0
  }

  /** The number of a key, a new one when it is met first. */
  numberOf(key: number): number {
    const slot = this.#find(key)
    const known = this.#slots[slot] ?? FREE
    if (known !== FREE) return known
    if (this.#size >= FULL * this.#slots.length) {
      this.#grow()
      return this.numberOf(key)
    }
    if (this.#size === this.#keys.length) {
      const keys = new Float64Array(2 * this.#size)
      keys.set(this.#keys)
      this.#keys = keys
    }
    this.#slots[slot] = this.#size
    this.#keys[this.#size] = key
    return this.#size++
  }

  #find(key: number): number {
    const mask = this.#slots.length - 1
    const high = Math.floor(key / 2 ** 32)
    let hash = Math.imul((key >>> 0) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35)
    let slot = (hash ^ (hash >>> 16)) & mask
    for (;;) {
      const number = this.#slots[slot] ?? FREE
      if (number === FREE || this.#keys[number] === key) return slot
      slot = (slot + 1) & mask
    }
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length).fill(FREE)
    for (let number = 0; number < this.#size; number++) {
      this.#slots[this.#find(this.#keys[number] ?? 0)] = number
    }
  }
}

const START_SLOTS = 1024

/** The two halves of a nonce's fingerprint, 32 bits each. */
export interface Fingerprint {
  readonly high: number
  readonly low: number
}

/**
 * The nonces of a few consecutive blocks, as fingerprints in an open table: ten bytes a slot, and at least half of
 * the slots are empty. It only grows, and goes as a whole.
 */
export class NonceSegment {
  /** Of its first block. */
  readonly first: number
  /** Of its last block so far. */
  last: number
  #high = new Uint32Array(START_SLOTS)
  #low = new Uint32Array(START_SLOTS)
  /** Block of a nonce, counted from 1 within the segment; 0 is an empty slot. */
  #place = new Uint16Array(START_SLOTS)
  #count = 0

  constructor(first: number) {
    this.first = first
    this.last = first
  }

  /** The last block that had the nonce, or -1. */
  blockOf(print: Fingerprint): number {
    const place = this.#place[this.#slotOf(print)] ?? 0
    return place === 0 ? -1 : this.first + place - 1
  }

  add(print: Fingerprint, block: number): void {
    this.last = block
    if (2 * (this.#count + 1) > this.#place.length) this.#grow()
    const slot = this.#slotOf(print)
    if (this.#place[slot] === 0) this.#count += 1
    this.#high[slot] = print.high
    this.#low[slot] = print.low
    this.#place[slot] = block - this.first + 1
  }

  /** Where the nonce is, or where it would be put. */
  #slotOf({ high, low }: Fingerprint): number {
    const mask = this.#place.length - 1
    let slot = low & mask
    while (this.#place[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high)) {
      slot = (slot + 1) & mask
    }
    return slot
  }

  #grow(): void {
    const [highs, lows, places] = [this.#high, this.#low, this.#place]
    this.#high = new Uint32Array(2 * highs.length)
    this.#low = new Uint32Array(2 * lows.length)
    this.#place = new Uint16Array(2 * places.length)
    for (const [old, place] of places.entries()) {
      if (place === 0) continue
      const print = { high: highs[old] ?? 0, low: lows[old] ?? 0 }
      const slot = this.#slotOf(print)
      this.#high[slot] = print.high
      this.#low[slot] = print.low
      this.#place[slot] = place
    }
  }
}

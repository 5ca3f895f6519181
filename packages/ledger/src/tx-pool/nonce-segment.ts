const START_SLOTS = 1024

/** The two halves of a nonce's fingerprint, 32 bits each. */
export interface Fingerprint {
  readonly high: number
  readonly low: number
}

/** Blocks of a segment, at most: their places in it fit in a byte. */
const SEGMENT_BLOCKS = 256

/** The nonces of a few consecutive blocks. It goes as a whole. */
export interface NonceSegment {
  /** Number of its last block. */
  readonly last: number
  /** The last block that had the nonce, or -1. */
  blockOf(print: Fingerprint): number
}

/**
 * A segment that takes the newest blocks: fingerprints in an open table, ten bytes a slot, of which at least half
 * are empty.
 */
export class OpenSegment implements NonceSegment {
  /** Number of its first block. */
  readonly first: number
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

  takes(block: number): boolean {
    return block - this.first < SEGMENT_BLOCKS
  }

  /** The same nonces, in a third of the memory. */
  close(): NonceSegment {
    return new ClosedSegment(this)
  }

  /** Calls back for each nonce, in no order. */
  forEach(visit: (high: number, low: number, block: number) => void): void {
    for (let slot = 0; slot < this.#place.length; slot++) {
      const place = this.#place[slot] ?? 0
      if (place === 0) continue
      visit(this.#high[slot] ?? 0, this.#low[slot] ?? 0, this.first + place - 1)
    }
  }

  get count(): number {
    return this.#count
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

/** Nonces that share a bucket of a closed segment, on average and at most; at least half as many. */
const BUCKET_LOAD = 4

/**
 * A segment that takes no more blocks: fingerprints by bucket, eight to nine bytes each and no gaps. The high bits of
 * a fingerprint choose its bucket, so the upper half of `high` need not be kept beside it.
 */
class ClosedSegment implements NonceSegment {
  readonly last: number
  readonly #first: number
  /** From the high half of a fingerprint to its bucket. */
  readonly #shift: number
  /** Where each bucket begins, and where the last one ends. */
  readonly #starts: Uint32Array
  readonly #middle: Uint16Array
  readonly #low: Uint32Array
  /** Block of a nonce, counted from 0 within the segment. */
  readonly #place: Uint8Array

  constructor(open: OpenSegment) {
    this.last = open.last
    this.#first = open.first
    const bucketBits = Math.max(1, Math.ceil(Math.log2(open.count / BUCKET_LOAD)))
    this.#shift = 32 - bucketBits
    this.#middle = new Uint16Array(open.count)
    this.#low = new Uint32Array(open.count)
    this.#place = new Uint8Array(open.count)

    // Counts of the buckets become their ends, and go down to their starts as the nonces are put in.
    const starts = new Uint32Array(2 ** bucketBits + 1)
    open.forEach((high) => (starts[high >>> this.#shift]! += 1))
    for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket]! += starts[bucket - 1]!
    open.forEach((high, low, block) => {
      const at = (starts[high >>> this.#shift]! -= 1)
      this.#middle[at] = high & 0xffff
      this.#low[at] = low
      this.#place[at] = block - this.#first
    })
    this.#starts = starts
  }

  blockOf({ high, low }: Fingerprint): number {
    const bucket = high >>> this.#shift
    const end = this.#starts[bucket + 1] ?? 0
    for (let at = this.#starts[bucket] ?? 0; at < end; at++) {
      if (this.#low[at] === low && this.#middle[at] === (high & 0xffff)) {
        return this.#first + (this.#place[at] ?? 0)
      }
    }
    return -1
  }
}

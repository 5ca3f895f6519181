import { EMPTY_BYTES } from '@bcos-ts/common'

const WORD = 32
const INITIAL_BYTES = 1024

/** Byte memory of one frame: grows in words, is zero where nothing was written. */
export class Memory {
  #bytes: Uint8Array = EMPTY_BYTES
  #view: DataView = new DataView(EMPTY_BYTES.buffer)
  #words = 0

  /** In use, a multiple of 32 (MSIZE). */
  get size(): number {
    return this.#words * WORD
  }

  get words(): number {
    return this.#words
  }

  /** Makes room for `words`; the caller has paid for it. */
  grow(words: number): void {
    if (words <= this.#words) return
    this.#words = words
    const needed = words * WORD
    if (needed <= this.#bytes.length) return
    let capacity = Math.max(this.#bytes.length, INITIAL_BYTES)
    while (capacity < needed) capacity *= 2
    const larger = new Uint8Array(capacity)
    larger.set(this.#bytes)
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }

  loadWord(at: number): bigint {
    const view = this.#view
    const high = (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8)
    const low = (view.getBigUint64(at + 16) << 64n) | view.getBigUint64(at + 24)
    return (high << 128n) | low
  }

  storeWord(at: number, value: bigint): void {
    const view = this.#view
    // A DataView keeps the low 64 bits of what it is given.
    view.setBigUint64(at + 24, value)
    view.setBigUint64(at + 16, value >> 64n)
    view.setBigUint64(at + 8, value >> 128n)
    view.setBigUint64(at, value >> 192n)
  }

  storeByte(at: number, value: number): void {
    this.#bytes[at] = value
  }

  /** A view that is valid until the memory grows. */
  read(at: number, length: number): Uint8Array {
    return length === 0 ? EMPTY_BYTES : this.#bytes.subarray(at, at + length)
  }

  copy(at: number, length: number): Uint8Array {
    return length === 0 ? EMPTY_BYTES : this.#bytes.slice(at, at + length)
  }

  /** Writes `length` bytes of `source` from `from`, zeros where the source has ended. */
  write(
    at: number,
    length: number,
    source: { readonly bytes: Uint8Array; readonly from: number },
  ): void {
    if (length === 0) return
    const { bytes, from } = source
    const available = Math.max(0, Math.min(length, bytes.length - from))
    if (available > 0) this.#bytes.set(bytes.subarray(from, from + available), at)
    if (available < length) this.#bytes.fill(0, at + available, at + length)
  }
}

import { EMPTY_BYTES } from '@bcos-ts/common'
import { loadWord, storeWord, type Word } from './words.ts'

const WORD = 32
const INITIAL_BYTES = 1024
/** A memory that has grown beyond this is not used again for another frame. */
const REUSED_BYTES_MAX = 64 * 1024

/** Byte memory of one frame: grows in words, is zero where nothing was written. */
export class Memory {
  /** In use, in bytes: a multiple of 32 (MSIZE). */
  size = 0
  #bytes: Uint8Array = new Uint8Array(INITIAL_BYTES)
  #view: DataView = new DataView(this.#bytes.buffer)

  get words(): number {
    return this.size / WORD
  }

  /** Makes room for `words`; the caller has paid for it. */
  grow(words: number): void {
    const needed = words * WORD
    if (needed <= this.size) return
    this.size = needed
    if (needed <= this.#bytes.length) return
    let capacity = this.#bytes.length
    while (capacity < needed) capacity *= 2
    const larger = new Uint8Array(capacity)
    larger.set(this.#bytes)
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }

  /** Empties the memory. `false` when it is too large to be kept. */
  reset(): boolean {
    if (this.#bytes.length > REUSED_BYTES_MAX) return false
    this.#bytes.fill(0, 0, this.size)
    this.size = 0
    return true
  }

  loadWord(at: number): Word {
    return loadWord(this.#view, at)
  }

  storeWord(at: number, value: Word): void {
    storeWord(this.#view, at, value)
  }

  storeByte(at: number, value: number): void {
    this.#bytes[at] = value
  }

  /** A piece of four bytes as a signed number. */
  limb(at: number): number {
    return this.#view.getInt32(at)
  }

  /** A view that is valid until the memory grows or its frame ends. */
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

import { EMPTY_BYTES } from './bytes.ts'

const CAPACITY_MIN = 4096

/**
 * Bytes of a stream that wait until a whole message is there. Pieces are put side by side, so that a peer
 * who sends one byte at a time costs one byte at a time; a piece that holds whole messages is not copied
 * until they are taken.
 */
export class ByteQueue {
  #bytes: Uint8Array = EMPTY_BYTES
  #start = 0
  #end = 0
  /** Whether `#bytes` is our own buffer and may be written to. */
  #isOwned = false

  get length(): number {
    return this.#end - this.#start
  }

  /** The queue may keep `piece`: it must not be changed afterwards. */
  push(piece: Uint8Array): void {
    if (piece.length === 0) return
    if (this.length === 0) {
      this.#bytes = piece
      this.#start = 0
      this.#end = piece.length
      this.#isOwned = false
      return
    }
    this.#makeRoom(piece.length)
    this.#bytes.set(piece, this.#end)
    this.#end += piece.length
  }

  /** Big-endian unsigned 32-bit number at `offset`, or `undefined` when it is not all there. */
  peekUint32(offset: number): number | undefined {
    if (offset + 4 > this.length) return undefined
    const at = this.#start + offset
    const { buffer, byteOffset } = this.#bytes
    return new DataView(buffer, byteOffset + at, 4).getUint32(0)
  }

  /** Takes the first `count` bytes as a copy. A RangeError when there are fewer. */
  take(count: number): Uint8Array {
    if (count > this.length) throw new RangeError(`${count} bytes of ${this.length}`)
    const taken = new Uint8Array(count)
    taken.set(this.#bytes.subarray(this.#start, this.#start + count))
    this.#start += count
    if (this.#start === this.#end) this.clear()
    return taken
  }

  clear(): void {
    this.#bytes = EMPTY_BYTES
    this.#start = 0
    this.#end = 0
    this.#isOwned = false
  }

  #makeRoom(more: number): void {
    const { length } = this
    if (this.#isOwned && this.#end + more <= this.#bytes.length) return
    const isRoomy = this.#isOwned && 2 * (length + more) <= this.#bytes.length
    const target = isRoomy
      ? this.#bytes
      : new Uint8Array(Math.max(CAPACITY_MIN, 2 * (length + more)))
    target.set(this.#bytes.subarray(this.#start, this.#end))
    this.#bytes = target
    this.#start = 0
    this.#end = length
    this.#isOwned = true
  }
}

const SLAB_BYTES = 8192
/** Smaller pieces lie on the heap of the engine, which is cheaper still, and keep nothing else alive. */
const PIECE_MIN = 65
/** Larger ones get memory of their own. */
const PIECE_MAX = 1024

/**
 * Memory for small values that live about as long as their neighbours, such as the transactions of a pool. Pieces
 * share one `ArrayBuffer`, which costs a tenth of giving each its own; the last of them to go frees it. Never
 * transfer or detach the buffer of a piece.
 */
export class ByteSlab {
  #slab = new ArrayBuffer(0)
  #used = 0

  /** Zeroed. */
  alloc(length: number): Uint8Array {
    if (length < PIECE_MIN || length > PIECE_MAX) return new Uint8Array(length)
    if (this.#used + length > this.#slab.byteLength) {
      this.#slab = new ArrayBuffer(SLAB_BYTES)
      this.#used = 0
    }
    const piece = new Uint8Array(this.#slab, this.#used, length)
    this.#used += length
    return piece
  }

  copy(bytes: Uint8Array): Uint8Array {
    const copy = this.alloc(bytes.length)
    copy.set(bytes)
    return copy
  }
}

const passing = new ByteSlab()

/** Zeroed memory for a value that is soon gone, or that is one of few. */
export function allocBytes(length: number): Uint8Array {
  return passing.alloc(length)
}

const SLAB_BYTES = 16_384
/** Larger pieces get memory of their own: a slab is not kept alive for long by one of them. */
const PIECE_MAX = 2048

let slab = new ArrayBuffer(SLAB_BYTES)
let used = 0

/**
 * Zeroed memory for a small value that lives about as long as its neighbours, such as the parts of a transaction.
 * Pieces share one `ArrayBuffer`, which costs a tenth of giving each its own: never transfer or detach their buffer.
 */
export function allocBytes(length: number): Uint8Array {
  if (length > PIECE_MAX) return new Uint8Array(length)
  if (used + length > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES)
    used = 0
  }
  const piece = new Uint8Array(slab, used, length)
  used += length
  return piece
}

/** A copy in memory from {@link allocBytes}. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  const copy = allocBytes(bytes.length)
  copy.set(bytes)
  return copy
}

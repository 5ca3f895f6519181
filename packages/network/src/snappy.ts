/**
 * Raw snappy blocks (no framing format), as P2P frames carry them. Compression is the library's; reading is
 * our own, because the library's reader can be sent into an endless loop by a literal of negative length.
 * @module
 */
import { compress } from 'snappyjs'
import { InvalidFrameError } from './errors.ts'

/** A copy of three bytes gives 64 at most, so that no block grows by more than this factor. */
const GROWTH_MAX = 22
const LENGTH_BYTES_MAX = 5

export function snappyCompress(bytes: Uint8Array): Uint8Array {
  return compress(bytes)
}

/**
 * The bytes of a block. Throws {@link InvalidFrameError} before anything is allocated when it announces
 * more than `bytesMax`, or more than its own length can hold.
 */
export function snappyUncompress(block: Uint8Array, bytesMax: number): Uint8Array {
  const { length, next } = announcedLength(block)
  if (length > bytesMax) {
    throw new InvalidFrameError(`${length} bytes uncompressed, ${bytesMax} allowed`)
  }
  if (length > GROWTH_MAX * block.length) {
    throw new InvalidFrameError(`${length} bytes cannot come out of ${block.length}`)
  }
  const output = new Uint8Array(length)
  let from = next
  let to = 0
  while (from < block.length) {
    const element = readElement(block, from)
    if (to + element.length > length) throw new InvalidFrameError('more bytes than announced')
    if (element.isLiteral) {
      output.set(block.subarray(element.next - element.length, element.next), to)
    } else {
      copyBack(output, to, element)
    }
    to += element.length
    from = element.next
  }
  if (to !== length) throw new InvalidFrameError('fewer bytes than announced')
  return output
}

interface Element {
  readonly isLiteral: boolean
  readonly length: number
  /** Of a copy: how far back its source lies. */
  readonly offset: number
  /** Position behind the element. */
  readonly next: number
}

function announcedLength(block: Uint8Array): { length: number; next: number } {
  let length = 0
  for (let i = 0; i < LENGTH_BYTES_MAX; i++) {
    const byte = block[i]
    if (byte === undefined) break
    length += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { length, next: i + 1 }
  }
  throw new InvalidFrameError('the compressed payload does not begin with a length')
}

function littleEndian(block: Uint8Array, at: number, count: number): number {
  if (at + count > block.length) throw new InvalidFrameError('the compressed payload is cut off')
  let value = 0
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (block[at + i] ?? 0)
  return value
}

function readElement(block: Uint8Array, at: number): Element {
  const tag = block[at] ?? 0
  const high = tag >>> 2
  switch (tag & 3) {
    case 0: {
      const extra = Math.max(0, high - 59)
      const length = 1 + (extra === 0 ? high : littleEndian(block, at + 1, extra))
      const next = at + 1 + extra + length
      if (next > block.length) throw new InvalidFrameError('a literal is cut off')
      return { isLiteral: true, length, offset: 0, next }
    }
    case 1: {
      const offset = ((tag >>> 5) << 8) | littleEndian(block, at + 1, 1)
      return { isLiteral: false, length: 4 + (high & 7), offset, next: at + 2 }
    }
    case 2:
      return copyElement(high, littleEndian(block, at + 1, 2), at + 3)
    default:
      return copyElement(high, littleEndian(block, at + 1, 4), at + 5)
  }
}

function copyElement(high: number, offset: number, next: number): Element {
  return { isLiteral: false, length: high + 1, offset, next }
}

/** A copy may reach into what it is itself writing: then it repeats. */
function copyBack(output: Uint8Array, to: number, { offset, length }: Element): void {
  if (offset === 0 || offset > to) throw new InvalidFrameError('a copy from before the beginning')
  if (offset >= length) {
    output.copyWithin(to, to - offset, to - offset + length)
    return
  }
  for (let i = to; i < to + length; i++) output[i] = output[i - offset] ?? 0
}

import { InvalidRlpError } from '../errors.ts'

export const STRING_OFFSET = 0x80
export const LIST_OFFSET = 0xc0
export const SHORT_MAX = 55
const LENGTH_BYTES_MAX = 6

/**
 * Walks over RLP items that stand side by side, without an object for each: after `next`, the fields tell where
 * the item lies. `[start, end)` is the whole item, `[payload, end)` its content.
 */
export class RlpCursor {
  bytes: Uint8Array = new Uint8Array(0)
  limit = 0
  start = 0
  payload = 0
  end = 0
  isList = false

  /** Begins before the item at `at`; items must end at or before `limit`. */
  enter(bytes: Uint8Array, at: number, limit: number): void {
    this.bytes = bytes
    this.limit = limit
    this.end = at
  }

  get isAtEnd(): boolean {
    return this.end >= this.limit
  }

  /** To the next item. Throws {@link InvalidRlpError} for one that is not strictly encoded, or not all there. */
  next(): void {
    const { bytes, limit, end: at } = this
    const first = bytes[at]
    if (first === undefined || at >= limit) throw new InvalidRlpError('an item is missing', at)
    let payload = at + 1
    let length = 1
    const isList = first >= LIST_OFFSET
    if (first < STRING_OFFSET) {
      payload = at
    } else {
      length = first - (isList ? LIST_OFFSET : STRING_OFFSET)
      if (length > SHORT_MAX) {
        const size = length - SHORT_MAX
        length = longLength(bytes, payload, size)
        payload += size
      }
    }
    const end = payload + length
    if (end > limit) throw new InvalidRlpError('the item is cut off', at)
    if (!isList && length === 1 && payload > at && (bytes[payload] ?? 0) < STRING_OFFSET) {
      throw new InvalidRlpError('a single byte with a needless prefix', at)
    }
    this.start = at
    this.payload = payload
    this.end = end
    this.isList = isList
  }

  /** Into the list that is the item: its items follow. */
  descend(): void {
    if (!this.isList) throw new InvalidRlpError('bytes where a list is wanted', this.start)
    this.enter(this.bytes, this.payload, this.end)
  }
}

function longLength(bytes: Uint8Array, at: number, size: number): number {
  if (at + size > bytes.length) throw new InvalidRlpError('the length is cut off', at)
  if (bytes[at] === 0) throw new InvalidRlpError('a length begins with a zero byte', at)
  if (size > LENGTH_BYTES_MAX) throw new InvalidRlpError('the length is beyond any message', at)
  let length = 0
  for (let i = 0; i < size; i++) length = length * 256 + (bytes[at + i] ?? 0)
  if (length <= SHORT_MAX) throw new InvalidRlpError('a short item in long form', at)
  return length
}

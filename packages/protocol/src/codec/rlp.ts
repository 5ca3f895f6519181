/**
 * RLP (spec 01 §2.1): strict decoding over offsets into the given bytes, and encoding of parts.
 * @module
 */
import { bigIntToMinimalBytes, bytesToBigInt, concatBytes, EMPTY_BYTES } from '@bcos-ts/common'
import { InvalidRlpError } from '../errors.ts'

const STRING_OFFSET = 0x80
const LIST_OFFSET = 0xc0
const LONG_STRING_OFFSET = 0xb7
const LONG_LIST_OFFSET = 0xf7
const SHORT_MAX = 55
/**
 * Items of one list where the caller knows no smaller bound. An item costs its sender one byte, but us an
 * object: without a bound, one long message would take gigabytes.
 */
const ITEMS_MAX = 1_048_576

/** Where an item lies in its source: `[start, end)` is the whole item, `[payload, end)` its content. */
export interface RlpItem {
  readonly start: number
  readonly payload: number
  readonly end: number
  readonly isList: boolean
}

function longLength(bytes: Uint8Array, at: number, size: number): number {
  if (at + size > bytes.length) throw new InvalidRlpError('the length is cut off', at)
  if (bytes[at] === 0) throw new InvalidRlpError('a length begins with a zero byte', at)
  if (size > 6) throw new InvalidRlpError('the length is beyond any message', at)
  let length = 0
  for (let i = 0; i < size; i++) length = length * 256 + (bytes[at + i] ?? 0)
  if (length <= SHORT_MAX) throw new InvalidRlpError('a short item in long form', at)
  return length
}

/** Reads the header of the item at `at`; the item must end at or before `limit`. */
function readItem(bytes: Uint8Array, at: number, limit: number): RlpItem {
  const first = bytes[at]
  if (first === undefined || at >= limit) throw new InvalidRlpError('an item is missing', at)
  let payload = at + 1
  let length: number
  const isList = first >= LIST_OFFSET
  if (first < STRING_OFFSET) {
    payload = at
    length = 1
  } else {
    const base = isList ? LIST_OFFSET : STRING_OFFSET
    if (first <= base + SHORT_MAX) {
      length = first - base
    } else {
      const size = first - (isList ? LONG_LIST_OFFSET : LONG_STRING_OFFSET)
      length = longLength(bytes, payload, size)
      payload += size
    }
  }
  const end = payload + length
  if (end > limit) throw new InvalidRlpError('the item is cut off', at)
  if (!isList && length === 1 && payload > at && (bytes[payload] ?? 0) < STRING_OFFSET) {
    throw new InvalidRlpError('a single byte with a needless prefix', at)
  }
  return { start: at, payload, end, isList }
}

/** A list whose items have been found but not copied. Reading past the end throws, as in the reference. */
export class RlpList {
  readonly source: Uint8Array
  readonly items: readonly RlpItem[]

  constructor(source: Uint8Array, items: readonly RlpItem[]) {
    this.source = source
    this.items = items
  }

  get length(): number {
    return this.items.length
  }

  item(index: number): RlpItem {
    const item = this.items[index]
    if (item === undefined) {
      throw new InvalidRlpError(`item ${index} is missing`, this.source.length)
    }
    return item
  }

  isList(index: number): boolean {
    return this.item(index).isList
  }

  /** The whole item, header included. */
  raw(index: number): Uint8Array {
    const { start, end } = this.item(index)
    return this.source.subarray(start, end)
  }

  /** Content of a byte string, not copied. */
  bytes(index: number): Uint8Array {
    const { payload, end, isList, start } = this.item(index)
    if (isList) throw new InvalidRlpError('a list where bytes are wanted', start)
    return this.source.subarray(payload, end)
  }

  /** Bytes of an exact length. */
  fixed(index: number, length: number): Uint8Array {
    const bytes = this.bytes(index)
    if (bytes.length !== length) {
      throw new InvalidRlpError(
        `${bytes.length} bytes instead of ${length}`,
        this.item(index).start,
      )
    }
    return bytes
  }

  /** Minimal big-endian bytes of an integer of at most `maxBytes`. */
  integerBytes(index: number, maxBytes: number): Uint8Array {
    const bytes = this.bytes(index)
    const { start } = this.item(index)
    if (bytes[0] === 0) throw new InvalidRlpError('an integer with a leading zero byte', start)
    if (bytes.length > maxBytes) {
      throw new InvalidRlpError(`an integer of more than ${maxBytes} bytes`, start)
    }
    return bytes
  }

  bigint(index: number, maxBytes = 32): bigint {
    return bytesToBigInt(this.integerBytes(index, maxBytes))
  }

  /** An integer that fits a double exactly. */
  number(index: number, maxBytes = 6): number {
    let value = 0
    for (const byte of this.integerBytes(index, Math.min(maxBytes, 6))) value = value * 256 + byte
    return value
  }

  /** Throws when there are more than `itemsMax` items. */
  list(index: number, itemsMax: number = ITEMS_MAX): RlpList {
    const { payload, end, isList, start } = this.item(index)
    if (!isList) throw new InvalidRlpError('bytes where a list is wanted', start)
    return new RlpList(this.source, readItems(this.source, { start: payload, end, itemsMax }))
  }
}

interface Span {
  readonly start: number
  readonly end: number
  readonly itemsMax: number
}

/** The items that stand side by side in `[start, end)`. */
function readItems(bytes: Uint8Array, { start, end, itemsMax }: Span): RlpItem[] {
  const items: RlpItem[] = []
  for (let at = start; at < end;) {
    if (items.length >= itemsMax) throw new InvalidRlpError(`more than ${itemsMax} items`, at)
    const item = readItem(bytes, at, end)
    items.push(item)
    at = item.end
  }
  return items
}

/** Items without a list around them, as they stand in PBFT bodies (spec 04 §0.1). */
export function decodeSequence(bytes: Uint8Array, itemsMax: number = ITEMS_MAX): RlpList {
  return new RlpList(bytes, readItems(bytes, { start: 0, end: bytes.length, itemsMax }))
}

/** A list of at most `itemsMax` items that fills the bytes exactly. Throws {@link InvalidRlpError}. */
export function decodeList(bytes: Uint8Array, itemsMax: number = ITEMS_MAX): RlpList {
  const whole = readItem(bytes, 0, bytes.length)
  if (!whole.isList) throw new InvalidRlpError('bytes where a list is wanted', 0)
  if (whole.end !== bytes.length) throw new InvalidRlpError('bytes behind the end', whole.end)
  const { payload: start, end } = whole
  return new RlpList(bytes, readItems(bytes, { start, end, itemsMax }))
}

function header(length: number, offset: number): Uint8Array {
  if (length <= SHORT_MAX) return Uint8Array.of(offset + length)
  const size = bigIntToMinimalBytes(BigInt(length))
  const bytes = new Uint8Array(1 + size.length)
  bytes[0] = offset + SHORT_MAX + size.length
  bytes.set(size, 1)
  return bytes
}

export function encodeBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 1 && (bytes[0] ?? 0) < STRING_OFFSET) return bytes
  return concatBytes(header(bytes.length, STRING_OFFSET), bytes)
}

/** A non-negative integer. */
export function encodeInteger(value: number | bigint): Uint8Array {
  if (typeof value === 'number' && value < STRING_OFFSET) {
    return Uint8Array.of(value === 0 ? STRING_OFFSET : value)
  }
  return encodeBytes(bigIntToMinimalBytes(BigInt(value)))
}

/** A list of items that are already encoded. */
export function encodeList(items: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const item of items) length += item.length
  const head = header(length, LIST_OFFSET)
  const whole = new Uint8Array(head.length + length)
  whole.set(head)
  let at = head.length
  for (const item of items) {
    whole.set(item, at)
    at += item.length
  }
  return whole
}

function itemBytes(content: Uint8Array): number {
  const { length } = content
  if (length === 1 && (content[0] ?? 0) < STRING_OFFSET) return 1
  return (length <= SHORT_MAX ? 1 : header(length, STRING_OFFSET).length) + length
}

/**
 * A list of byte strings, and behind them items that are already encoded. In one piece: what is encoded for every
 * transaction is not put together from parts.
 */
export function encodeStrings(
  contents: readonly Uint8Array[],
  tail: Uint8Array = EMPTY_BYTES,
): Uint8Array {
  let length = tail.length
  for (const content of contents) length += itemBytes(content)
  const head = header(length, LIST_OFFSET)
  const whole = new Uint8Array(head.length + length)
  whole.set(head)
  let at = head.length
  for (const content of contents) {
    if (content.length > SHORT_MAX) {
      const long = header(content.length, STRING_OFFSET)
      whole.set(long, at)
      at += long.length
    } else if (content.length !== 1 || (content[0] ?? 0) >= STRING_OFFSET) {
      whole[at++] = STRING_OFFSET + content.length
    }
    whole.set(content, at)
    at += content.length
  }
  whole.set(tail, at)
  return whole
}

/** The list around a payload that is already a sequence of encoded items. */
export function wrapList(payload: Uint8Array): Uint8Array {
  return concatBytes(header(payload.length, LIST_OFFSET), payload)
}

export const EMPTY_LIST: Uint8Array = encodeList([])
export const EMPTY_STRING: Uint8Array = encodeBytes(EMPTY_BYTES)

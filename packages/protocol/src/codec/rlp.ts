/**
 * RLP (spec 01 §2.1): strict decoding over offsets into the given bytes, and encoding of parts.
 * @module
 */
import { bytesToBigInt, EMPTY_BYTES } from '@bcos-ts/common'
import { InvalidRlpError } from '../errors.ts'
import { RlpCursor, STRING_OFFSET } from './rlp-cursor.ts'
import { RlpWriter } from './rlp-writer.ts'

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

const cursor = new RlpCursor()

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
function readItems(bytes: Uint8Array, span: Span): RlpItem[] {
  const items: RlpItem[] = []
  cursor.enter(bytes, span.start, span.end)
  while (!cursor.isAtEnd) {
    if (items.length >= span.itemsMax) {
      throw new InvalidRlpError(`more than ${span.itemsMax} items`, cursor.end)
    }
    cursor.next()
    const { start, payload, end, isList } = cursor
    items.push({ start, payload, end, isList })
  }
  return items
}

/** Items without a list around them, as they stand in PBFT bodies (spec 04 §0.1). */
export function decodeSequence(bytes: Uint8Array, itemsMax: number = ITEMS_MAX): RlpList {
  return new RlpList(bytes, readItems(bytes, { start: 0, end: bytes.length, itemsMax }))
}

/** A list of at most `itemsMax` items that fills the bytes exactly. Throws {@link InvalidRlpError}. */
export function decodeList(bytes: Uint8Array, itemsMax: number = ITEMS_MAX): RlpList {
  enterList(cursor, bytes)
  const { end: start, limit: end } = cursor
  return new RlpList(bytes, readItems(bytes, { start, end, itemsMax }))
}

/** Puts the cursor before the first item of a list that fills the bytes exactly. Throws {@link InvalidRlpError}. */
export function enterList(at: RlpCursor, bytes: Uint8Array): void {
  at.enter(bytes, 0, bytes.length)
  at.next()
  if (!at.isList) throw new InvalidRlpError('bytes where a list is wanted', 0)
  if (at.end !== bytes.length) throw new InvalidRlpError('bytes behind the end', at.end)
  at.descend()
}

const writer = new RlpWriter()

export function encodeBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 1 && (bytes[0] ?? 0) < STRING_OFFSET) return bytes
  writer.bytes(bytes)
  return writer.take()
}

/** A non-negative integer. */
export function encodeInteger(value: number | bigint): Uint8Array {
  writer.integer(value)
  return writer.take()
}

/** A list of items that are already encoded. */
export function encodeList(items: readonly Uint8Array[]): Uint8Array {
  const list = writer.beginList()
  for (const item of items) writer.raw(item)
  writer.endList(list)
  return writer.take()
}

/** The list around a payload that is already a sequence of encoded items. */
export function wrapList(payload: Uint8Array): Uint8Array {
  const list = writer.beginList()
  writer.raw(payload)
  writer.endList(list)
  return writer.take()
}

export const EMPTY_LIST: Uint8Array = encodeList([])
export const EMPTY_STRING: Uint8Array = encodeBytes(EMPTY_BYTES)

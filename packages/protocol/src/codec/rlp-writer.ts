import { allocBytes } from '@bcos-ts/common'
import { LIST_OFFSET, SHORT_MAX, STRING_OFFSET } from './rlp-cursor.ts'

const START_BYTES = 4096
/** A writer that once held a large message does not keep its memory. */
const KEPT_BYTES = 1_048_576
const BYTE = 256
const BYTE_BITS = 8n
const HEADER_MAX = 9

/**
 * Writes RLP into one growing piece of memory: an item is copied once, and nothing is made for it alone. Lists are
 * begun and ended around their items.
 *
 * @example
 * ```ts
 * const list = writer.beginList()
 * writer.integer(7)
 * writer.bytes(hash)
 * writer.endList(list)
 * const encoded = writer.take()
 * ```
 */
export class RlpWriter {
  #memory = new Uint8Array(START_BYTES)
  #at = 0

  /** Bytes that are encoded already, or that stand for themselves. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#memory.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** Items that are encoded already, in `[start, end)` of the bytes. */
  span(bytes: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start)
    const memory = this.#memory
    // A view for a few hundred bytes costs more than to copy them.
    for (let from = start, to = this.#at; from < end; from++, to++) memory[to] = bytes[from] ?? 0
    this.#at += end - start
  }

  bytes(bytes: Uint8Array): void {
    const { length } = bytes
    this.#reserve(length + HEADER_MAX)
    if (length !== 1 || (bytes[0] ?? 0) >= STRING_OFFSET) {
      this.#at = writeHeader(this.#memory, { at: this.#at, length, offset: STRING_OFFSET })
    }
    this.#memory.set(bytes, this.#at)
    this.#at += length
  }

  /** A non-negative integer; a number must be exact. */
  integer(value: number | bigint): void {
    this.#reserve(HEADER_MAX)
    if (value < STRING_OFFSET) {
      this.#memory[this.#at++] = value === 0 || value === 0n ? STRING_OFFSET : Number(value)
      return
    }
    const length = typeof value === 'number' ? lengthOfNumber(value) : lengthOfBigInt(value)
    this.#reserve(length + HEADER_MAX)
    this.#at = writeHeader(this.#memory, { at: this.#at, length, offset: STRING_OFFSET })
    let at = this.#at + length
    let rest = value
    while (typeof rest === 'bigint' && rest > Number.MAX_SAFE_INTEGER) {
      this.#memory[--at] = Number(rest & 0xffn)
      rest >>= BYTE_BITS
    }
    for (let low = Number(rest); at > this.#at; low = Math.floor(low / BYTE)) {
      this.#memory[--at] = low % BYTE
    }
    this.#at += length
  }

  /** What {@link endList} is to be given. */
  beginList(): number {
    this.#reserve(1)
    this.#at += 1
    return this.#at
  }

  /** Puts the header of a list before what was written since its beginning. */
  endList(begin: number): void {
    const length = this.#at - begin
    const size = headerBytes(length)
    if (size > 1) {
      this.#reserve(size)
      this.#memory.copyWithin(begin + size - 1, begin, this.#at)
      this.#at += size - 1
    }
    writeHeader(this.#memory, { at: begin - 1, length, offset: LIST_OFFSET })
  }

  /** All that was written, as bytes of its own; the writer is empty again. */
  take(): Uint8Array {
    const taken = allocBytes(this.#at)
    taken.set(this.#memory.subarray(0, this.#at))
    this.clear()
    return taken
  }

  /** Lets `use` look at what was written; the bytes are gone when it returns, and the writer is empty again. */
  lend<T>(use: (bytes: Uint8Array) => T): T {
    const lent = this.#memory.subarray(0, this.#at)
    this.clear()
    return use(lent)
  }

  /** Forgets what was written, such as the beginning of something that could not be ended. */
  clear(): void {
    this.#at = 0
    if (this.#memory.length > KEPT_BYTES) this.#memory = new Uint8Array(START_BYTES)
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes
    if (needed <= this.#memory.length) return
    const larger = new Uint8Array(Math.max(needed, 2 * this.#memory.length))
    larger.set(this.#memory.subarray(0, this.#at))
    this.#memory = larger
  }
}

function headerBytes(length: number): number {
  return length <= SHORT_MAX ? 1 : 1 + lengthOfNumber(length)
}

function writeHeader(
  memory: Uint8Array,
  { at, length, offset }: { readonly at: number; readonly length: number; readonly offset: number },
): number {
  if (length <= SHORT_MAX) {
    memory[at] = offset + length
    return at + 1
  }
  const size = lengthOfNumber(length)
  memory[at] = offset + SHORT_MAX + size
  let rest = length
  for (let i = size; i > 0; i--) {
    memory[at + i] = rest % BYTE
    rest = Math.floor(rest / BYTE)
  }
  return at + 1 + size
}

function lengthOfNumber(value: number): number {
  let length = 0
  for (let rest = value; rest > 0; rest = Math.floor(rest / BYTE)) length += 1
  return length
}

function lengthOfBigInt(value: bigint): number {
  if (value <= Number.MAX_SAFE_INTEGER) return lengthOfNumber(Number(value))
  return Math.ceil(value.toString(16).length / 2)
}

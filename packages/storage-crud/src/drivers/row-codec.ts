/**
 * Rows of one key as one value of a key-value store. Local to a node: nothing on the wire depends on it.
 *
 * `version | count | row …`, a row being `id | block | removed | fields | (name, value) …`; integers are
 * little-endian base-128, texts are a length and their bytes.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import type { StoredRow } from '@bcos-ts/protocol/ports'

const VERSION = 1
const ID_BYTES_MAX = 8

const FIRST_BYTES = 4096
const INTEGER_BYTES = 8
/** Shorter texts are written before the call into native code has begun. */
const NATIVE_FROM = 24

/** Encodes rows, key after key, into one buffer. */
export class RowEncoder {
  // oxlint-disable-next-line no-restricted-globals -- native latin1 writing
  #bytes = Buffer.allocUnsafe(FIRST_BYTES)
  #at = 0

  /** Good until the next call. */
  encode(rows: readonly StoredRow[]): Uint8Array {
    this.#at = 0
    this.#integer(VERSION)
    this.#integer(rows.length)
    for (const row of rows) {
      this.#integer(row.id)
      this.#integer(row.blockNumber)
      this.#integer(row.isRemoved ? 1 : 0)
      this.#integer(row.fields.size)
      for (const [name, value] of row.fields) {
        this.#text(name)
        this.#text(value)
      }
    }
    return this.#bytes.subarray(0, this.#at)
  }

  #integer(value: number): void {
    this.#reserve(INTEGER_BYTES)
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#bytes[this.#at++] = (rest % 128) | 128
    this.#bytes[this.#at++] = rest
  }

  #text(value: ByteText): void {
    const { length } = value
    this.#integer(length)
    this.#reserve(length)
    if (length < NATIVE_FROM) {
      for (let i = 0; i < length; i++) this.#bytes[this.#at + i] = value.charCodeAt(i)
    } else {
      this.#bytes.write(value, this.#at, length, 'latin1')
    }
    this.#at += length
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#bytes.length) return
    // oxlint-disable-next-line no-restricted-globals -- native latin1 writing
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + length))
    larger.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = larger
  }
}

/** Throws a RangeError for bytes that {@link RowEncoder} did not make. */
export function decodeRows(value: Uint8Array): readonly StoredRow[] {
  // oxlint-disable-next-line no-restricted-globals -- native latin1 reading
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length)
  let at = 0
  const byte = (): number => {
    const next = bytes[at++]
    if (next === undefined) throw new RangeError('the value is cut off')
    return next
  }
  const integer = (): number => {
    let result = 0
    let factor = 1
    for (let i = 0; i < ID_BYTES_MAX; i++) {
      const next = byte()
      result += (next & 127) * factor
      if (next < 128) return result
      factor *= 128
    }
    throw new RangeError('a number is too long')
  }
  const text = (): ByteText => {
    const length = integer()
    const start = at
    at += length
    if (at > bytes.length) throw new RangeError('the value is cut off')
    return bytes.toString('latin1', start, at)
  }
  if (byte() !== VERSION) throw new RangeError('an unknown form of rows')
  const rows: StoredRow[] = []
  for (let left = integer(); left > 0; left--) {
    const id = integer()
    const blockNumber = integer()
    const isRemoved = byte() === 1
    const fields = new Map<string, ByteText>()
    for (let more = integer(); more > 0; more--) {
      const name = text()
      fields.set(name, text())
    }
    rows.push({ id, blockNumber, isRemoved, fields })
  }
  if (at !== bytes.length) throw new RangeError('bytes behind the rows')
  return rows
}

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

function integerBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes += 1
  return bytes
}

function rowBytes(row: StoredRow): number {
  let bytes =
    integerBytes(row.id) + integerBytes(row.blockNumber) + 1 + integerBytes(row.fields.size)
  for (const [name, value] of row.fields) {
    bytes += integerBytes(name.length) + name.length + integerBytes(value.length) + value.length
  }
  return bytes
}

export function encodeRows(rows: readonly StoredRow[]): Uint8Array {
  let length = 1 + integerBytes(rows.length)
  for (const row of rows) length += rowBytes(row)
  // oxlint-disable-next-line no-restricted-globals -- pooled allocation and native latin1 writing
  const bytes = Buffer.allocUnsafe(length)
  let at = 0
  const integer = (value: number): void => {
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 128
    bytes[at++] = rest
  }
  const text = (value: ByteText): void => {
    integer(value.length)
    at += bytes.write(value, at, 'latin1')
  }
  bytes[at++] = VERSION
  integer(rows.length)
  for (const row of rows) {
    integer(row.id)
    integer(row.blockNumber)
    bytes[at++] = row.isRemoved ? 1 : 0
    integer(row.fields.size)
    for (const [name, value] of row.fields) {
      text(name)
      text(value)
    }
  }
  return bytes
}

/** Throws a RangeError for bytes that {@link encodeRows} did not make. */
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

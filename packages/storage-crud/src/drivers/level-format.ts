/**
 * How tables lie in LevelDB: one value for each key of each table, and one that says which block was the last.
 * @module
 */
import { type ByteText, messageOf } from '@bcos-ts/common'
import type { StoredRow } from '@bcos-ts/protocol/ports'
import { CorruptStorageError } from '../errors.ts'
import { placeOf } from '../place.ts'
import { decodeRows } from './row-codec.ts'

/** One byte for each character, as byte text is meant. By hand: the database's own encodings cost more than a put. */
export function placeBytes(table: string, key: ByteText): Uint8Array {
  // oxlint-disable-next-line no-restricted-globals -- pooled allocation and native latin1 writing
  return Buffer.from(placeOf(table, key), 'latin1')
}

/** Where rows of a table without a name would be: no table has an empty name. */
export const COMMITTED_KEY: Uint8Array = placeBytes('', 'committed')

export function rowsOf(table: string, value: Uint8Array): readonly StoredRow[] {
  try {
    return decodeRows(value)
  } catch (error) {
    throw new CorruptStorageError(table, messageOf(error), error)
  }
}

export function writeCommitted(blockNumber: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(blockNumber))
  return bytes
}

export function readCommitted(bytes: Uint8Array): number {
  if (bytes.length !== 8) throw new CorruptStorageError('(head)', `${bytes.length} bytes`)
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0))
}

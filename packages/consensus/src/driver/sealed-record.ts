/**
 * Promises on disk, as bytes that end with a checksum: a record that power cut short is known as one.
 * @module
 */
import { concatBytes, equalBytes } from '@bcos-ts/common'
import { decodeList, encodeList, type RlpList } from '@bcos-ts/protocol'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import { CorruptVotesError } from '../errors.ts'

const CHECK_BYTES = 8

/** `items` are encoded already. */
export function sealRecord(items: readonly Uint8Array[], suite: CryptoSuite): Uint8Array {
  const content = encodeList(items)
  return concatBytes(content, suite.hash(content).subarray(0, CHECK_BYTES))
}

/** The items of a record; `undefined` for a torn one. */
export function openRecord(bytes: Uint8Array, suite: CryptoSuite): RlpList | undefined {
  if (bytes.length <= CHECK_BYTES) return undefined
  const content = bytes.subarray(0, bytes.length - CHECK_BYTES)
  const check = bytes.subarray(bytes.length - CHECK_BYTES)
  if (!equalBytes(suite.hash(content).subarray(0, CHECK_BYTES), check)) return undefined
  return decodeList(content)
}

/**
 * The newest record that `decode` can read. A single unreadable one is the first that was ever written and was torn before
 * anything was sent; several unreadable ones are damage. Throws {@link CorruptVotesError}.
 */
export function newestOf<T extends { readonly sequence: number }>(
  records: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => T | undefined,
): T | undefined {
  let newest: T | undefined
  for (const bytes of records) {
    const record = decode(bytes)
    if (record !== undefined && record.sequence >= (newest?.sequence ?? 0)) newest = record
  }
  if (newest === undefined && records.length > 1) throw new CorruptVotesError(records.length)
  return newest
}

/**
 * The wrapped form in which PBFT and Raft write their records, and numbers as they write them (spec 04 §0.1).
 * @module
 */
import { concatBytes } from '@bcos-ts/common'
import {
  decodeList,
  decodeSequence,
  encodeBytes,
  encodeInteger,
  encodeList,
  type RlpList,
} from '@bcos-ts/protocol'

/** The reference writes 64-bit numbers through a 32-bit overload (spec 04 §0.1, item 2). */
export function encodeLow32(value: number): Uint8Array {
  return encodeInteger(value % 2 ** 32)
}

/** `W(…)`: a list of one byte string whose content is the items without a list around them. */
export function wrap(...items: readonly Uint8Array[]): Uint8Array {
  return encodeList([encodeBytes(concatBytes(...items))])
}

export function unwrap(bytes: Uint8Array): RlpList {
  return decodeSequence(decodeList(bytes).bytes(0))
}

/** Up to 8 bytes on the wire, but no more than a double holds exactly. Throws RangeError, or for what is no number. */
export function safeInteger(list: RlpList, index: number): number {
  const value = list.bigint(index, 8)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError('a number above 2^53')
  return Number(value)
}

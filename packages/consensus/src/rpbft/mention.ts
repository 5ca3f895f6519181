/**
 * The packet that mentions a prepare, and the same that asks for it (spec 04 §6.6, packet types 4 and 5).
 * @module
 */
import { fromHex, messageOf, toHex } from '@bcos-ts/common'
import { encodeBytes, type HashText } from '@bcos-ts/protocol'
import { InvalidPacketError } from '../errors.ts'
import { encodeLow32, safeInteger, unwrap, wrap } from '../wrapped.ts'

/** Nobody signs it: a hint of where a prepare can be had. */
export interface Mention {
  readonly height: number
  readonly view: number
  /** Of the leader. */
  readonly index: number
  /** Of the proposal. */
  readonly hash: HashText
}

const HASH_BYTES = 32

export function encodeMention({ height, view, index, hash }: Mention): Uint8Array {
  return wrap(
    encodeLow32(height),
    encodeLow32(view),
    encodeLow32(index),
    encodeBytes(fromHex(hash)),
  )
}

/** Throws {@link InvalidPacketError}. */
export function decodeMention(bytes: Uint8Array): Mention {
  try {
    const list = unwrap(bytes)
    return {
      height: safeInteger(list, 0),
      view: safeInteger(list, 1),
      index: safeInteger(list, 2),
      hash: toHex(list.fixed(3, HASH_BYTES)),
    }
  } catch (error) {
    throw new InvalidPacketError('prepare mention', messageOf(error), error)
  }
}

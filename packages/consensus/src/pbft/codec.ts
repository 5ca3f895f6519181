/**
 * PBFT packets as bytes (spec 04 §6.2, §6.3, §6.6). Decoders are total: a value, or {@link InvalidPacketError}.
 * @module
 */
import { concatBytes, fromHex, messageOf, toHex } from '@bcos-ts/common'
import {
  decodeList,
  encodeBytes,
  encodeInteger,
  encodeList,
  encodeTransactionList,
  type NodeId,
  type RlpList,
  splitTransactionList,
} from '@bcos-ts/protocol'
import { InvalidPacketError } from '../errors.ts'
import { encodeLow32, safeInteger, unwrap, wrap } from '../wrapped.ts'
import type {
  Envelope,
  LockProof,
  MissingTransaction,
  PrepareBody,
  SignedBody,
  TransactionsAnswer,
  TransactionsRequest,
} from './messages.ts'

const EMPTY_BLOCK_FLAG = 0x80
const TTL_MASK = 0x7f
const HASH_BYTES = 32
const NODE_ID_BYTES = 64

/** Runs `read`; what it throws becomes `CONSENSUS_INVALID_PACKET`. */
export function reading<T>(part: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new InvalidPacketError(part, messageOf(error), error)
  }
}

export function encodeEnvelope(envelope: Envelope): Uint8Array {
  const { packetId, ttl, isEmptyBlock, data, forward } = envelope
  const items = [
    encodeInteger(packetId),
    encodeInteger((ttl & TTL_MASK) | (isEmptyBlock ? EMPTY_BLOCK_FLAG : 0)),
    encodeBytes(data),
  ]
  if (forward !== undefined) items.push(encodeList(forward.map((id) => encodeBytes(fromHex(id)))))
  return wrap(...items)
}

export function decodeEnvelope(bytes: Uint8Array): Envelope {
  return reading('envelope', () => {
    const list = unwrap(bytes)
    const flags = list.number(1, 1)
    return {
      packetId: list.number(0, 1),
      ttl: flags & TTL_MASK,
      isEmptyBlock: (flags & EMPTY_BLOCK_FLAG) !== 0,
      data: list.bytes(2),
      forward: list.length > 3 ? nodeIds(list.list(3)) : undefined,
    }
  })
}

function nodeIds(list: RlpList): NodeId[] {
  return list.items.map((_, i) => toHex(list.fixed(i, NODE_ID_BYTES)))
}

/** The bytes whose hash the second signature covers: no list header (spec 04 §6.3). */
export function encodeSignedFields(
  body: Pick<SignedBody, 'height' | 'view' | 'index' | 'timestamp'>,
): Uint8Array {
  return concatBytes(
    encodeLow32(body.height),
    encodeLow32(body.view),
    encodeLow32(body.index),
    encodeInteger(body.timestamp),
  )
}

function bodyItems(body: SignedBody): Uint8Array[] {
  return [
    encodeSignedFields(body),
    encodeBytes(fromHex(body.hash)),
    encodeBytes(body.signature),
    encodeBytes(body.signature2),
  ]
}

/** Sign, commit or view change. */
export function encodeBody(body: SignedBody): Uint8Array {
  return wrap(...bodyItems(body))
}

export function encodePrepare(body: PrepareBody): Uint8Array {
  return wrap(...bodyItems(body), encodeBytes(body.block))
}

function readBody(list: RlpList): SignedBody {
  return {
    height: safeInteger(list, 0),
    view: safeInteger(list, 1),
    index: safeInteger(list, 2),
    timestamp: list.bigint(3),
    hash: toHex(list.fixed(4, HASH_BYTES)),
    signature: list.bytes(5),
    signature2: list.bytes(6),
  }
}

export function decodeBody(bytes: Uint8Array): SignedBody {
  return reading('body', () => readBody(unwrap(bytes)))
}

export function decodePrepare(bytes: Uint8Array): PrepareBody {
  return reading('prepare', () => {
    const list = unwrap(bytes)
    return { ...readBody(list), block: list.bytes(7) }
  })
}

/** GetMissedTxs (spec 04 §6.6). */
export function encodeTransactionsRequest(request: TransactionsRequest): Uint8Array {
  return encodeList([
    encodeInteger(request.height),
    encodeBytes(fromHex(request.hash)),
    encodeList(
      request.missing.map(({ hash, position }) =>
        encodeList([encodeBytes(fromHex(hash)), encodeInteger(position)]),
      ),
    ),
  ])
}

export function decodeTransactionsRequest(bytes: Uint8Array): TransactionsRequest {
  return reading('transactions request', () => {
    const list = decodeList(bytes)
    const wanted = list.list(2)
    return {
      height: safeInteger(list, 0),
      hash: toHex(list.fixed(1, HASH_BYTES)),
      missing: wanted.items.map((_, i): MissingTransaction => {
        const pair = wanted.list(i)
        return { hash: toHex(pair.fixed(0, HASH_BYTES)), position: safeInteger(pair, 1) }
      }),
    }
  })
}

/** MissedTxs (spec 04 §6.6). */
export function encodeTransactionsAnswer(answer: TransactionsAnswer): Uint8Array {
  return encodeList([
    encodeInteger(answer.height),
    encodeBytes(fromHex(answer.hash)),
    encodeBytes(encodeTransactionList(answer.transactions.map((raw) => ({ raw })))),
  ])
}

export function decodeTransactionsAnswer(bytes: Uint8Array): TransactionsAnswer {
  return reading('transactions answer', () => {
    const list = decodeList(bytes)
    return {
      height: safeInteger(list, 0),
      hash: toHex(list.fixed(1, HASH_BYTES)),
      transactions: splitTransactionList(list.bytes(2)),
    }
  })
}

export function encodeLockProof(proof: LockProof): Uint8Array {
  return wrap(
    encodeLow32(proof.height),
    encodeLow32(proof.view),
    encodeBytes(fromHex(proof.executedHash)),
    encodeBytes(proof.block),
    encodeList(
      proof.signs.map((sign) =>
        encodeList([
          encodeInteger(sign.index),
          encodeInteger(sign.timestamp),
          encodeBytes(sign.signature),
          encodeBytes(sign.signature2),
        ]),
      ),
    ),
  )
}

export function decodeLockProof(bytes: Uint8Array): LockProof {
  return reading('lock proof', () => {
    const list = unwrap(bytes)
    const height = safeInteger(list, 0)
    const view = safeInteger(list, 1)
    const hash = toHex(list.fixed(2, HASH_BYTES))
    const signs = list.list(4)
    return {
      height,
      view,
      executedHash: hash,
      block: list.bytes(3),
      signs: signs.items.map((_, i): SignedBody => {
        const one = signs.list(i)
        return {
          height,
          view,
          index: safeInteger(one, 0),
          timestamp: one.bigint(1),
          hash,
          signature: one.bytes(2),
          signature2: one.bytes(3),
        }
      }),
    }
  })
}

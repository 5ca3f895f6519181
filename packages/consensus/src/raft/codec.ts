/**
 * Raft packets as bytes (spec 04 §8.2). Decoding is total: a message, or {@link InvalidPacketError}.
 * @module
 */
import { concatBytes, fromHex, messageOf, toHex } from '@bcos-ts/common'
import {
  decodeSequence,
  encodeBytes,
  encodeInteger,
  type HashText,
  type RlpList,
} from '@bcos-ts/protocol'
import { InvalidPacketError } from '../errors.ts'
import { encodeLow32, safeInteger, unwrap, wrap } from '../wrapped.ts'
import { type RaftMessage, RaftMessageType } from './messages.ts'

const HASH_BYTES = 32

/** The type, and the record as a byte string, without a list around them. */
export function encodeRaftMessage(message: RaftMessage): Uint8Array {
  const { index, term, height, blockHash } = message
  const common = [encodeLow32(index), encodeLow32(term), encodeLow32(height), hashItem(blockHash)]
  const record = wrap(...common, ...ownItems(message))
  return concatBytes(encodeInteger(RaftMessageType[message.type]), encodeBytes(record))
}

function hashItem(hash: HashText): Uint8Array {
  return encodeBytes(fromHex(hash))
}

function ownItems(message: RaftMessage): readonly Uint8Array[] {
  switch (message.type) {
    case 'voteRequest': {
      const { candidate, lastLeaderTerm, lastBlockNumber, acceptedTerm, isTrial } = message
      const numbers = [candidate, lastLeaderTerm, lastBlockNumber, acceptedTerm, isTrial ? 1 : 0]
      return numbers.map(encodeLow32)
    }
    case 'voteResponse':
      return [encodeLow32(message.flag), encodeLow32(message.lastLeaderTerm)]
    case 'heartbeat':
      return [
        encodeLow32(message.leader),
        encodeBytes(message.block),
        encodeLow32(message.blockNumber),
      ]
    case 'heartbeatResponse':
      return [hashItem(message.acceptedHash)]
  }
}

export function decodeRaftMessage(bytes: Uint8Array): RaftMessage {
  try {
    const packet = decodeSequence(bytes)
    return readRecord(packet.number(0, 1), unwrap(packet.bytes(1)))
  } catch (error) {
    throw new InvalidPacketError('Raft message', messageOf(error), error)
  }
}

function readRecord(type: number, record: RlpList): RaftMessage {
  const common = {
    index: safeInteger(record, 0),
    term: safeInteger(record, 1),
    height: safeInteger(record, 2),
    blockHash: hashAt(record, 3),
  }
  switch (type) {
    case RaftMessageType.voteRequest:
      return { type: 'voteRequest', ...common, ...readRequest(record, common.height) }
    case RaftMessageType.voteResponse:
      return {
        type: 'voteResponse',
        ...common,
        flag: safeInteger(record, 4),
        lastLeaderTerm: safeInteger(record, 5),
      }
    case RaftMessageType.heartbeat:
      return {
        type: 'heartbeat',
        ...common,
        leader: safeInteger(record, 4),
        block: record.bytes(5),
        blockNumber: safeInteger(record, 6),
      }
    case RaftMessageType.heartbeatResponse:
      return { type: 'heartbeatResponse', ...common, acceptedHash: hashAt(record, 4) }
    default:
      throw new RangeError(`there is no message of type ${type}`)
  }
}

/** A candidate of the reference does not say when it accepted what it keeps: its last leader's term is the latest. */
function readRequest(record: RlpList, height: number) {
  const lastLeaderTerm = safeInteger(record, 5)
  const lastBlockNumber = safeInteger(record, 6)
  const isOurs = record.length > 8
  const impliedTerm = lastBlockNumber > height ? lastLeaderTerm : 0
  return {
    candidate: safeInteger(record, 4),
    lastLeaderTerm,
    lastBlockNumber,
    acceptedTerm: isOurs ? safeInteger(record, 7) : impliedTerm,
    isTrial: isOurs && safeInteger(record, 8) === 1,
  }
}

function hashAt(record: RlpList, index: number): HashText {
  return toHex(record.fixed(index, HASH_BYTES))
}

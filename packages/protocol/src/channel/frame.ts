/**
 * Frames between SDKs and nodes: a header of 42 bytes and data (spec 02 §3, §4).
 * @module
 */
import { ByteQueue, bytesToText, type ByteText, fromUtf8, textToBytes, utf8 } from '@bcos-ts/common'
import { InvalidChannelFrameError } from '../errors.ts'
import { FRAME_BYTES_MAX } from '../limits.ts'

export const CHANNEL_HEADER_BYTES = 42
const SEQ_BYTES = 32
const TOPIC_BYTES_MAX = 254

export const ChannelType = {
  rpc: 0x12,
  heartbeat: 0x13,
  handshake: 0x14,
  registerEvent: 0x15,
  unregisterEvent: 0x16,
  amopRequest: 0x30,
  amopResponse: 0x31,
  subscribe: 0x32,
  amopMulticast: 0x35,
  topicCertificate: 0x37,
  topicStatus: 0x38,
  receipt: 0x1000,
  blockNotify: 0x1001,
  eventPush: 0x1002,
} as const

/** Result fields of AMOP answers (spec 02 §7). */
export const AmopResult = {
  success: 0,
  retriesFailed: 99,
  noSubscriber: 100,
  subscriberFailed: 101,
  timeout: 102,
  overBandwidth: 103,
  allFailed: 104,
} as const

/** Answers to a registration of events (spec 02 §11.1). */
export const EventCode = {
  success: 0,
  completed: 1,
  invalidRequest: -41_001,
  groupNotFound: -41_002,
  invalidRange: -41_003,
  notAllowed: -41_006,
  unknownFilter: -41_007,
} as const

/** Names around the name of a private topic (spec 02 §12.5). */
export const PrivateTopic = {
  /** A subscriber hears messages on this. */
  message: '#!$TopicNeedVerify_',
  /** A subscriber is asked for a signature on this, with the message topic and 32 random digits behind. */
  verify: '#!$VerifyChannel_',
  /** A publisher is told of subscribers on this, with the message topic behind. */
  push: '#!$PushChannel_',
} as const

/** The topic that brings notices of a group's blocks (spec 02 §10). */
export function blockTopicOf(groupId: number): string {
  return `_block_notify_${groupId}`
}

/** The seq of pushes that answer nothing. */
export const PUSH_SEQ: ByteText = '0'.repeat(SEQ_BYTES)

export interface ChannelFrame {
  readonly type: number
  /** 32 bytes that connect an answer with its request; never read, only copied. */
  readonly seq: ByteText
  /** 0, or the code of a failure. */
  readonly result: number
  readonly data: Uint8Array
}

/** The bytes of a frame. A seq of another length than 32 is cut, or filled with zero bytes. */
export function encodeChannelFrame(frame: ChannelFrame): Uint8Array {
  const bytes = new Uint8Array(CHANNEL_HEADER_BYTES + frame.data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length)
  view.setUint16(4, frame.type)
  bytes.set(textToBytes(frame.seq.slice(0, SEQ_BYTES)), 6)
  view.setInt32(38, frame.result)
  bytes.set(frame.data, CHANNEL_HEADER_BYTES)
  return bytes
}

/** A frame that fills the bytes exactly, or `undefined`. */
export function decodeChannelFrame(bytes: Uint8Array): ChannelFrame | undefined {
  if (bytes.length < CHANNEL_HEADER_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint32(0) !== bytes.length) return undefined
  return {
    type: view.getUint16(4),
    seq: bytesToText(bytes.subarray(6, 6 + SEQ_BYTES)),
    result: view.getInt32(38),
    data: bytes.subarray(CHANNEL_HEADER_BYTES),
  }
}

/**
 * Cuts a stream into frames. A length outside the limits is refused as soon as it is read; memory is bounded
 * by what has really arrived.
 */
export class ChannelFrameDecoder {
  readonly #queue = new ByteQueue()
  readonly #frameBytesMax: number

  constructor(frameBytesMax: number = FRAME_BYTES_MAX) {
    this.#frameBytesMax = frameBytesMax
  }

  /** Bytes of a frame that is not all there. */
  get waitingBytes(): number {
    return this.#queue.length
  }

  push(piece: Uint8Array): void {
    this.#queue.push(piece)
  }

  /** The next whole frame, or `undefined` until more arrives. Throws {@link InvalidChannelFrameError}. */
  next(): ChannelFrame | undefined {
    const length = this.#queue.peekUint32(0)
    if (length === undefined) return undefined
    if (length < CHANNEL_HEADER_BYTES || length > this.#frameBytesMax) {
      throw new InvalidChannelFrameError(
        `${length} bytes, from ${CHANNEL_HEADER_BYTES} to ${this.#frameBytesMax} are allowed`,
      )
    }
    if (this.#queue.length < length) return undefined
    return decodeChannelFrame(this.#queue.take(length))
  }
}

/** Data that begins with a topic: its length and one, then its bytes, then the rest (spec 02 §3.3). */
export function withTopic(topic: string, payload: Uint8Array): Uint8Array {
  const name = utf8(topic)
  const data = new Uint8Array(1 + name.length + payload.length)
  data[0] = name.length + 1
  data.set(name, 1)
  data.set(payload, 1 + name.length)
  return data
}

/** `undefined` for data that does not begin with a topic. */
export function splitTopic(data: Uint8Array): { topic: string; payload: Uint8Array } | undefined {
  const end = data[0] ?? 0
  if (end === 0 || end > data.length) return undefined
  return { topic: fromUtf8(data.subarray(1, end)), payload: data.subarray(end) }
}

/** Whether a topic fits in front of data. */
export function isTopic(topic: string): boolean {
  return utf8(topic).length <= TOPIC_BYTES_MAX
}

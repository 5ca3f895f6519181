import {
  type Logger,
  randomBelow,
  type RandomSource,
  type RateLimiter,
  utf8,
} from '@bcos-ts/common'
import {
  AmopResult,
  type ChannelFrame,
  ChannelType,
  decodeChannelFrame,
  encodeChannelFrame,
  PrivateTopic,
  PUSH_SEQ,
  splitTopic,
} from '@bcos-ts/protocol/channel'
import type { Amop, AmopLocal, TopicCertificateRequest } from '@bcos-ts/protocol/ports'
import { compactJson, isJsonObject } from '../json.ts'
import { parseJson } from '../parse-json.ts'
import type { ChannelSession } from './session.ts'

/** A client has so long to answer a message that was passed on to it. */
const ANSWER_MS = 5000
/** What the reference assumes that compression saves (spec 02 §12.6). */
const BANDWIDTH_RATIO = 4
const SEQ_DIGITS = 32
const NOTHING = new Uint8Array(0)
/** Answers what is no request. */
const REFUSED = encodeChannelFrame({
  type: ChannelType.amopResponse,
  seq: PUSH_SEQ,
  result: AmopResult.allFailed,
  data: NOTHING,
})

export interface AmopRelayParts {
  readonly amop: Amop
  readonly random: RandomSource
  readonly log: Logger
  readonly sessions: () => Iterable<ChannelSession>
  readonly bandwidth: RateLimiter
}

/** AMOP between this node's clients and the network (spec 02 §12). */
export class AmopRelay implements AmopLocal {
  readonly #parts: AmopRelayParts
  #requestCount = 0

  constructor(parts: AmopRelayParts) {
    this.#parts = parts
  }

  /** A client asks one subscriber of a topic. */
  async unicast(frame: ChannelFrame, session: ChannelSession): Promise<void> {
    const topic = splitTopic(frame.data)?.topic
    if (topic === undefined) return
    const bytes = encodeChannelFrame(frame)
    if (!this.#parts.bandwidth.tryAcquire(bytes.length / BANDWIDTH_RATIO)) {
      return answer(session, frame, { result: AmopResult.overBandwidth, data: NOTHING })
    }
    const reply = await this.#parts.amop.unicast(topic, bytes)
    const decoded = reply === undefined ? undefined : decodeChannelFrame(reply)
    answer(session, frame, decoded ?? { result: AmopResult.noSubscriber, data: NOTHING })
  }

  /** A client tells all subscribers of a topic. It is told that this was done, whoever they are. */
  multicast(frame: ChannelFrame, session: ChannelSession): void {
    const topic = splitTopic(frame.data)?.topic
    if (topic === undefined) return
    const { amop, bandwidth } = this.#parts
    const bytes = encodeChannelFrame(frame)
    const permits = (bytes.length * amop.countSubscribers(topic)) / BANDWIDTH_RATIO
    if (!bandwidth.tryAcquire(permits)) {
      return answer(session, frame, { result: AmopResult.overBandwidth, data: NOTHING })
    }
    answer(session, frame, { result: AmopResult.success, data: frame.data })
    amop.multicast(topic, bytes)
  }

  /** A client says whether a neighbour passed the check of a private topic. */
  verified(frame: ChannelFrame): void {
    const update = parseJson(new TextDecoder().decode(frame.data))
    if (!isJsonObject(update)) return
    const { checkResult, nodeId, topic } = update
    if (typeof nodeId !== 'string' || typeof topic !== 'string') return
    if (Number.isInteger(checkResult)) {
      this.#parts.amop.setVerified(nodeId, topic, checkResult === 0)
    }
  }

  async deliver(bytes: Uint8Array): Promise<Uint8Array> {
    const received = addressed(bytes, ChannelType.amopRequest)
    if (received === undefined) return REFUSED
    const { frame, topic } = received
    const reply = await this.#askOne(topic, frame)
    if (reply !== undefined) {
      return encodeChannelFrame({ ...reply, type: ChannelType.amopResponse, seq: frame.seq })
    }
    const result = AmopResult.allFailed
    return encodeChannelFrame({ ...frame, type: ChannelType.amopResponse, result })
  }

  deliverAll(bytes: Uint8Array): void {
    const received = addressed(bytes, ChannelType.amopMulticast)
    if (received === undefined) return
    for (const session of this.#subscribers(received.topic)) session.send(received.frame)
  }

  requestCertificate({ nodeId, topic, topicForCertificate }: TopicCertificateRequest): void {
    this.#requestCount += 1
    const text = compactJson({ nodeId, topic, topicForCert: topicForCertificate })
    const frame: ChannelFrame = {
      type: ChannelType.topicCertificate,
      seq: String(this.#requestCount).padStart(SEQ_DIGITS, '0'),
      result: 0,
      data: utf8(text),
    }
    void this.#askOne(PrivateTopic.push + topic, frame)
  }

  /** Asks subscribers in random order until one answers. */
  async #askOne(topic: string, frame: ChannelFrame): Promise<ChannelFrame | undefined> {
    const left = this.#subscribers(topic)
    while (left.length > 0) {
      const [session] = left.splice(randomBelow(this.#parts.random, left.length), 1)
      const reply = await session?.request(frame, ANSWER_MS)
      if (reply !== undefined) return reply
    }
    this.#parts.log.debug('No client took an AMOP message', { topic })
    return undefined
  }

  #subscribers(topic: string): ChannelSession[] {
    return Array.from(this.#parts.sessions()).filter((session) => session.topics.has(topic))
  }
}

/** A frame of a neighbour with its topic. Frames of other types must not reach clients this way. */
function addressed(
  bytes: Uint8Array,
  type: number,
): { frame: ChannelFrame; topic: string } | undefined {
  const frame = decodeChannelFrame(bytes)
  if (frame?.type !== type) return undefined
  const topic = splitTopic(frame.data)?.topic
  return topic === undefined ? undefined : { frame, topic }
}

function answer(
  session: ChannelSession,
  request: ChannelFrame,
  { result, data }: Pick<ChannelFrame, 'result' | 'data'>,
): void {
  session.send({ type: ChannelType.amopResponse, seq: request.seq, result, data })
}

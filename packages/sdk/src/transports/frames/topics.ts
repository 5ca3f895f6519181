/**
 * What an application hears on one connection: messages on topics, notices of blocks, requests to check the
 * subscribers of private topics (spec 02 §10, §12).
 * @module
 */
import { fromUtf8, toHex, type RandomSource, utf8 } from '@bcos-ts/common'
import {
  blockTopicOf,
  type ChannelFrame,
  ChannelType,
  isTopic,
  PrivateTopic,
  splitTopic,
  withTopic,
} from '@bcos-ts/protocol/channel'
import { InvalidTopicError } from '../../errors.ts'
import { JsonReader, readJson } from '../../json/read.ts'
import type { TopicMessage, VerifyChallenge } from '../../transport.ts'
import type { Connection } from './connection.ts'

type Listener<T> = (event: T) => void

const CHALLENGE_BYTES = 16
const NOTHING = new Uint8Array(0)
const BLOCK_TOPIC = /^_block_notify_(\d+)$/

export class Topics {
  readonly #random: RandomSource
  readonly #onChange: () => void
  readonly #messages = new Map<string, Set<Listener<TopicMessage>>>()
  readonly #blocks = new Map<number, Set<Listener<number>>>()
  readonly #verifiers = new Map<string, Set<VerifyChallenge>>()

  constructor(random: RandomSource, onChange: () => void) {
    this.#random = random
    this.#onChange = onChange
  }

  /** Everything that the node must know, in the order in which it was asked for. */
  names(): string[] {
    return [
      ...Array.from(this.#blocks.keys(), blockTopicOf),
      ...this.#messages.keys(),
      ...Array.from(this.#verifiers.keys(), (topic) => PrivateTopic.push + topic),
    ]
  }

  groups(): number[] {
    return [...this.#blocks.keys()]
  }

  /** Throws `SDK_INVALID_TOPIC`. */
  listen(topic: string, listener: Listener<TopicMessage>): () => void {
    checkTopic(topic)
    return this.#add(this.#messages, topic, listener)
  }

  onBlock(groupId: number, listener: Listener<number>): () => void {
    return this.#add(this.#blocks, groupId, listener)
  }

  verifySubscribers(topic: string, verify: VerifyChallenge): () => void {
    checkTopic(PrivateTopic.push + topic)
    return this.#add(this.#verifiers, topic, verify)
  }

  onFrame(frame: ChannelFrame, connection: Connection): void {
    switch (frame.type) {
      case ChannelType.blockNotify:
        this.#onBlockNotice(frame)
        break
      case ChannelType.amopRequest:
      case ChannelType.amopMulticast:
        this.#onMessage(frame, connection)
        break
      case ChannelType.topicCertificate:
        void this.#onCertificateRequest(frame, connection)
        break
      default:
    }
  }

  /** The height of a group became known. */
  tellHeight(groupId: number, height: number): void {
    for (const listener of this.#blocks.get(groupId) ?? []) listener(height)
  }

  #add<TKey, TListener>(
    all: Map<TKey, Set<TListener>>,
    key: TKey,
    listener: TListener,
  ): () => void {
    const known = all.get(key)
    const listeners = known ?? new Set()
    listeners.add(listener)
    all.set(key, listeners)
    if (known === undefined) this.#onChange()
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0) return
      all.delete(key)
      this.#onChange()
    }
  }

  #onBlockNotice({ data }: ChannelFrame): void {
    const { topic = '', payload = NOTHING } = splitTopic(data) ?? {}
    const groupId = Number(BLOCK_TOPIC.exec(topic)?.[1] ?? 0)
    const height = heightOf(fromUtf8(payload))
    if (height !== undefined) this.tellHeight(groupId, height)
  }

  #onMessage({ type, seq, data }: ChannelFrame, connection: Connection): void {
    const { topic = '', payload = NOTHING } = splitTopic(data) ?? {}
    let isAnswered = false
    const answer = (reply: Uint8Array): void => {
      if (isAnswered) return
      isAnswered = true
      const body = withTopic(topic, reply)
      connection.send({ type: ChannelType.amopResponse, seq, result: 0, data: body })
    }
    const message = { topic, payload, id: seq, ...(type === ChannelType.amopRequest && { answer }) }
    for (const listener of this.#messages.get(topic) ?? []) listener(message)
  }

  /** The node that asks is answered at once; the check goes its own way and ends in a word to that node. */
  async #onCertificateRequest(frame: ChannelFrame, connection: Connection): Promise<void> {
    connection.send({ ...frame, result: 0, data: NOTHING })
    try {
      const method = 'topicCertificate'
      const json = new JsonReader(method, readJson(method, fromUtf8(frame.data)))
      const [topic, nodeId, challengeTopic] = [
        json.text('topic'),
        json.text('nodeId'),
        json.text('topicForCert'),
      ]
      const verifiers = this.#verifiers.get(topic)
      const isOurs = challengeTopic.startsWith(`${PrivateTopic.verify}${topic}_`)
      if (verifiers === undefined || !isOurs || !isTopic(challengeTopic)) return
      const challenge = utf8(toHex(this.#random.bytes(CHALLENGE_BYTES)))
      const answer = await connection.request(
        ChannelType.amopRequest,
        withTopic(challengeTopic, challenge),
      )
      if (answer.result !== 0) return
      const signature = splitTopic(answer.data)?.payload ?? NOTHING
      const isGood = Array.from(verifiers).some((verify) => verify(challenge, signature))
      const verdict = { checkResult: isGood ? 0 : 1, nodeId, topic }
      connection.send({
        type: ChannelType.topicStatus,
        seq: connection.newSeq(),
        result: 0,
        data: utf8(JSON.stringify(verdict)),
      })
    } catch {
      // Without a verdict the node asks again a few seconds later.
    }
  }
}

/** `1,25` in version 1 of the protocol, JSON after it. */
function heightOf(text: string): number | undefined {
  const plain = /^\d+,(\d+)$/.exec(text)?.[1]
  const digits = plain ?? /"blockNumber"\s*:\s*(\d+)/.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

export function checkTopic(topic: string): void {
  if (!isTopic(topic)) throw new InvalidTopicError(topic)
}

import { fromHex, type RandomSource, systemRandom, toHex, utf8 } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { PrivateTopic } from '@bcos-ts/protocol/channel'
import type { PushTransport, TopicMessage } from '../transport.ts'

/** What arrives on a topic. */
export interface AmopMessage {
  /** As it was subscribed, without what private topics bear in front. */
  readonly topic: string
  readonly payload: Uint8Array
  /** Sent to all subscribers; nobody waits for an answer. */
  readonly isBroadcast: boolean
}

/**
 * What it returns, text or bytes, is the answer to whoever sent the message. A handler that returns nothing, or
 * throws, does not answer: after five seconds the node asks another subscriber.
 */
export type AmopHandler = (message: AmopMessage) => AmopReply | Promise<AmopReply>
export type AmopReply = Uint8Array | string | undefined | void

export interface AmopSendOptions {
  /**
   * @default 10_000
   */
  readonly timeoutMs?: number
}

const TIMEOUT_MS_DEFAULT = 10_000
const SUFFIX_BYTES = 16

/** Messages between applications over the nodes that they are connected to (spec 02 §12). */
export class AmopClient {
  readonly #push: PushTransport
  readonly #random: RandomSource

  constructor(
    push: PushTransport,
    { random = systemRandom }: { readonly random?: RandomSource } = {},
  ) {
    this.#push = push
    this.#random = random
  }

  /** Hears a topic, from at most five seconds after the call on. The returned function ends it. */
  subscribe(topic: string, handler: AmopHandler): () => void {
    return this.#push.listen(topic, (message) => void handle(topic, message, handler))
  }

  /**
   * Sends to one subscriber, whichever the nodes choose; its answer. Throws `SDK_AMOP_FAILED`: nobody listens
   * (100), nobody answers (102, 104), or the node limits what it sends (103).
   */
  send(
    topic: string,
    payload: Uint8Array | string,
    { timeoutMs = TIMEOUT_MS_DEFAULT }: AmopSendOptions = {},
  ): Promise<Uint8Array> {
    return this.#push.ask(topic, bytesOf(payload), timeoutMs)
  }

  /** Sends to all subscribers, also when there are none. */
  broadcast(topic: string, payload: Uint8Array | string): Promise<void> {
    return this.#push.tell(topic, bytesOf(payload))
  }

  /** Hears a private topic with a key that its publisher knows: 32 bytes, secp256k1 on every chain. */
  subscribePrivate(topic: string, secretKey: Uint8Array, handler: AmopHandler): () => void {
    const keys = standardSuite.keyPair(secretKey)
    const name = PrivateTopic.message + topic
    const suffix = toHex(this.#random.bytes(SUFFIX_BYTES))
    const stops = [
      this.#push.listen(name, (message) => void handle(topic, message, handler)),
      this.#push.listen(`${PrivateTopic.verify}${name}_${suffix}`, ({ payload, answer }) =>
        answer?.(standardSuite.sign(standardSuite.hash(payload), keys)),
      ),
    ]
    return () => stops.forEach((stop) => stop())
  }

  /**
   * Lets those hear a private topic who own one of these public keys: X || Y, 64 bytes or 128 digits, with or
   * without `04` in front. They are checked as long as this is on, each a few seconds after it subscribed.
   */
  publishPrivate(topic: string, publicKeys: readonly (Uint8Array | string)[]): () => void {
    const known = new Set(publicKeys.map(keyText))
    return this.#push.verifySubscribers(PrivateTopic.message + topic, (challenge, signature) => {
      const publicKey = standardSuite.recover(signature, standardSuite.hash(challenge))
      return publicKey !== undefined && known.has(toHex(publicKey))
    })
  }

  /** As {@link send}, to a subscriber of a private topic that was checked. */
  sendPrivate(
    topic: string,
    payload: Uint8Array | string,
    options: AmopSendOptions = {},
  ): Promise<Uint8Array> {
    return this.send(PrivateTopic.message + topic, payload, options)
  }

  broadcastPrivate(topic: string, payload: Uint8Array | string): Promise<void> {
    return this.broadcast(PrivateTopic.message + topic, payload)
  }
}

async function handle(topic: string, message: TopicMessage, handler: AmopHandler): Promise<void> {
  const { payload, answer } = message
  try {
    const reply = await handler({ topic, payload, isBroadcast: answer === undefined })
    if (reply !== undefined) answer?.(bytesOf(reply))
  } catch {
    // Whoever sent the message learns it by the silence; the handler is the application's own.
  }
}

function bytesOf(payload: Uint8Array | string): Uint8Array {
  return typeof payload === 'string' ? utf8(payload) : payload
}

const POINT_BYTES = 64

function keyText(key: Uint8Array | string): string {
  const bytes = typeof key === 'string' ? fromHex(key) : key
  return toHex(bytes.length === POINT_BYTES + 1 ? bytes.subarray(1) : bytes)
}

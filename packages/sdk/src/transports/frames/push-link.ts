import {
  type Clock,
  fromUtf8,
  isBcosError,
  type RandomSource,
  systemClock,
  systemRandom,
  systemTimers,
  type Timers,
  utf8,
} from '@bcos-ts/common'
import {
  AmopResult,
  type ChannelFrame,
  ChannelType,
  splitTopic,
  withTopic,
} from '@bcos-ts/protocol/channel'
import { AmopFailedError, NoConnectionError } from '../../errors.ts'
import { readJson, readNumber, readText } from '../../json/read.ts'
import type {
  EventHandler,
  EventRequest,
  PushTransport,
  Submission,
  SubmitMethod,
  TopicMessage,
  Transport,
  VerifyChallenge,
} from '../../transport.ts'
import { readAnswer, requestText } from '../json-rpc.ts'
import { Connection } from './connection.ts'
import { EventFilters } from './event-filters.ts'
import { checkTopic, Topics } from './topics.ts'
import type { Dial } from './wire.ts'

/** What every transport that carries frames lets its caller decide. */
export interface PushLinkOptions {
  /**
   * How long an answer, or a connection, is waited for.
   * @default 10_000
   */
  readonly timeoutMs?: number
  readonly timers?: Timers
  readonly clock?: Clock
  readonly random?: RandomSource
}

export interface PushLinkInit extends PushLinkOptions {
  /** For errors. */
  readonly url: string
  readonly dial: Dial
}

const TIMEOUT_MS_DEFAULT = 10_000
const RECONNECT_MIN_MS = 250
const RECONNECT_MAX_MS = 5000
const NOTHING = new Uint8Array(0)

const AMOP_SENTENCES: Readonly<Record<number, string>> = {
  [AmopResult.retriesFailed]: 'the node tried all and failed',
  [AmopResult.noSubscriber]: 'nobody listens, or none could be reached',
  [AmopResult.subscriberFailed]: 'the node at the other end could not pass it on',
  [AmopResult.timeout]: 'no answer in time',
  [AmopResult.overBandwidth]: 'the node sends no more: its bandwidth is used up',
  [AmopResult.allFailed]: 'nobody who listens gave an answer',
}

/**
 * A node over frames. Connects when something is asked, and stays connected as long as something is listened to:
 * a lost connection is made again, and what was subscribed is subscribed again.
 */
export class PushLink implements Transport, PushTransport {
  readonly push: PushTransport = this
  readonly #init: PushLinkInit
  readonly #timers: Timers
  readonly #random: RandomSource
  readonly #topics: Topics
  #connection: Promise<Connection> | undefined
  #filters: EventFilters
  #requestCount = 0
  #reconnectMs = RECONNECT_MIN_MS
  #cancelReconnect: () => void = () => {}
  #isAnnouncing = false
  #isClosed = false

  constructor(init: PushLinkInit) {
    this.#init = init
    this.#timers = init.timers ?? systemTimers
    this.#random = init.random ?? systemRandom
    this.#topics = new Topics(this.#random, () => this.#announceSoon())
    this.#filters = new EventFilters(this.#random)
  }

  async request(method: string, params: readonly unknown[]): Promise<unknown> {
    const connection = await this.#connected()
    const answer = await connection.request(ChannelType.rpc, this.#rpcBytes(method, params))
    return readAnswer(method, fromUtf8(answer.data))
  }

  close(): Promise<void> {
    this.#isClosed = true
    this.#cancelReconnect()
    void this.#closeWhenOpen(this.#connection)
    this.#connection = undefined
    return Promise.resolve()
  }

  async submit(method: SubmitMethod, params: readonly unknown[]): Promise<Submission> {
    const connection = await this.#connected()
    const bytes = this.#rpcBytes(method, params)
    const { answer, receipt } = await connection.requestWithReceipt(ChannelType.rpc, bytes)
    const hash = readText(method, readAnswer(method, fromUtf8(answer.data)))
    return { hash, receipt: receipt.then(({ data }) => readJson(method, fromUtf8(data))) }
  }

  onBlock(groupId: number, listener: (height: number) => void): () => void {
    return this.#topics.onBlock(groupId, listener)
  }

  async watchEvents(request: EventRequest, handler: EventHandler): Promise<() => void> {
    const connection = await this.#connected()
    return this.#filters.register(connection, request, handler)
  }

  listen(topic: string, listener: (message: TopicMessage) => void): () => void {
    return this.#topics.listen(topic, listener)
  }

  async ask(topic: string, payload: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    checkTopic(topic)
    const connection = await this.#connected()
    const answer = await this.#askOver(connection, withTopic(topic, payload), { topic, timeoutMs })
    if (answer.result !== AmopResult.success) throw amopFailed(topic, answer.result)
    return splitTopic(answer.data)?.payload ?? NOTHING
  }

  async tell(topic: string, payload: Uint8Array): Promise<void> {
    checkTopic(topic)
    const connection = await this.#connected()
    const data = withTopic(topic, payload)
    const answer = await connection.request(ChannelType.amopMulticast, data)
    if (answer.result !== AmopResult.success) throw amopFailed(topic, answer.result)
  }

  verifySubscribers(topic: string, verify: VerifyChallenge): () => void {
    return this.#topics.verifySubscribers(topic, verify)
  }

  async #closeWhenOpen(opening: Promise<Connection> | undefined): Promise<void> {
    try {
      const connection = await opening
      connection?.close('closed by the application')
    } catch {
      // It was never there.
    }
  }

  #rpcBytes(method: string, params: readonly unknown[]): Uint8Array {
    this.#requestCount += 1
    return utf8(requestText(method, params, this.#requestCount))
  }

  async #askOver(
    connection: Connection,
    data: Uint8Array,
    { topic, timeoutMs }: { readonly topic: string; readonly timeoutMs: number },
  ): Promise<ChannelFrame> {
    try {
      return await connection.request(ChannelType.amopRequest, data, timeoutMs)
    } catch (error) {
      // The connection is there: it is the answer that did not come.
      if (connection.isOpen) throw amopFailed(topic, AmopResult.timeout)
      throw error
    }
  }

  #connected(): Promise<Connection> {
    if (this.#isClosed) {
      const reason = 'the transport was closed'
      return Promise.reject(new NoConnectionError(this.#init.url, reason, { wasSent: false }))
    }
    this.#connection ??= this.#connect()
    return this.#connection
  }

  async #connect(): Promise<Connection> {
    this.#cancelReconnect()
    const filters = new EventFilters(this.#random)
    this.#filters = filters
    const { url, dial, clock = systemClock, timeoutMs = TIMEOUT_MS_DEFAULT } = this.#init
    try {
      const connection = await Connection.open({
        url,
        dial,
        timeoutMs,
        clock,
        timers: this.#timers,
        random: this.#random,
        onFrame: (frame, from) => this.#onFrame(frame, from),
        onClose: (error) => {
          filters.lose(error)
          if (this.#filters === filters) this.#onLost()
        },
      })
      this.#reconnectMs = RECONNECT_MIN_MS
      if (this.#topics.names().length > 0) this.#announce(connection)
      return connection
    } catch (error) {
      // A connection that ended in its handshake has said so already.
      if (this.#filters === filters && this.#connection !== undefined) this.#onLost()
      throw error
    }
  }

  #onFrame(frame: ChannelFrame, connection: Connection): void {
    if (frame.type !== ChannelType.eventPush) {
      this.#topics.onFrame(frame, connection)
      return
    }
    try {
      this.#filters.onPush(frame.data)
    } catch (error) {
      // A push that cannot be read may have been logs: nothing may be missed, so all is asked for again.
      if (!isBcosError(error)) throw error
      connection.close(error.message)
    }
  }

  #onLost(): void {
    this.#connection = undefined
    if (this.#isClosed || this.#topics.names().length === 0) return
    this.#cancelReconnect()
    this.#cancelReconnect = this.#timers.after(this.#reconnectMs, () => {
      this.#connected().catch(() => {})
    })
    this.#reconnectMs = Math.min(2 * this.#reconnectMs, RECONNECT_MAX_MS)
  }

  /** Changes of one moment go out together. */
  #announceSoon(): void {
    if (this.#isAnnouncing || this.#isClosed) return
    this.#isAnnouncing = true
    void this.#announceNow()
  }

  async #announceNow(): Promise<void> {
    await Promise.resolve()
    this.#isAnnouncing = false
    const isConnecting = this.#connection === undefined
    if (isConnecting && this.#topics.names().length === 0) return
    try {
      const connection = await this.#connected()
      if (!isConnecting) this.#announce(connection)
    } catch {
      // It is tried again by itself as long as there are topics.
    }
  }

  /** The list replaces the former one (spec 02 §12.1); heights are asked for, as notices may have been missed. */
  #announce(connection: Connection): void {
    const seq = connection.newSeq()
    const data = utf8(JSON.stringify(this.#topics.names()))
    connection.send({ type: ChannelType.subscribe, seq, result: 0, data })
    for (const groupId of this.#topics.groups()) void this.#askHeight(connection, groupId)
  }

  async #askHeight(connection: Connection, groupId: number): Promise<void> {
    const method = 'getBlockNumber'
    try {
      const answer = await connection.request(ChannelType.rpc, this.#rpcBytes(method, [groupId]))
      const height = readNumber(method, readAnswer(method, fromUtf8(answer.data)))
      this.#topics.tellHeight(groupId, height)
    } catch {
      // Whoever listens asks by themselves when no notice comes.
    }
  }
}

function amopFailed(topic: string, code: number): AmopFailedError {
  return new AmopFailedError(topic, code, AMOP_SENTENCES[code] ?? 'the node does not say why')
}

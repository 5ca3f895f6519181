import {
  type Clock,
  every,
  fromUtf8,
  type Logger,
  type RandomSource,
  type RateLimiter,
  type Startable,
  SteadyClock,
  type Timers,
  unlimited,
  utf8,
} from '@bcos-ts/common'
import { FRAME_BYTES_MAX } from '@bcos-ts/protocol'
import {
  blockTopicOf,
  type ChannelFrame,
  ChannelType,
  isTopic,
  PUSH_SEQ,
  splitTopic,
  withTopic,
} from '@bcos-ts/protocol/channel'
import type { GroupService, NodeService } from '@bcos-ts/protocol/ports'
import { RpcError } from '../errors.ts'
import { type EventLimits, EventPush, type EventSubscriber } from '../events/event-push.ts'
import type { JsonRpc } from '../json-rpc.ts'
import { compactJson, type JsonValue, styledJson } from '../json.ts'
import { parseJson } from '../parse-json.ts'
import { AmopRelay } from './amop-relay.ts'
import { shakeHands } from './handshake.ts'
import { ReceiptGate } from './receipt-gate.ts'
import {
  ChannelSession,
  type ChannelSessionLimits,
  type ClientConnection,
  ReceiveMemory,
} from './session.ts'

const IDLE_MS = 60_000
/** How often sessions are looked after: idle ones end, filters whose client is allowed again go on. */
const CARE_MS = 1000
/** Time is looked at as often: if more has passed, somebody has set the clock, or this process stood still. */
const LEAP_MAX_MS = 10_000
const SEND_QUEUE_BYTES_MAX = 134_217_728
const RECEIVE_BYTES_MAX = 536_870_912
/** Requests of one client that wait for the one before; more end its session. */
const REQUESTS_BYTES_MAX = 134_217_728
/** Topics of one client; the rest of a longer list is left out. */
const TOPICS_MAX = 4096
const EMPTY_TOPIC = ''

/** Where clients come from. */
export interface ClientListener {
  /** Accepts clients from now on. Throws `RPC_LISTEN_FAILED`. */
  listen(onClient: (connection: ClientConnection) => void): Promise<void>
  close(): Promise<void>
}

/** What the caller decides. */
export interface ChannelServerInit {
  readonly listeners: readonly ClientListener[]
  /** Requests of all clients together (`flow_control.limit_req` of the node). */
  readonly nodeLimit?: RateLimiter
  /** Requests to one group. */
  readonly groupLimit?: (groupId: number) => RateLimiter | undefined
  /** Outgoing AMOP messages, bytes (`flow_control.outgoing_bandwidth_limit`). */
  readonly bandwidth?: RateLimiter
  /**
   * Whether a client with this public key may see a group (`sdk_allowlist`). Asked anew for every request and
   * every event, so the list may change at any time. @default everybody
   */
  readonly isSdkAllowed?: (groupId: number, sdkKey: string) => boolean
  /** `event_filter` of a group. */
  readonly eventLimitsOf?: (groupId: number) => EventLimits | undefined
  /** @default 104_857_600 */
  readonly frameBytesMax?: number
  /** Unfinished frames of all clients together. @default 536_870_912 */
  readonly receiveBytesMax?: number
  /** A client that leaves more than this unread is disconnected. @default 134_217_728 */
  readonly sendQueueBytesMax?: number
  /** @default 60_000 */
  readonly idleMs?: number
}

/** What the node provides. */
export interface ChannelServerComponents {
  readonly rpc: JsonRpc
  readonly node: NodeService
  readonly clock: Clock
  readonly timers: Timers
  readonly random: RandomSource
  readonly logger: Logger
}

/** A session with what is kept for it here. */
interface Client extends EventSubscriber {
  readonly session: ChannelSession
  /** Requests are answered one after the other, so that no client takes more turns than others. */
  lastAnswer: Promise<void>
  waitingBytes: number
}

/** Serves SDKs: requests, receipts, block and event notices, AMOP (spec 02 §3–12). */
export class ChannelServer implements Startable {
  readonly #init: ChannelServerInit
  readonly #parts: ChannelServerComponents
  readonly #log: Logger
  readonly #limits: ChannelSessionLimits
  readonly #memory: ReceiveMemory
  readonly #clients = new Map<ChannelSession, Client>()
  readonly #relay: AmopRelay
  readonly #events: EventPush
  readonly #watchedGroups = new Map<number, () => void>()
  #stops: (() => void)[] = []

  constructor(init: ChannelServerInit, components: ChannelServerComponents) {
    // Whoever sets the clock must not send all clients away, nor hold receipts back.
    const clock = new SteadyClock(components.clock, { leapMaxMs: LEAP_MAX_MS })
    const parts = { ...components, clock }
    this.#init = init
    this.#parts = parts
    this.#log = parts.logger.child('CHANNEL')
    this.#limits = {
      frameBytesMax: init.frameBytesMax ?? FRAME_BYTES_MAX,
      sendQueueBytesMax: init.sendQueueBytesMax ?? SEND_QUEUE_BYTES_MAX,
      idleMs: init.idleMs ?? IDLE_MS,
    }
    this.#memory = new ReceiveMemory(init.receiveBytesMax ?? RECEIVE_BYTES_MAX)
    this.#relay = new AmopRelay({
      amop: parts.node.amop,
      random: parts.random,
      log: this.#log,
      sessions: () => this.#clients.keys(),
      bandwidth: init.bandwidth ?? unlimited,
    })
    this.#events = new EventPush({ ...parts, log: this.#log, limitsOf: init.eventLimitsOf })
  }

  async start(): Promise<void> {
    const { node, timers } = this.#parts
    for (const group of node.groups()) this.#watch(group)
    this.#stops = [
      node.amop.attach(this.#relay),
      node.onGroupChange(({ group, isRunning }) => {
        if (isRunning) this.#watch(group)
        else this.#unwatch(group.id)
      }),
      every(timers, Math.min(CARE_MS, this.#limits.idleMs), () => this.#care()),
    ]
    try {
      for (const listener of this.#init.listeners) {
        await listener.listen((connection) => this.#welcome(connection))
      }
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) stop()
    this.#stops = []
    for (const groupId of this.#watchedGroups.keys()) this.#unwatch(groupId)
    this.#events.stop()
    for (const session of this.#clients.keys()) session.close('the node stops')
    await Promise.all(this.#init.listeners.map((listener) => listener.close()))
  }

  #welcome(connection: ClientConnection): void {
    const session = new ChannelSession(connection, {
      ...this.#parts,
      log: this.#log,
      limits: this.#limits,
      memory: this.#memory,
    })
    const client: Client = {
      session,
      lastAnswer: Promise.resolve(),
      waitingBytes: 0,
      get isOpen() {
        return session.isOpen
      },
      mayRead: (groupId) => this.#isAllowed(session, groupId),
      push: (text) =>
        session.send({ type: ChannelType.eventPush, seq: PUSH_SEQ, result: 0, data: utf8(text) }),
    }
    this.#clients.set(session, client)
    this.#log.info('Client connected', { endpoint: session.remote })
    session.start({
      onFrame: (frame) => this.#onFrame(frame, client),
      onClose: () => this.#onClose(client),
    })
  }

  #onClose(client: Client): void {
    this.#clients.delete(client.session)
    this.#events.forget(client)
    if (client.session.topics.size > 0) this.#publishTopics()
  }

  #onFrame(frame: ChannelFrame, client: Client): void {
    const { session } = client
    switch (frame.type) {
      case ChannelType.rpc:
        this.#queueRpc(frame, client)
        break
      case ChannelType.heartbeat:
        onHeartbeat(frame, session)
        break
      case ChannelType.handshake:
        this.#onHandshake(frame, session)
        break
      case ChannelType.registerEvent:
      case ChannelType.unregisterEvent:
        this.#onEventRequest(frame, client)
        break
      case ChannelType.subscribe:
        this.#onSubscribe(frame, session)
        break
      case ChannelType.amopRequest:
        void this.#relay.unicast(frame, session)
        break
      case ChannelType.amopMulticast:
        this.#relay.multicast(frame, session)
        break
      case ChannelType.topicStatus:
        this.#relay.verified(frame)
        break
      default:
        this.#log.debug('Unknown frame', { type: frame.type, endpoint: session.remote })
    }
  }

  #queueRpc(frame: ChannelFrame, client: Client): void {
    client.waitingBytes += frame.data.length
    if (client.waitingBytes > REQUESTS_BYTES_MAX) {
      client.session.close('too many requests wait')
      return
    }
    const before = client.lastAnswer
    client.lastAnswer = this.#answerAfter(before, frame, client)
  }

  async #answerAfter(before: Promise<void>, frame: ChannelFrame, client: Client): Promise<void> {
    await before
    client.waitingBytes -= frame.data.length
    if (client.isOpen) await this.#onRpc(frame, client.session)
  }

  async #onRpc(frame: ChannelFrame, session: ChannelSession): Promise<void> {
    const gate = new ReceiptGate(this.#parts)
    const { seq } = frame
    const answer = await this.#parts.rpc.handle(fromUtf8(frame.data), {
      refusals: session.version === 3 ? 'later' : 'now',
      admit: (method, groupId) => this.#admit(session, method, groupId),
      onReceipt: (receipt) => {
        const data = utf8(styledJson(receipt))
        gate.pass(() => session.send({ type: ChannelType.receipt, seq, result: 0, data }))
      },
    })
    const data = utf8(answer)
    session.send({ type: ChannelType.rpc, seq, result: 0, data }, () => gate.answered())
  }

  /** Limits first, then the allow list (spec 02 §8.3, §8.4). */
  #admit(session: ChannelSession, method: string, groupId: number | undefined): void {
    const { nodeLimit = unlimited, groupLimit } = this.#init
    const isOver = !nodeLimit.tryAcquire() && method !== 'getClientVersion'
    const ofGroup = groupId === undefined ? undefined : groupLimit?.(groupId)
    if (isOver || ofGroup?.tryAcquire() === false) {
      throw new RpcError('RPC_OVER_LIMIT', `${method} Over QPS limit`)
    }
    if (groupId !== undefined && !this.#isAllowed(session, groupId)) {
      const text = `${method} The SDK is not allowed to access this group`
      throw new RpcError('RPC_SDK_NOT_ALLOWED', text)
    }
  }

  /** A client without a key of its own (RSA certificates) is not restricted. */
  #isAllowed({ sdkKey }: ChannelSession, groupId: number): boolean {
    return sdkKey === undefined || (this.#init.isSdkAllowed?.(groupId, sdkKey) ?? true)
  }

  #onHandshake(frame: ChannelFrame, session: ChannelSession): void {
    const outcome = shakeHands(fromUtf8(frame.data))
    if (outcome.type === 'ignored') return
    if (outcome.type === 'closed') {
      session.close('no common version of the channel protocol')
      return
    }
    session.version = outcome.version
    this.#log.debug('Handshake', { endpoint: session.remote, version: outcome.version })
    const nodeVersion = this.#parts.node.version.supported
    const data = utf8(compactJson({ nodeVersion, protocol: outcome.version }))
    session.send({ ...frame, result: 0, data })
  }

  #onEventRequest(frame: ChannelFrame, client: Client): void {
    const text = fromUtf8(splitTopic(frame.data)?.payload ?? frame.data)
    const result =
      frame.type === ChannelType.registerEvent
        ? this.#events.register(text, client)
        : this.#events.unregister(text, client)
    const data = withTopic(EMPTY_TOPIC, utf8(compactJson({ result })))
    client.session.send({ ...frame, result: 0, data })
  }

  /** The list replaces the former one; there is no answer (spec 02 §12.1). */
  #onSubscribe(frame: ChannelFrame, session: ChannelSession): void {
    const list = parseJson(fromUtf8(frame.data))
    if (list === undefined) return
    const values: readonly JsonValue[] = Array.isArray(list) ? list : []
    const topics = values.map((one) => (typeof one === 'string' ? one : compactJson(one).trim()))
    session.topics = new Set(topics.filter(isTopic).slice(0, TOPICS_MAX))
    this.#publishTopics()
  }

  #publishTopics(): void {
    const all = new Set<string>()
    for (const { topics } of this.#clients.keys()) for (const topic of topics) all.add(topic)
    this.#parts.node.amop.publish([...all])
  }

  #watch(group: GroupService): void {
    this.#unwatch(group.id)
    const stop = group.chain.onCommit(({ block }) => this.#notify(group.id, block.header.number))
    this.#watchedGroups.set(group.id, stop)
  }

  #unwatch(groupId: number): void {
    this.#watchedGroups.get(groupId)?.()
    this.#watchedGroups.delete(groupId)
    this.#events.endGroup(groupId)
  }

  /** Tells of a new block whoever subscribed its topic (spec 02 §10). */
  #notify(groupID: number, blockNumber: number): void {
    const topic = blockTopicOf(groupID)
    const frame = (text: string): ChannelFrame => {
      const data = withTopic(topic, utf8(text))
      return { type: ChannelType.blockNotify, seq: PUSH_SEQ, result: 0, data }
    }
    const asText = frame(`${groupID},${blockNumber}`)
    const asJson = frame(compactJson({ blockNumber, groupID }))
    for (const session of this.#clients.keys()) {
      if (session.topics.has(topic)) session.send(session.version === 1 ? asText : asJson)
    }
  }

  #care(): void {
    for (const session of this.#clients.keys()) session.checkIdle()
    this.#events.resume()
  }
}

/** Version 1 knows one character; a SDK that sends nothing expects nothing (spec 02 §6). */
function onHeartbeat(frame: ChannelFrame, session: ChannelSession): void {
  if (session.version > 1) {
    session.send({ ...frame, result: 0, data: utf8(compactJson({ heartBeat: 1 })) })
  } else if (fromUtf8(frame.data) === '0') {
    session.send({ ...frame, result: 0, data: utf8('1') })
  }
}

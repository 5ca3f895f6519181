import {
  type Clock,
  Emitter,
  every,
  isBcosError,
  type Logger,
  type Metrics,
  type RandomSource,
  type RateLimiter,
  SteadyClock,
  type Timers,
} from '@bcos-ts/common'
import { FRAME_BYTES_MAX, type NodeId } from '@bcos-ts/protocol'
import {
  type Amop,
  P2pModule,
  type P2pMessage,
  type P2pNetwork,
  type PeerInfo,
} from '@bcos-ts/protocol/ports'
import { P2pAmop } from './amop.ts'
import { Dialer } from './dialer.ts'
import { encodeFrame, type P2pFrame } from './frame.ts'
import { type NodeIdLists, NodeLists } from './node-lists.ts'
import { PeerTable } from './peer-table.ts'
import { Router } from './router.ts'
import { Session, type SessionOptions } from './session.ts'
import { Topics } from './topics.ts'
import type { Connection, Transport } from './transport.ts'

const HEARTBEAT_MS = 5000
const REPORT_MS = 10_000
/**
 * Where the way between two nodes forgets a connection, neither hears of it: four heartbeats of both kinds of nodes are
 * missed then. The reference waits 60 s (spec 04 §1.5), for which two halves of a group would stand still.
 */
const SESSION_IDLE_MS = 20_000
/** Two heartbeats missed: a peer that connects anew knows better than we whether it has a session. */
const SESSION_DOUBTFUL_MS = 12_000
/** Time is looked at each heartbeat: if more has passed, somebody has set the clock, or this process stood still. */
const LEAP_MAX_MS = 2 * HEARTBEAT_MS
const SEND_QUEUE_BYTES_MAX = 134_217_728
const FIRST_SEQ = 1
const NOT_ALLOWED = 'not in the allow list, or in the deny list'

/** What the caller decides. */
export interface P2pInit extends NodeIdLists {
  readonly transport: Transport
  /** Addresses to keep connected, `host:port`; the own one among them does no harm. */
  readonly peers: readonly string[]
  /**
   * Compress payloads above 1024 bytes. Reference nodes read them only when they compress as well.
   * @default true
   */
  readonly isCompressing?: boolean
  /** @default 104_857_600 */
  readonly frameBytesMax?: number
  /** A peer that leaves more than this unread is disconnected. @default 134_217_728 */
  readonly sendQueueBytesMax?: number
  /**
   * Limits on what a group sends. Its messages are never held back; they use up what others, such as block
   * synchronisation, then have to wait for (spec 04 §2.9).
   */
  readonly outgoing?: (groupId: number) => readonly RateLimiter[]
  /** Sessions without any traffic are closed after this time, ms. @default 20_000 */
  readonly idleMs?: number
}

/** What the node provides. */
export interface P2pComponents {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: RandomSource
  readonly logger: Logger
  readonly metrics: Metrics
}

/** The network of one node: sessions over a transport, routing by protocol id, topics, AMOP. */
export class P2pHost implements P2pNetwork {
  readonly self: NodeId
  readonly amop: Amop
  readonly #transport: Transport
  readonly #parts: P2pComponents
  readonly #log: Logger
  readonly #options: SessionOptions
  readonly #outgoing: (groupId: number) => readonly RateLimiter[]
  readonly #lists: NodeLists
  readonly #table: PeerTable
  readonly #router: Router
  readonly #topics: Topics
  readonly #dialer: Dialer
  readonly #connections = new Emitter<{ nodeId: NodeId; isConnected: boolean }>()
  #lastSeq = FIRST_SEQ
  #stops: (() => void)[] = []
  #endpoint = ''

  /** Throws `NETWORK_INVALID_ENDPOINT` or `NETWORK_INVALID_NODE_ID`. */
  constructor(init: P2pInit, components: P2pComponents) {
    // Whoever sets the clock must not end all sessions, nor keep dead ones.
    const clock = new SteadyClock(components.clock, { leapMaxMs: LEAP_MAX_MS })
    const parts = { ...components, clock }
    this.#transport = init.transport
    this.self = init.transport.self.nodeId
    this.#parts = parts
    this.#log = parts.logger.child('P2P', 'Service')
    this.#options = {
      isCompressing: init.isCompressing ?? true,
      frameBytesMax: init.frameBytesMax ?? FRAME_BYTES_MAX,
      sendQueueBytesMax: init.sendQueueBytesMax ?? SEND_QUEUE_BYTES_MAX,
      idleMs: init.idleMs ?? SESSION_IDLE_MS,
    }
    this.#outgoing = init.outgoing ?? (() => [])
    this.#lists = new NodeLists(init)
    this.#table = new PeerTable(this.self, parts)
    this.#router = new Router(this.#log)
    this.#topics = new Topics(this.#log, (challenge) => amop.challenge(challenge))
    const amop = new P2pAmop({
      topics: this.#topics,
      sessions: () => this.#table.sessions(),
      sessionOf: (nodeId) => this.#table.get(nodeId),
      random: parts.random,
      log: this.#log,
    })
    this.amop = amop
    this.#dialer = new Dialer({
      ...parts,
      transport: init.transport,
      log: this.#log,
      isConnected: (nodeId) => this.isConnected(nodeId),
      onConnection: (connection) => this.#welcome(connection, 'outbound'),
    })
    this.#dialer.configure(init.peers)
    this.#router.register(P2pModule.topic, (frame, from) => this.#topics.onRequest(frame, from))
    this.#router.register(P2pModule.amop, (frame, from) => amop.onRequest(frame, from))
  }

  /** The address on which this node listens, once started. */
  get endpoint(): string {
    return this.#endpoint
  }

  async start(): Promise<void> {
    const { timers } = this.#parts
    this.#endpoint = await this.#transport.listen((connection) =>
      this.#welcome(connection, 'inbound'),
    )
    this.#stops = [
      every(timers, HEARTBEAT_MS, () => this.#heartbeat()),
      every(timers, REPORT_MS, () => this.#report()),
    ]
    this.#dialer.start()
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) stop()
    this.#stops = []
    this.#dialer.stop()
    for (const session of this.#table.allSessions()) session.close('the node stops')
    await this.#transport.close()
  }

  peers(): readonly PeerInfo[] {
    return Array.from(this.#table.sessions(), (session) => ({
      ...session.peer,
      endpoint: session.remote,
      topics: this.#topics.of(session),
    }))
  }

  isConnected(nodeId: NodeId): boolean {
    return this.#table.has(nodeId)
  }

  register(protocolId: number, handler: (message: P2pMessage, from: NodeId) => void): () => void {
    return this.#router.register(protocolId, (frame, session) =>
      handler(frame, session.peer.nodeId),
    )
  }

  send(to: NodeId, message: P2pMessage): void {
    this.multicast([to], message)
  }

  multicast(to: readonly NodeId[], message: P2pMessage): void {
    const sessions: Session[] = []
    for (const nodeId of to) {
      const session = this.#table.get(nodeId)
      if (session !== undefined) sessions.push(session)
      else if (nodeId !== this.self) this.#onUnreachable(nodeId, message)
    }
    if (sessions.length === 0) return
    const bytes = this.#encode({ ...message, seq: this.#nextSeq() })
    if (bytes === undefined) return
    for (const session of sessions) session.sendEncoded(bytes)
    const sent = bytes.length * sessions.length
    this.#count('out', message.protocolId, sent)
    for (const limiter of this.#outgoing(message.protocolId >>> 16)) limiter.acquire(sent)
  }

  configuredPeers(): readonly string[] {
    return this.#dialer.endpoints()
  }

  configurePeers(endpoints: readonly string[]): void {
    this.#dialer.configure(endpoints)
  }

  /**
   * Replaces both lists; sessions that they do not allow are closed at once. Throws
   * `NETWORK_INVALID_NODE_ID` for an entry that is no node id; then nothing changes.
   */
  setLists(lists: NodeIdLists): void {
    this.#lists.replace(lists)
    for (const session of Array.from(this.#table.allSessions())) {
      if (!this.#lists.isAllowed(session.peer.nodeId)) session.close(NOT_ALLOWED)
    }
  }

  onConnection(
    listener: (event: { readonly nodeId: NodeId; readonly isConnected: boolean }) => void,
  ): () => void {
    return this.#connections.on(listener)
  }

  #nextSeq(): number {
    this.#lastSeq = this.#lastSeq === 0xffff_ffff ? FIRST_SEQ + 1 : this.#lastSeq + 1
    return this.#lastSeq
  }

  #encode(frame: P2pFrame): Uint8Array | undefined {
    try {
      return encodeFrame(frame, this.#options)
    } catch (error) {
      if (!isBcosError(error, 'NETWORK_INVALID_FRAME')) throw error
      this.#log.warn('Message is too long to be sent', { bytes: frame.payload.length })
      return undefined
    }
  }

  #onUnreachable(nodeId: NodeId, message: P2pMessage): void {
    this.#log.debug('Not connected, message dropped', {
      nodeID: nodeId,
      protocolID: message.protocolId,
    })
  }

  #welcome(connection: Connection, direction: 'inbound' | 'outbound'): void {
    const { nodeId } = connection.peer
    const refusal = this.#refusal(nodeId)
    if (refusal !== undefined) {
      this.#log.debug('Connection refused', {
        nodeID: nodeId,
        endpoint: connection.remote,
        refusal,
      })
      connection.close(refusal)
      return
    }
    const session = new Session(connection, direction, this.#options, {
      ...this.#parts,
      log: this.#log,
      nextSeq: () => this.#nextSeq(),
    })
    this.#giveUpDoubtful(nodeId)
    const place = this.#table.add(session)
    if (place === 'refused') return connection.close('duplicate session')
    session.start({
      onRequest: (frame, from) => this.#onRequest(frame, from),
      onClose: (closed, reason) => this.#onClose(closed, reason),
    })
    this.#topics.opened(session)
    if (place === 'second') return
    this.#log.info('Connection established', { nodeID: nodeId, endpoint: connection.remote })
    this.#connections.emit({ nodeId, isConnected: true })
  }

  /** A peer that was killed where its end could not be told comes back: its former session must not keep it out. */
  #giveUpDoubtful(nodeId: NodeId): void {
    const current = this.#table.get(nodeId)
    if (current === undefined || current.silentMs < SESSION_DOUBTFUL_MS) return
    current.close(`silent for ${current.silentMs} ms, and the peer connects anew`)
  }

  #refusal(nodeId: NodeId): string | undefined {
    if (nodeId === this.self) return 'connected to itself'
    return this.#lists.isAllowed(nodeId) ? undefined : NOT_ALLOWED
  }

  #onRequest(frame: P2pFrame, session: Session): void {
    this.#count('in', frame.protocolId, frame.payload.length)
    this.#router.dispatch(frame, session)
  }

  #onClose(session: Session, reason: string): void {
    this.#topics.closed(session)
    if (!this.#table.remove(session)) return
    const { nodeId } = session.peer
    this.#log.info('Connection closed', { nodeID: nodeId, endpoint: session.remote, reason })
    this.#dialer.onDisconnected(nodeId)
    this.#connections.emit({ nodeId, isConnected: false })
  }

  #heartbeat(): void {
    for (const session of this.#table.allSessions()) session.checkIdle()
    this.#topics.heartbeat()
  }

  #report(): void {
    this.#log.info('heartBeat', { 'connected count': this.#table.size })
    this.#parts.metrics.gauge('p2p_sessions', this.#table.size)
  }

  /** Totals, and for each group and module (spec 04 §14.2). */
  #count(direction: 'in' | 'out', protocolId: number, bytes: number): void {
    const { metrics } = this.#parts
    metrics.count(`p2p_bytes_${direction}`, bytes)
    metrics.count(`p2p_bytes_${direction}_g${protocolId >>> 16}_m${protocolId & 0xffff}`, bytes)
  }
}

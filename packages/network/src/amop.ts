import { isBcosError, type Logger, randomBelow, type RandomSource } from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'
import {
  type Amop,
  type AmopLocal,
  P2pModule,
  type TopicCertificateRequest,
} from '@bcos-ts/protocol/ports'
import type { P2pFrame } from './frame.ts'
import type { Session } from './session.ts'
import type { Topics } from './topics.ts'

/** Packet types of AMOP between nodes (spec 04 §2.8). */
const AmopPacket = { unicast: 0, multicast: 1 } as const
const UNICAST_TIMEOUT_MS = 30_000
/** Requests of one neighbour that wait for an application; more are dropped. */
const DELIVERIES_MAX = 1000
/** Where a channel frame says what it is, and the value that says "answer" (spec 02 §3.1, §4). */
const CHANNEL_TYPE_OFFSET = 4
const CHANNEL_ANSWER = 0x31

const MULTICAST = { protocolId: P2pModule.amop, packetType: AmopPacket.multicast, seq: 0 } as const

export interface AmopComponents {
  readonly topics: Topics
  /** The sessions to send on, one for each neighbour. */
  readonly sessions: () => Iterable<Session>
  readonly sessionOf: (nodeId: NodeId) => Session | undefined
  readonly random: RandomSource
  readonly log: Logger
}

/** AMOP among neighbours: there is no forwarding beyond one hop. */
export class P2pAmop implements Amop {
  readonly #parts: AmopComponents
  readonly #deliveries = new WeakMap<Session, number>()
  #local: AmopLocal | undefined

  constructor(parts: AmopComponents) {
    this.#parts = parts
  }

  topics(): readonly string[] {
    return this.#parts.topics.own()
  }

  publish(topics: readonly string[]): void {
    this.#parts.topics.publish(topics)
  }

  attach(local: AmopLocal): () => void {
    this.#local = local
    return () => {
      if (this.#local === local) this.#local = undefined
    }
  }

  countSubscribers(topic: string): number {
    return this.#candidates(topic).length
  }

  async unicast(topic: string, frame: Uint8Array): Promise<Uint8Array | undefined> {
    const candidates = this.#candidates(topic)
    while (candidates.length > 0) {
      const chosen = randomBelow(this.#parts.random, candidates.length)
      const [session] = candidates.splice(chosen, 1)
      const answer = await this.#ask(session, frame)
      if (answer !== undefined) return answer
    }
    return undefined
  }

  multicast(topic: string, frame: Uint8Array): void {
    for (const session of this.#candidates(topic)) {
      if (session === 'self') this.#local?.deliverAll(frame)
      else session.send({ ...MULTICAST, payload: frame })
    }
  }

  setVerified(nodeId: NodeId, topic: string, isGood: boolean): void {
    const session = this.#parts.sessionOf(nodeId)
    if (session !== undefined) this.#parts.topics.setVerified(session, topic, isGood)
  }

  /** A neighbour's private topic waits for its check. */
  challenge(request: TopicCertificateRequest): void {
    this.#local?.requestCertificate(request)
  }

  onRequest(frame: P2pFrame, session: Session): void {
    // A reference node whose applications all failed sends its answer as if it were a request.
    if (isAnswer(frame.payload) && session.settle(frame)) return
    if (frame.packetType === AmopPacket.multicast) this.#local?.deliverAll(frame.payload)
    else if (frame.packetType === AmopPacket.unicast) void this.#deliver(frame, session)
  }

  #candidates(topic: string): (Session | 'self')[] {
    const { topics, sessions } = this.#parts
    const found: (Session | 'self')[] = []
    for (const session of sessions()) {
      if (topics.isSubscriber(session, topic)) found.push(session)
    }
    if (this.#local !== undefined && topics.own().includes(topic)) found.push('self')
    return found
  }

  async #ask(
    target: Session | 'self' | undefined,
    frame: Uint8Array,
  ): Promise<Uint8Array | undefined> {
    if (target === undefined) return undefined
    if (target === 'self') return this.#local?.deliver(frame)
    const request = {
      protocolId: P2pModule.amop,
      packetType: AmopPacket.unicast,
      payload: frame,
    }
    try {
      return (await target.request(request, UNICAST_TIMEOUT_MS)).payload
    } catch (error) {
      if (!isBcosError(error)) throw error
      this.#parts.log.info('AMOP unicast failed, trying the next subscriber', {
        nodeID: target.peer.nodeId,
        reason: error.message,
      })
      return undefined
    }
  }

  async #deliver(frame: P2pFrame, session: Session): Promise<void> {
    const open = this.#deliveries.get(session) ?? 0
    if (this.#local === undefined || open >= DELIVERIES_MAX) {
      this.#parts.log.warn('AMOP request dropped', { nodeID: session.peer.nodeId, open })
      return
    }
    this.#deliveries.set(session, open + 1)
    const payload = await this.#local.deliver(frame.payload)
    this.#deliveries.set(session, (this.#deliveries.get(session) ?? 1) - 1)
    session.send({
      protocolId: -P2pModule.amop,
      packetType: frame.packetType,
      seq: frame.seq,
      payload,
    })
  }
}

function isAnswer(channelFrame: Uint8Array): boolean {
  const type =
    ((channelFrame[CHANNEL_TYPE_OFFSET] ?? 0) << 8) | (channelFrame[CHANNEL_TYPE_OFFSET + 1] ?? 0)
  return type === CHANNEL_ANSWER
}

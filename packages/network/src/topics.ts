import { EMPTY_BYTES, isBcosError, type Logger } from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'
import { P2pModule } from '@bcos-ts/protocol/ports'
import type { P2pFrame } from './frame.ts'
import {
  type Challenge,
  decodeTopicSeq,
  encodeTopicList,
  encodeTopicSeq,
  isVerified,
  NO_TOPICS,
  openChallenges,
  type PeerTopics,
  verifiedTopics,
  withTopicList,
  withVerification,
} from './peer-topics.ts'
import type { Session } from './session.ts'

/** Packet types of the topic module (spec 04 §2.7). */
const TopicPacket = { seq: 1, request: 2, list: 3 } as const
const LIST_TIMEOUT_MS = 5000

interface Neighbour {
  topics: PeerTopics
  isAsking: boolean
  /** Whether its open challenges were handed on since the last own heartbeat. */
  isChallenged: boolean
}

/**
 * Announces this node's topics by number with every heartbeat, and asks neighbours for their lists when
 * their number changes. The heartbeat is also what keeps sessions from being idle.
 */
export class Topics {
  readonly #log: Logger
  readonly #onChallenge: (challenge: Challenge & { readonly nodeId: NodeId }) => void
  readonly #neighbours = new Map<Session, Neighbour>()
  #own: readonly string[] = []
  #ownSeq = 0

  constructor(
    log: Logger,
    onChallenge: (challenge: Challenge & { readonly nodeId: NodeId }) => void,
  ) {
    this.#log = log
    this.#onChallenge = onChallenge
  }

  own(): readonly string[] {
    return this.#own
  }

  publish(topics: readonly string[]): void {
    this.#own = [...new Set(topics)]
    this.#ownSeq = (this.#ownSeq + 1) >>> 0
  }

  of(session: Session): readonly string[] {
    return verifiedTopics(this.#neighbours.get(session)?.topics ?? NO_TOPICS)
  }

  isSubscriber(session: Session, topic: string): boolean {
    const neighbour = this.#neighbours.get(session)
    return neighbour !== undefined && isVerified(neighbour.topics, topic)
  }

  setVerified(session: Session, topic: string, isGood: boolean): void {
    const neighbour = this.#neighbours.get(session)
    if (neighbour === undefined) return
    neighbour.topics = withVerification(neighbour.topics, topic, isGood)
  }

  opened(session: Session): void {
    this.#neighbours.set(session, { topics: NO_TOPICS, isAsking: false, isChallenged: false })
    this.#sendHeartbeat(session)
  }

  closed(session: Session): void {
    this.#neighbours.delete(session)
  }

  /** Every five seconds. */
  heartbeat(): void {
    for (const [session, neighbour] of this.#neighbours) {
      neighbour.isChallenged = false
      this.#sendHeartbeat(session)
    }
  }

  onRequest(frame: P2pFrame, session: Session): void {
    if (frame.packetType === TopicPacket.seq) this.#onSeq(frame.payload, session)
    else if (frame.packetType === TopicPacket.request) this.#sendList(frame.seq, session)
  }

  #sendHeartbeat(session: Session): void {
    session.send({
      protocolId: P2pModule.topic,
      packetType: TopicPacket.seq,
      seq: 0,
      payload: encodeTopicSeq(this.#ownSeq),
    })
  }

  #sendList(seq: number, session: Session): void {
    session.send({
      protocolId: -P2pModule.topic,
      packetType: TopicPacket.list,
      seq,
      payload: encodeTopicList(this.#ownSeq, this.#own),
    })
  }

  #onSeq(payload: Uint8Array, session: Session): void {
    const neighbour = this.#neighbours.get(session)
    const seq = decodeTopicSeq(payload)
    if (neighbour === undefined || seq === undefined) return
    if (seq !== neighbour.topics.seq) {
      if (!neighbour.isAsking) void this.#askForList(neighbour, session)
      return
    }
    // A peer may send heartbeats as fast as it likes; applications are asked once in our own rhythm.
    if (neighbour.isChallenged) return
    neighbour.isChallenged = true
    const { nodeId } = session.peer
    for (const challenge of openChallenges(neighbour.topics)) {
      this.#onChallenge({ ...challenge, nodeId })
    }
  }

  async #askForList(neighbour: Neighbour, session: Session): Promise<void> {
    neighbour.isAsking = true
    try {
      const request = {
        protocolId: P2pModule.topic,
        packetType: TopicPacket.request,
        payload: EMPTY_BYTES,
      }
      const answer = await session.request(request, LIST_TIMEOUT_MS)
      const topics = withTopicList(neighbour.topics, answer.payload)
      if (topics !== undefined) neighbour.topics = topics
      else this.#log.warn('Topic list refused', { nodeID: session.peer.nodeId })
    } catch (error) {
      if (!isBcosError(error)) throw error
      this.#log.debug('Topic list not received', { nodeID: session.peer.nodeId })
    } finally {
      neighbour.isAsking = false
    }
  }
}

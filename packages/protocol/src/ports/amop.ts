import type { NodeId } from '../primitives.ts'

/**
 * Messages between applications over the nodes they are connected to (spec 04 §2.8, 02 §12). Frames are
 * complete channel frames; nothing between the two ends looks into them. Topics are ordinary text.
 */
export interface Amop {
  /** The topics of this node's own applications. */
  topics(): readonly string[]
  /** Replaces {@link topics} and announces a change to the neighbours, even when the list is the same. */
  publish(topics: readonly string[]): void
  /** The side of this node's own applications. The returned function takes it away. */
  attach(local: AmopLocal): () => void
  /** How many nodes, this one included, have a subscriber of the topic that may be sent to. */
  countSubscribers(topic: string): number
  /**
   * Sends to one subscriber, chosen at random; on failure to the next. Resolves with the answer frame, or
   * `undefined` when there is nobody, or nobody could be reached. Never rejects.
   */
  unicast(topic: string, frame: Uint8Array): Promise<Uint8Array | undefined>
  /** Sends to all subscribers, this node's included, and forgets. */
  multicast(topic: string, frame: Uint8Array): void
  /** Result of the check of a neighbour's private topic (spec 02 §12.5). */
  setVerified(nodeId: NodeId, topic: string, isVerified: boolean): void
}

/** What a channel server does for its node's {@link Amop}. */
export interface AmopLocal {
  /**
   * Hands a request to one subscriber and resolves with the answer frame, also when nobody took it (then
   * its result field says so). Never rejects.
   */
  deliver(frame: Uint8Array): Promise<Uint8Array>
  /** Hands a message to every subscriber. */
  deliverAll(frame: Uint8Array): void
  /** Asks a publisher to check the right of a neighbour to a private topic. */
  requestCertificate(request: TopicCertificateRequest): void
}

export interface TopicCertificateRequest {
  readonly nodeId: NodeId
  /** The private topic. */
  readonly topic: string
  /** The topic on which the neighbour answers challenges. */
  readonly topicForCertificate: string
}

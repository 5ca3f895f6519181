/**
 * What is known of the AMOP topics of one neighbour (spec 04 §2.7, 02 §12.5). Pure.
 * @module
 */
import { fromUtf8, utf8 } from '@bcos-ts/common'

const NEEDS_VERIFICATION = '#!$TopicNeedVerify_'
const VERIFY_CHANNEL = '#!$VerifyChannel_'
const CHALLENGE_SUFFIX = /^_[0-9a-f]{32}$/
const SEPARATOR = '\t'
const SEQ_MAX = 0xffff_ffff

/** A list beyond these bounds is refused: nobody needs it, and it is kept per neighbour. */
export const TOPIC_LIST_BYTES_MAX = 8_388_608
const TOPICS_MAX = 65_536

/** Whether messages may be sent there: a private topic is checked first. */
type TopicStatus = 'verifying' | 'verified' | 'failed'

export interface PeerTopics {
  /** The number under which the neighbour announced this list. */
  readonly seq: number
  readonly statuses: ReadonlyMap<string, TopicStatus>
}

export const NO_TOPICS: PeerTopics = { seq: 0, statuses: new Map() }

/** A private topic with the topic on which its subscriber answers challenges. */
export interface Challenge {
  readonly topic: string
  readonly topicForCertificate: string
}

export function encodeTopicSeq(seq: number): Uint8Array {
  return utf8(String(seq))
}

/** The announced number, or `undefined` for anything that is not one. */
export function decodeTopicSeq(payload: Uint8Array): number | undefined {
  return payload.length > 10 ? undefined : parseSeq(fromUtf8(payload))
}

function parseSeq(text: string): number | undefined {
  const seq = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  return seq <= SEQ_MAX ? seq : undefined
}

/** Number and topics, divided by tabs; a topic with a tab inside cannot be announced. */
export function encodeTopicList(seq: number, topics: readonly string[]): Uint8Array {
  const announced = topics.filter((topic) => !topic.includes(SEPARATOR))
  return utf8([String(seq), ...announced].join(SEPARATOR))
}

/**
 * The state after a list arrived: a private topic keeps its status as long as it stays in the list.
 * `undefined` when the list cannot be read or is beyond all measure.
 */
export function withTopicList(known: PeerTopics, payload: Uint8Array): PeerTopics | undefined {
  if (payload.length > TOPIC_LIST_BYTES_MAX) return undefined
  const [first = '', ...topics] = fromUtf8(payload).split(SEPARATOR)
  const seq = parseSeq(first)
  if (seq === undefined || topics.length > TOPICS_MAX) return undefined
  const statuses = new Map<string, TopicStatus>()
  for (const topic of topics) {
    if (topic !== '') statuses.set(topic, known.statuses.get(topic) ?? initialStatus(topic))
  }
  return { seq, statuses }
}

function initialStatus(topic: string): TopicStatus {
  return topic.startsWith(NEEDS_VERIFICATION) ? 'verifying' : 'verified'
}

/** The outcome of a check counts only while the topic waits for one. */
export function withVerification(known: PeerTopics, topic: string, isGood: boolean): PeerTopics {
  if (known.statuses.get(topic) !== 'verifying') return known
  const statuses = new Map(known.statuses)
  statuses.set(topic, isGood ? 'verified' : 'failed')
  return { seq: known.seq, statuses }
}

export function isVerified(known: PeerTopics, topic: string): boolean {
  return known.statuses.get(topic) === 'verified'
}

export function verifiedTopics(known: PeerTopics): string[] {
  return [...known.statuses.keys()].filter((topic) => isVerified(known, topic))
}

/**
 * Topics that still wait for their check. The reference takes any topic that begins like the wanted one,
 * and so confuses `T` with `T2`; here the random suffix must follow at once.
 */
export function openChallenges(known: PeerTopics): Challenge[] {
  const waiting = [...known.statuses].filter(([, status]) => status === 'verifying')
  if (waiting.length === 0) return []
  const channels = [...known.statuses.keys()].filter((topic) => topic.startsWith(VERIFY_CHANNEL))
  const challenges: Challenge[] = []
  for (const [topic] of waiting) {
    const prefix = VERIFY_CHANNEL + topic
    const topicForCertificate = channels.find(
      (channel) =>
        channel.startsWith(prefix) && CHALLENGE_SUFFIX.test(channel.slice(prefix.length)),
    )
    if (topicForCertificate !== undefined) challenges.push({ topic, topicForCertificate })
  }
  return challenges
}

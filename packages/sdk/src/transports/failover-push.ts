import { LruMap } from '@bcos-ts/common'
import { NoPushError } from '../errors.ts'
import type {
  EventHandler,
  EventRequest,
  PushTransport,
  Submission,
  SubmitMethod,
  TopicMessage,
  VerifyChallenge,
} from '../transport.ts'
import type { Member } from './member.ts'

/** Runs something on the first node that can do it. */
export type TryEach = <T>(
  groupId: number | undefined,
  isChange: boolean,
  run: (member: Member) => Promise<T>,
) => Promise<T>

/** Messages that came over one node and are remembered, so that they do not count when they come over another. */
const MESSAGES_MAX = 10_000

/** What several nodes push: subscriptions are on all, work is given to one. */
export class FailoverPush implements PushTransport {
  readonly #members: readonly Member[]
  readonly #tryEach: TryEach

  constructor(members: readonly Member[], tryEach: TryEach) {
    this.#members = members
    this.#tryEach = tryEach
  }

  submit(method: SubmitMethod, params: readonly unknown[]): Promise<Submission> {
    const [first] = params
    const groupId = typeof first === 'number' ? first : undefined
    return this.#tryEach(groupId, true, (member) => pushOf(member).submit(method, params))
  }

  onBlock(groupId: number, listener: (height: number) => void): () => void {
    return this.#onAll((member) =>
      pushOf(member).onBlock(groupId, (height) => {
        member.learnHeight(groupId, height)
        listener(height)
      }),
    )
  }

  watchEvents(request: EventRequest, handler: EventHandler): Promise<() => void> {
    return this.#tryEach(request.groupId, false, (member) =>
      pushOf(member).watchEvents(request, handler),
    )
  }

  /** A message to all subscribers comes over every node. */
  listen(topic: string, listener: (message: TopicMessage) => void): () => void {
    const seen = new LruMap<string, true>(MESSAGES_MAX)
    return this.#onAll((member) =>
      pushOf(member).listen(topic, (message) => {
        if (message.answer === undefined) {
          if (seen.get(message.id) === true) return
          seen.set(message.id, true)
        }
        listener(message)
      }),
    )
  }

  ask(topic: string, payload: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    return this.#tryEach(undefined, true, (member) => pushOf(member).ask(topic, payload, timeoutMs))
  }

  tell(topic: string, payload: Uint8Array): Promise<void> {
    return this.#tryEach(undefined, true, (member) => pushOf(member).tell(topic, payload))
  }

  verifySubscribers(topic: string, verify: VerifyChallenge): () => void {
    return this.#onAll((member) => pushOf(member).verifySubscribers(topic, verify))
  }

  #onAll(subscribe: (member: Member) => () => void): () => void {
    const stops = this.#members.map(subscribe)
    return () => {
      for (const stop of stops) stop()
    }
  }
}

function pushOf({ transport }: Member): PushTransport {
  if (transport.push === undefined) throw new NoPushError('a subscription')
  return transport.push
}

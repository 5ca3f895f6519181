/** How a client reaches a node, or several. */
export interface Transport {
  /**
   * The `result` of a JSON-RPC call. Throws `SDK_RPC_ERROR` with the node's code for a refusal,
   * `SDK_NO_CONNECTION` when there is no answer.
   */
  request(method: string, params: readonly unknown[]): Promise<unknown>
  /** Ends connections and what waits on them. */
  close(): Promise<void>
  /** What nodes send without being asked; absent where the connection carries answers only (HTTP). */
  readonly push?: PushTransport
}

/** A transport over which nodes speak first. */
export interface PushingTransport extends Transport {
  readonly push: PushTransport
}

/** The two methods that put a transaction into a pool. */
export type SubmitMethod = 'sendRawTransaction' | 'sendRawTransactionAndGetProof'

/** A transaction that a node took. */
export interface Submission {
  /** `0x` text. */
  readonly hash: string
  /**
   * The receipt as JSON, of a refused one too (then all but its status is zero). Rejects with
   * `SDK_NO_CONNECTION` when the connection ends before it comes: it will not come again.
   */
  readonly receipt: Promise<unknown>
}

/** Which logs are wanted (spec 02 §11.1). */
export interface LogFilter {
  /** Contracts; missing or empty is every contract. */
  readonly addresses?: readonly string[]
  /** At most four positions: `null` or an empty list is any, a list is alternatives. */
  readonly topics?: readonly (string | readonly string[] | null)[]
}

/** A filter with the blocks that it covers. */
export interface EventRequest extends LogFilter {
  readonly groupId: number
  readonly fromBlock: number
  /** Missing is without end. */
  readonly toBlock?: number | undefined
}

/** What becomes of a filter that a node took up. */
export interface EventHandler {
  /** Logs as JSON, in the order of the chain. */
  onLogs(logs: readonly unknown[]): void
  /** All blocks up to `toBlock` were searched. */
  onCompleted(): void
  /** The connection ended, or the node refuses from now on: the filter is gone. */
  onLost(error: Error): void
}

/** A message on a topic (spec 02 §12). */
export interface TopicMessage {
  readonly topic: string
  readonly payload: Uint8Array
  /** The same for all who hear one message. */
  readonly id: string
  /** Answers whoever sent it; absent when it went to all subscribers. */
  readonly answer?: (payload: Uint8Array) => void
}

/** Whether a signature over a challenge was made by a subscriber who may hear a private topic. */
export type VerifyChallenge = (challenge: Uint8Array, signature: Uint8Array) => boolean

/** Connections on which nodes speak first. Subscriptions outlive connections: they are made again on the next. */
export interface PushTransport {
  /** Submits; the receipt comes by itself. Throws as {@link Transport.request} does. */
  submit(method: SubmitMethod, params: readonly unknown[]): Promise<Submission>
  /** Heights of a group as nodes tell them: some may be missing, or come twice. */
  onBlock(groupId: number, listener: (height: number) => void): () => void
  /** Has a node search blocks. Throws `SDK_EVENT_REFUSED`. The returned function ends it. */
  watchEvents(request: EventRequest, handler: EventHandler): Promise<() => void>
  /** Hears messages on a topic. */
  listen(topic: string, listener: (message: TopicMessage) => void): () => void
  /** Sends to one subscriber; its answer. Throws `SDK_AMOP_FAILED`. */
  ask(topic: string, payload: Uint8Array, timeoutMs: number): Promise<Uint8Array>
  /** Sends to all subscribers. */
  tell(topic: string, payload: Uint8Array): Promise<void>
  /** Checks subscribers of a private topic, each on behalf of the node that asks (spec 02 §12.5). */
  verifySubscribers(topic: string, verify: VerifyChallenge): () => void
}

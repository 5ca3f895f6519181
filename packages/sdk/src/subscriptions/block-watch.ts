import type { Timers } from '@bcos-ts/common'
import type { GroupQueries } from '../client/group-queries.ts'
import { type Subscription, SubscriptionEnd, type WatchOptions } from './subscription.ts'

export interface BlockWatchOptions extends WatchOptions {
  /** The first block that is wanted. Missing: the next new one. */
  readonly from?: number
}

export interface WatchParts {
  readonly queries: GroupQueries
  readonly timers: Timers
  /** How often a node is asked where it does not speak first, ms. */
  readonly pollMs: number
  /** Called once, when a subscription is over. */
  readonly onOver: () => void
}

/** Where nodes speak first they are asked all the same, now and then: a notice may be lost. */
const PUSH_POLL_MS = 10_000

/** Block numbers in order, each once. What nodes say only moves the height up to which they are delivered. */
export class BlockWatch implements Subscription {
  readonly #parts: WatchParts
  readonly #listener: (number: number) => void | Promise<void>
  readonly #end: SubscriptionEnd
  readonly #unsubscribe: (() => void) | undefined
  #next: number | undefined
  #height = -1
  #isDelivering = false
  #cancelPoll: () => void = () => {}

  constructor(
    parts: WatchParts,
    listener: (number: number) => void | Promise<void>,
    options: BlockWatchOptions,
  ) {
    this.#parts = parts
    this.#listener = listener
    this.#end = new SubscriptionEnd(options, parts.onOver)
    this.#next = options.from
    const { queries } = parts
    this.#unsubscribe = queries.transport.push?.onBlock(queries.groupId, (height) =>
      this.#learn(height),
    )
    void this.#poll()
  }

  get ended(): Promise<void> {
    return this.#end.ended
  }

  stop(): void {
    if (this.#end.isOver) return
    this.#end.finish()
    this.#unsubscribe?.()
    this.#cancelPoll()
  }

  async #poll(): Promise<void> {
    const { queries, timers, pollMs } = this.#parts
    let isAnswered = false
    try {
      const height = await queries.getBlockNumber()
      isAnswered = true
      this.#next ??= height + 1
      this.#learn(height)
    } catch (error) {
      this.#end.report(error)
    }
    if (this.#end.isOver) return
    const isSlow = isAnswered && this.#unsubscribe !== undefined
    this.#cancelPoll = timers.after(isSlow ? PUSH_POLL_MS : pollMs, () => void this.#poll())
  }

  #learn(height: number): void {
    this.#height = Math.max(this.#height, height)
    void this.#deliver()
  }

  async #deliver(): Promise<void> {
    if (this.#isDelivering || this.#next === undefined) return
    this.#isDelivering = true
    while (this.#next <= this.#height && !this.#end.isOver) {
      const number: number = this.#next
      this.#next = number + 1
      await this.#tell(number)
    }
    this.#isDelivering = false
  }

  async #tell(number: number): Promise<void> {
    try {
      await this.#listener(number)
    } catch (error) {
      this.#end.report(error)
    }
  }
}

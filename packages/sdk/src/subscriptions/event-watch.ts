import { isBcosError } from '@bcos-ts/common'
import { EventCode } from '@bcos-ts/protocol/channel'
import { EventRefusedError, type RpcError } from '../errors.ts'
import { readList } from '../json/read.ts'
import type { PushTransport } from '../transport.ts'
import { BlockWatch, type WatchParts } from './block-watch.ts'
import {
  type EventLog,
  type LogPattern,
  logsOf,
  patternOf,
  readEventLog,
  type WatchedLogs,
} from './log-filter.ts'
import { type Subscription, SubscriptionEnd, type WatchOptions } from './subscription.ts'

export type EventWatchOptions = WatchOptions

/** Logs of one block or more, in the order of the chain. */
export type LogsListener = (logs: readonly EventLog[]) => void | Promise<void>

export interface EventWatchParts extends WatchParts {
  readonly logs: WatchedLogs
  readonly onLogs: LogsListener
}

const RETRY_MS = 500
/** Answer of a node to a question for receipts that the block does not have. */
const NO_RECEIPTS = -40_099

/**
 * Logs in order, each once. A node searches where it can push, else receipts are read block by block. What was
 * delivered is remembered by its place in the chain, so that a search may begin again with the last block.
 */
export class EventWatch implements Subscription {
  readonly #parts: EventWatchParts
  readonly #end: SubscriptionEnd
  readonly #pattern: LogPattern | undefined
  /** Everything below was delivered, and of this block what {@link #delivered} holds. */
  #block = 0
  #delivered = new Set<string>()
  /** Deliveries are made one after the other. */
  #lastDelivery: Promise<void> = Promise.resolve()
  #stopSearch: () => void = () => {}

  constructor(parts: EventWatchParts, options: EventWatchOptions) {
    this.#parts = parts
    this.#end = new SubscriptionEnd(options, parts.onOver)
    this.#pattern = this.#checked()
    if (this.#pattern !== undefined) void this.#start()
  }

  get ended(): Promise<void> {
    return this.#end.ended
  }

  stop(): void {
    if (this.#end.isOver) return
    this.#end.finish()
    this.#stopSearch()
  }

  #checked(): LogPattern | undefined {
    const { from, to } = this.#parts.logs
    try {
      if (typeof from === 'number' && to !== undefined && to < from) throw emptyRange(from, to)
      return patternOf(this.#parts.logs)
    } catch (error) {
      // Errors come the same way, whenever they are found.
      void Promise.resolve().then(() => this.#end.fail(error))
      return undefined
    }
  }

  /** `latest` is the number that it is now, also after a lost connection. */
  async #start(): Promise<void> {
    const { logs, queries } = this.#parts
    try {
      this.#block = typeof logs.from === 'number' ? logs.from : await queries.getBlockNumber()
    } catch (error) {
      this.#retry(error, () => this.#start())
      return
    }
    if (logs.to !== undefined && logs.to < this.#block) {
      this.#end.fail(emptyRange(this.#block, logs.to))
      return
    }
    const { push } = queries.transport
    if (push === undefined) this.#scan()
    else await this.#search(push)
  }

  /** Has a node search, from the block that is not finished. */
  async #search(push: PushTransport): Promise<void> {
    if (this.#end.isOver) return
    const { logs, queries } = this.#parts
    let isLost = false
    try {
      const stop = await push.watchEvents(
        {
          groupId: queries.groupId,
          addresses: logs.addresses ?? [],
          topics: logs.topics ?? [],
          fromBlock: this.#block,
          toBlock: logs.to,
        },
        {
          onLogs: (found) => this.#take(found),
          onCompleted: () => void this.#lastDelivery.then(() => this.#end.finish()),
          onLost: (error) => {
            isLost = true
            void this.#retryAfterDelivery(error, push)
          },
        },
      )
      this.#stopSearch = stop
      if (this.#end.isOver && !isLost) stop()
    } catch (error) {
      this.#onRefused(error, push)
    }
  }

  #onRefused(error: unknown, push: PushTransport): void {
    if (!isBcosError<EventRefusedError>(error, 'SDK_EVENT_REFUSED')) {
      this.#retry(error, () => this.#search(push))
    } else if (error.details.eventCode === EventCode.invalidRange) {
      // The node does not look back so far: receipts can be read of any block.
      this.#scan()
    } else {
      this.#end.fail(error)
    }
  }

  async #retryAfterDelivery(error: Error, push: PushTransport): Promise<void> {
    await this.#lastDelivery
    this.#retry(error, () => this.#search(push))
  }

  #retry(error: unknown, again: () => Promise<void>): void {
    if (this.#end.isOver) return
    this.#end.report(error)
    this.#stopSearch = this.#parts.timers.after(RETRY_MS, () => void again())
  }

  #take(found: readonly unknown[]): void {
    try {
      const logs = readList('eventPush', found, readEventLog)
      this.#lastDelivery = this.#lastDelivery.then(() => this.#deliver(logs))
    } catch (error) {
      this.#end.fail(error)
    }
  }

  /** Reads receipts, block by block. */
  #scan(): void {
    const { to } = this.#parts.logs
    const blocks = new BlockWatch(
      { ...this.#parts, onOver: () => {} },
      async (number) => {
        await this.#scanBlock(number)
        if (to === undefined || number < to) return
        this.#end.finish()
        blocks.stop()
      },
      { from: this.#block, onError: (error) => this.#end.report(error) },
    )
    this.#stopSearch = () => blocks.stop()
  }

  /** Until it is done: a block that is left out would be a gap. */
  async #scanBlock(number: number): Promise<void> {
    while (!this.#end.isOver) {
      try {
        await this.#deliver(await this.#logsOfBlock(number))
        return
      } catch (error) {
        this.#end.report(error)
        await new Promise<void>((resolve) => void this.#parts.timers.after(RETRY_MS, resolve))
      }
    }
  }

  async #logsOfBlock(number: number): Promise<EventLog[]> {
    const pattern = this.#pattern ?? patternOf({})
    try {
      const block = await this.#parts.queries.getBatchReceiptsByBlockNumberAndRange(number)
      return logsOf(block, pattern)
    } catch (error) {
      const isEmpty =
        isBcosError<RpcError>(error, 'SDK_RPC_ERROR') && error.details.rpcCode === NO_RECEIPTS
      if (isEmpty) return []
      throw error
    }
  }

  async #deliver(logs: readonly EventLog[]): Promise<void> {
    const fresh = logs.filter((log) => this.#isFresh(log))
    if (fresh.length === 0 || this.#end.isOver) return
    try {
      await this.#parts.onLogs(fresh)
    } catch (error) {
      this.#end.report(error)
    }
  }

  /** Notes the log; `false` when it was delivered before. */
  #isFresh({ blockNumber, transactionIndex, logIndex }: EventLog): boolean {
    if (blockNumber < this.#block) return false
    if (blockNumber > this.#block) {
      this.#block = blockNumber
      this.#delivered = new Set()
    }
    const place = `${transactionIndex}/${logIndex}`
    const isFresh = !this.#delivered.has(place)
    this.#delivered.add(place)
    return isFresh
  }
}

function emptyRange(from: number, to: number): EventRefusedError {
  return new EventRefusedError(EventCode.invalidRange, `block ${to} is before block ${from}`)
}

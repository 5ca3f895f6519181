import { assert, type Clock, type Logger, to0x, type Timers } from '@bcos-ts/common'
import type { Block } from '@bcos-ts/protocol'
import { EventCode } from '@bcos-ts/protocol/channel'
import type { BlockStore, NodeService } from '@bcos-ts/protocol/ports'
import { compactJson, type JsonObject } from '../json.ts'
import { logView, quantity } from '../views/format.ts'
import { type EventRequest, isMatch, type LogPattern, parseEventRequest } from './filter.ts'

/** Behind a commit, so that receipts go out first. */
const PASS_DELAY_MS = 10
/** A pass that takes longer lets others have their turn. */
const PASS_MS = 20
/** Filters of one client; more are refused. */
const FILTERS_MAX = 1000
/** Text of a registration; longer ones are refused. */
const REQUEST_LENGTH_MAX = 1_048_576

const LIMITS_DEFAULT: EventLimits = { blockRangeMax: 0, blocksPerPass: 3 }

/** `event_filter` of a group's genesis file. */
export interface EventLimits {
  /** Blocks that a filter may look back; 0 is without limit. */
  readonly blockRangeMax: number
  /** Blocks that are searched for one filter at a time. */
  readonly blocksPerPass: number
}

/** A client that hears of events. */
export interface EventSubscriber {
  readonly isOpen: boolean
  /** Whether it may see this group now. */
  mayRead(groupId: number): boolean
  push(text: string): void
}

export interface EventPushParts {
  readonly node: NodeService
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  readonly limitsOf?: ((groupId: number) => EventLimits | undefined) | undefined
}

interface ActiveFilter {
  readonly filterId: string
  readonly subscriber: EventSubscriber
  readonly pattern: LogPattern
  readonly toBlock: number
  nextBlock: number
}

interface Watch {
  readonly groupId: number
  readonly chain: BlockStore
  /** In the order in which they are served; a filter that was served goes to the end. */
  readonly filters: Set<ActiveFilter>
  readonly stop: () => void
  cancelPass: (() => void) | undefined
}

/** Searches blocks, old ones first and new ones as they come, for what clients asked for (spec 02 §11). */
export class EventPush {
  readonly #parts: EventPushParts
  readonly #watches = new Map<number, Watch>()

  constructor(parts: EventPushParts) {
    this.#parts = parts
  }

  /** Takes up a filter; the code answers the client. */
  register(text: string, subscriber: EventSubscriber): number {
    const request = text.length > REQUEST_LENGTH_MAX ? undefined : parseEventRequest(text)
    if (request === undefined) return EventCode.invalidRequest
    const { groupId } = request
    if (!subscriber.mayRead(groupId)) return EventCode.notAllowed
    const chain = this.#parts.node.group(groupId)?.chain
    if (chain === undefined) return EventCode.groupNotFound
    const range = this.#rangeOf(request, chain.height())
    if (range === undefined) return EventCode.invalidRange
    if (this.#countOf(subscriber) >= FILTERS_MAX) return EventCode.invalidRequest
    const { filterId, pattern } = request
    const watch = this.#watchOf(groupId, chain)
    watch.filters.add({ filterId, pattern, subscriber, ...range })
    this.#schedulePass(watch)
    return EventCode.success
  }

  /** Ends the client's own filters of that name. */
  unregister(text: string, subscriber: EventSubscriber): number {
    const request = text.length > REQUEST_LENGTH_MAX ? undefined : parseEventRequest(text)
    if (request === undefined) return EventCode.invalidRequest
    const { groupId, filterId } = request
    if (!subscriber.mayRead(groupId)) return EventCode.notAllowed
    if (this.#parts.node.group(groupId) === undefined) return EventCode.groupNotFound
    const removed = this.#removeWhere(
      (filter) => filter.subscriber === subscriber && filter.filterId === filterId,
      groupId,
    )
    return removed ? EventCode.success : EventCode.unknownFilter
  }

  /** A client is gone: its filters end. */
  forget(subscriber: EventSubscriber): void {
    this.#removeWhere((filter) => filter.subscriber === subscriber)
  }

  /** A group was stopped: its filters end. */
  endGroup(groupId: number): void {
    const watch = this.#watches.get(groupId)
    if (watch !== undefined) this.#close(watch)
  }

  /** Permissions may have changed: filters that rested go on, also where no new block wakes them. */
  resume(): void {
    for (const watch of this.#watches.values()) {
      if (hasWork(watch, watch.chain.height())) this.#schedulePass(watch)
    }
  }

  stop(): void {
    for (const watch of this.#watches.values()) this.#close(watch)
  }

  /** `latest` as a beginning is the latest block itself (spec 02 §11.1). */
  #rangeOf(
    { fromBlock, toBlock, groupId }: EventRequest,
    height: number,
  ): { nextBlock: number; toBlock: number } | undefined {
    const start = fromBlock ?? height
    const end = toBlock ?? Number.POSITIVE_INFINITY
    const { blockRangeMax } = this.#limitsOf(groupId)
    const isTooLong = blockRangeMax > 0 && height - start + 1 > blockRangeMax
    return end < start || isTooLong ? undefined : { nextBlock: start, toBlock: end }
  }

  #limitsOf(groupId: number): EventLimits {
    return this.#parts.limitsOf?.(groupId) ?? LIMITS_DEFAULT
  }

  #countOf(subscriber: EventSubscriber): number {
    let count = 0
    for (const { filters } of this.#watches.values()) {
      for (const filter of filters) if (filter.subscriber === subscriber) count += 1
    }
    return count
  }

  #watchOf(groupId: number, chain: BlockStore): Watch {
    const known = this.#watches.get(groupId)
    if (known?.chain === chain) return known
    if (known !== undefined) this.#close(known)
    const stop = chain.onCommit(() => this.#schedulePass(watch))
    const watch: Watch = { groupId, chain, filters: new Set(), stop, cancelPass: undefined }
    this.#watches.set(groupId, watch)
    return watch
  }

  #removeWhere(isGone: (filter: ActiveFilter) => boolean, groupId?: number): boolean {
    let removed = false
    for (const watch of this.#watches.values()) {
      if (groupId !== undefined && watch.groupId !== groupId) continue
      for (const filter of watch.filters) {
        if (isGone(filter)) removed = watch.filters.delete(filter) || removed
      }
      if (watch.filters.size === 0) this.#close(watch)
    }
    return removed
  }

  #close(watch: Watch): void {
    watch.stop()
    watch.cancelPass?.()
    watch.filters.clear()
    this.#watches.delete(watch.groupId)
  }

  #schedulePass(watch: Watch): void {
    watch.cancelPass ??= this.#parts.timers.after(PASS_DELAY_MS, () => {
      watch.cancelPass = undefined
      this.#pass(watch)
    })
  }

  #pass(watch: Watch): void {
    const { clock } = this.#parts
    const untilMs = clock.nowMs() + PASS_MS
    const height = watch.chain.height()
    for (const filter of Array.from(watch.filters)) {
      watch.filters.delete(filter)
      if (this.#serve(watch, filter, height)) watch.filters.add(filter)
      if (clock.nowMs() > untilMs) break
    }
    if (watch.filters.size === 0) this.#close(watch)
    else if (hasWork(watch, height)) this.#schedulePass(watch)
  }

  /** Searches the next blocks; `false` when the filter has come to its end. */
  #serve(watch: Watch, filter: ActiveFilter, height: number): boolean {
    const { subscriber, filterId, toBlock } = filter
    if (!subscriber.isOpen) return false
    // Not allowed at the moment: it goes on when it is again.
    if (!subscriber.mayRead(watch.groupId)) return true
    const { blocksPerPass } = this.#limitsOf(watch.groupId)
    const last = Math.min(height, toBlock, filter.nextBlock + Math.max(1, blocksPerPass) - 1)
    const logs: JsonObject[] = []
    for (; filter.nextBlock <= last; filter.nextBlock++) {
      logs.push(...matches(watch.chain, filter.nextBlock, filter.pattern))
    }
    if (logs.length > 0) subscriber.push(compactJson({ filterID: filterId, logs, result: 0 }))
    if (filter.nextBlock <= toBlock) return true
    subscriber.push(compactJson({ filterID: filterId, logs: null, result: EventCode.completed }))
    return false
  }
}

function hasWork({ filters, groupId }: Watch, height: number): boolean {
  for (const { nextBlock, subscriber } of filters) {
    if (nextBlock <= height && subscriber.isOpen && subscriber.mayRead(groupId)) return true
  }
  return false
}

function matches(chain: BlockStore, number: number, pattern: LogPattern): JsonObject[] {
  const block = chain.block(number)
  const hash = chain.hashOf(number)
  return block === undefined || hash === undefined ? [] : matchesIn(block, hash, pattern)
}

function matchesIn(block: Block, hash: Uint8Array, pattern: LogPattern): JsonObject[] {
  const found: JsonObject[] = []
  for (const [index, receipt] of block.receipts.entries()) {
    for (const [logIndex, log] of receipt.logs.entries()) {
      if (!isMatch(log, pattern)) continue
      const transaction = block.transactions[index]
      assert(transaction !== undefined, 'a receipt belongs to a transaction')
      found.push({
        ...logView(log),
        blockHash: to0x(hash),
        blockNumber: String(block.header.number),
        logIndex: quantity(logIndex),
        transactionHash: to0x(transaction.hash),
        transactionIndex: quantity(index),
      })
    }
  }
  return found
}

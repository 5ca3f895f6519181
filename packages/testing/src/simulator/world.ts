import { nextTick } from 'node:process'
import { assert, type Clock, type Timers } from '@bcos-ts/common'

/** So often the event loop of the process has its turn: for signals, and for who waits beside the world. */
const BREATH_EVENTS = 4096

interface Scheduled {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
  isCancelled: boolean
}

export interface WorldInit {
  /** @default 0 */
  readonly startMs?: number
  /**
   * Turns of the event loop after each event: as many as the code under test itself gives way in a row. None where
   * it waits for promises only, as in a {@link SimulatedCluster}: that is several times faster.
   * @default 1
   */
  readonly turns?: number
}

/**
 * Virtual time for many nodes in one process and one thread. The same seed gives the same run, event for event:
 * a seed is a test.
 */
export class World implements Clock, Timers {
  readonly #heap: Scheduled[] = []
  readonly #turns: number
  #nowMs: number
  #order = 0
  #events = 0

  constructor({ startMs = 0, turns = 1 }: WorldInit = {}) {
    this.#nowMs = startMs
    this.#turns = turns
  }

  nowMs(): number {
    return this.#nowMs
  }

  /** How much has happened. */
  get events(): number {
    return this.#events
  }

  after(delayMs: number, run: () => void): () => void {
    const atMs = this.#nowMs + Math.max(0, delayMs)
    const scheduled: Scheduled = { atMs, order: this.#order++, run, isCancelled: false }
    this.#push(scheduled)
    return () => {
      scheduled.isCancelled = true
    }
  }

  /** Runs what is due in the next `ms`. */
  pass(ms: number): Promise<void> {
    return this.run(this.#nowMs + ms)
  }

  /** Runs until nothing is left to do or the time has come. */
  async run(untilMs: number): Promise<void> {
    await this.#settled()
    for (let next = this.#pop(untilMs); next !== undefined; next = this.#pop(untilMs)) {
      assert(next.atMs >= this.#nowMs, 'time does not run backwards')
      this.#nowMs = next.atMs
      this.#events++
      next.run()
      await this.#settled()
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs)
  }

  /** Runs until `isDone` holds, looking after each event. `false` when the time has come first. */
  async runUntil(isDone: () => boolean, untilMs: number): Promise<boolean> {
    await this.#settled()
    while (!isDone()) {
      const next = this.#pop(untilMs)
      if (next === undefined) return false
      this.#nowMs = next.atMs
      this.#events++
      next.run()
      await this.#settled()
    }
    return true
  }

  /** Lets everything that waits on promises go on. Nothing in a simulated world waits for the real clock. */
  async #settled(): Promise<void> {
    const turns = this.#turns === 0 && this.#events % BREATH_EVENTS === 0 ? 1 : this.#turns
    // A tick comes when no promise has anything left to do.
    if (turns === 0) await new Promise<void>(whenPromisesRest)
    for (let turn = 0; turn < turns; turn++) {
      await new Promise<void>((resolve) => void setImmediate(resolve))
    }
  }

  #push(scheduled: Scheduled): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(scheduled)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (above === undefined || !isBefore(scheduled, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = scheduled
  }

  #pop(untilMs: number): Scheduled | undefined {
    for (;;) {
      const first = this.#heap[0]
      if (first === undefined || first.atMs > untilMs) return undefined
      this.#removeFirst()
      if (!first.isCancelled) return first
    }
  }

  #removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const right = left + 1
      const a = heap[left]
      const b = heap[right]
      if (a === undefined) break
      const isRight = b !== undefined && isBefore(b, a)
      const smaller = isRight ? b : a
      if (!isBefore(smaller, last)) break
      heap[at] = smaller
      at = isRight ? right : left
    }
    heap[at] = last
  }
}

const whenPromisesRest = (resolve: () => void): void => nextTick(resolve)

function isBefore(a: Scheduled, b: Scheduled): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}

/** A node's own idea of time: set wrong by `offsetMs`, and faster or slower than the world's by `drift`. */
export interface Skew {
  readonly offsetMs: number
  /** 0.01: one percent fast. */
  readonly drift: number
}

export const NO_SKEW: Skew = { offsetMs: 0, drift: 0 }

export class SkewedClock implements Clock {
  readonly #world: Clock
  readonly #skew: Skew
  #epochMs: number

  constructor(world: Clock, skew: Skew, epochMs: number) {
    this.#world = world
    this.#skew = skew
    this.#epochMs = epochMs
  }

  nowMs(): number {
    const { offsetMs, drift } = this.#skew
    return this.#epochMs + offsetMs + this.#world.nowMs() * (1 + drift)
  }

  /** From now on it shows another time. */
  shift(byMs: number): void {
    this.#epochMs += byMs
  }
}

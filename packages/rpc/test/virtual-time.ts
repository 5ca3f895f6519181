import { setImmediate } from 'node:timers/promises'
import type { Clock, Timers } from '@bcos-ts/common'

interface Scheduled {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

/** Time that passes only when a test says so. */
export class VirtualTime implements Clock, Timers {
  #nowMs = 1_000_000
  #order = 0
  readonly #queue = new Set<Scheduled>()

  nowMs(): number {
    return this.#nowMs
  }

  after(delayMs: number, run: () => void): () => void {
    const one = { atMs: this.#nowMs + delayMs, order: this.#order++, run }
    this.#queue.add(one)
    return () => void this.#queue.delete(one)
  }

  /** Runs what is due in the next `ms`, with the promises that hang on it. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms
    for (;;) {
      await settled()
      const next = this.#next(untilMs)
      if (next === undefined) break
      this.#queue.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.run()
    }
    this.#nowMs = untilMs
  }

  #next(untilMs: number): Scheduled | undefined {
    let first: Scheduled | undefined
    for (const one of this.#queue) {
      if (one.atMs > untilMs) continue
      const isEarlier =
        first === undefined ||
        one.atMs < first.atMs ||
        (one.atMs === first.atMs && one.order < first.order)
      if (isEarlier) first = one
    }
    return first
  }
}

/** Lets every promise that can go on go on, those that wait for a turn of the event loop among them. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await setImmediate()
}

import { assert, type Clock, type RandomSource, type Timers } from '@bcos-ts/common'

interface Scheduled {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

/** Virtual time, and chance from a seed: the same seed gives the same run. */
export class World implements Clock, Timers {
  readonly random: RandomSource
  #nowMs = 1_700_000_000_000
  #order = 0
  #queue: Scheduled[] = []
  #seed: number

  constructor(seed = 1) {
    this.#seed = seed
    this.random = { bytes: (length) => Uint8Array.from({ length }, () => this.#next() & 0xff) }
  }

  nowMs(): number {
    return this.#nowMs
  }

  after(delayMs: number, run: () => void): () => void {
    const entry = { atMs: this.#nowMs + delayMs, order: this.#order++, run }
    this.#queue.push(entry)
    return () => {
      this.#queue = this.#queue.filter((one) => one !== entry)
    }
  }

  /** A number from 0 up to, not including, 1. */
  chance(): number {
    return this.#next() / 2 ** 32
  }

  /** Lets `durationMs` pass. What runs is awaited before the next thing runs. */
  async pass(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs
    for (let next = this.#due(untilMs); next !== undefined; next = this.#due(untilMs)) {
      assert(next.atMs >= this.#nowMs, 'time must not run backwards')
      this.#nowMs = next.atMs
      next.run()
      await settled()
    }
    this.#nowMs = untilMs
    await settled()
  }

  /** Lets time pass until `isDone`, at most `limitMs`, looking every `stepMs`. */
  async passUntil(isDone: () => boolean, limitMs: number, stepMs = 50): Promise<void> {
    const startMs = this.#nowMs
    while (!isDone()) {
      assert(this.#nowMs - startMs < limitMs, `not done after ${limitMs} ms`)
      await this.pass(stepMs)
    }
  }

  #due(untilMs: number): Scheduled | undefined {
    let best: Scheduled | undefined
    for (const one of this.#queue) {
      if (one.atMs > untilMs) continue
      const isEarlier =
        best === undefined ||
        one.atMs < best.atMs ||
        (one.atMs === best.atMs && one.order < best.order)
      if (isEarlier) best = one
    }
    if (best !== undefined) this.#queue = this.#queue.filter((one) => one !== best)
    return best
  }

  #next(): number {
    // xorshift32
    let x = this.#seed | 0 || 0x9e37
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#seed = x
    return x >>> 0
  }
}

/** After everything that promises have set in motion. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** Threads pay when a signature takes at most so many times as long there as on this thread, which is free meanwhile. */
const PAYS_BELOW = 3
/** So late a thread may be whatever it does, ms: one slice of another's time counts for little. */
const GRACE_MS = 1
/** How long nothing is shared after a batch that did not pay; twice as long each time. */
const REST_FIRST_MS = 1000
const REST_MAX_MS = 60_000
/** Batches of a kind that this thread computes to know what a signature costs it. */
export const MEASUREMENTS = 4

/** What is asked about signatures; the one costs several times what the other does. */
export type Question = 'recover' | 'verify'

/** What is known of the cost of a question. */
interface InlineCost {
  /** What a signature costs this thread, ms: the least of what was measured, for a thread can be held up. */
  leastMs: number
  measured: number
}

/**
 * Whether other threads are worth waking at present. They are when cores are idle; where several nodes share a machine,
 * or the load itself does, each thread only waits for its turn, and batches come back late.
 */
export class Sharing {
  readonly #nowMs: () => number
  readonly #costs: Readonly<Record<Question, InlineCost>> = {
    recover: { leastMs: Infinity, measured: 0 },
    verify: { leastMs: Infinity, measured: 0 },
  }
  #restUntilMs = 0
  #restMs = REST_FIRST_MS

  /** `nowMs`: a clock that never goes back. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  get isOn(): boolean {
    return this.#nowMs() >= this.#restUntilMs
  }

  /** What a signature costs this thread has to be known before anything can be compared with it. */
  isMeasured(question: Question): boolean {
    return this.#costs[question].measured >= MEASUREMENTS
  }

  /** This thread has computed `count` signatures in so many milliseconds. */
  noteInline(question: Question, count: number, tookMs: number): void {
    const cost = this.#costs[question]
    cost.leastMs = Math.min(cost.leastMs, tookMs / count)
    cost.measured += 1
  }

  /** Threads have computed `count` signatures, and were at it so long: the sum of their times. */
  noteShared(question: Question, count: number, tookMs: number): void {
    if (tookMs <= GRACE_MS + PAYS_BELOW * this.#costs[question].leastMs * count) {
      this.#restMs = REST_FIRST_MS
      return
    }
    this.#restUntilMs = this.#nowMs() + this.#restMs
    this.#restMs = Math.min(2 * this.#restMs, REST_MAX_MS)
  }
}

/** Threads pay when a signature takes at most so many times as long there as on this thread, which is free meanwhile. */
const PAYS_BELOW = 3
/** So late a thread may be whatever it does, ms: one slice of another's time counts for little. */
const GRACE_MS = 1
/** How long nothing is shared after a batch that did not pay; twice as long each time. */
const REST_FIRST_MS = 1000
const REST_MAX_MS = 60_000
/** Batches that this thread computes to know what a signature costs it. */
export const MEASUREMENTS = 4

/**
 * Whether other threads are worth waking at present. They are when cores are idle; where several nodes share a machine,
 * or the load itself does, each thread only waits for its turn, and batches come back late.
 */
export class Sharing {
  readonly #nowMs: () => number
  /** What a signature costs this thread, ms: the least of what was measured, for a thread can be held up. */
  #inlineMs = Infinity
  #measured = 0
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
  get isMeasured(): boolean {
    return this.#measured >= MEASUREMENTS
  }

  /** This thread has computed `count` signatures in so many milliseconds. */
  noteInline(count: number, tookMs: number): void {
    this.#inlineMs = Math.min(this.#inlineMs, tookMs / count)
    this.#measured += 1
  }

  /** Threads have computed `count` signatures, and were at it so long: the sum of their times. */
  noteShared(count: number, tookMs: number): void {
    if (tookMs <= GRACE_MS + PAYS_BELOW * this.#inlineMs * count) {
      this.#restMs = REST_FIRST_MS
      return
    }
    this.#restUntilMs = this.#nowMs() + this.#restMs
    this.#restMs = Math.min(2 * this.#restMs, REST_MAX_MS)
  }
}

import type { Clock } from './clock.ts'

/** Permission to do something so many times a second, or to send so many bytes. */
export interface RateLimiter {
  /** Takes `permits` when they are there; takes nothing and answers `false` when they are not. */
  tryAcquire(permits?: number): boolean
  /** Takes `permits` in any case, borrowing from the future; the answer is how long to wait, ms. */
  acquire(permits?: number): number
}

export interface TokenBucketOptions {
  readonly permitsPerSecond: number
  /** Permits that may gather while nobody asks. Default: those of one second. */
  readonly storedMax?: number
}

/**
 * A token bucket with the arithmetic of the reference (spec 04 §2.9): it starts empty, and what is taken
 * beyond the stored permits moves the time from which new ones arise into the future.
 */
export class TokenBucket implements RateLimiter {
  readonly #clock: Clock
  readonly #permitsPerSecond: number
  readonly #intervalMs: number
  readonly #storedMax: number
  #stored = 0
  /** Until here permits have been counted; later than now when they are borrowed. */
  #countedUntilMs: number

  constructor(options: TokenBucketOptions, clock: Clock) {
    this.#clock = clock
    this.#permitsPerSecond = options.permitsPerSecond
    this.#intervalMs = 1000 / options.permitsPerSecond
    this.#storedMax = options.storedMax ?? options.permitsPerSecond
    this.#countedUntilMs = clock.nowMs()
  }

  tryAcquire(permits = 1): boolean {
    const nowMs = this.#clock.nowMs()
    if (nowMs < this.#countedUntilMs) return false
    this.#gather(nowMs)
    if (permits - this.#stored >= this.#permitsPerSecond) return false
    this.#take(permits)
    return true
  }

  acquire(permits = 1): number {
    const nowMs = this.#clock.nowMs()
    this.#gather(nowMs)
    const waitMs = Math.max(0, this.#countedUntilMs - nowMs)
    this.#take(permits)
    return waitMs
  }

  #gather(nowMs: number): void {
    if (nowMs <= this.#countedUntilMs) return
    const fresh = (nowMs - this.#countedUntilMs) / this.#intervalMs
    this.#stored = Math.min(this.#storedMax, this.#stored + fresh)
    this.#countedUntilMs = nowMs
  }

  #take(permits: number): void {
    const fromStock = Math.min(permits, this.#stored)
    this.#stored -= fromStock
    this.#countedUntilMs += (permits - fromStock) * this.#intervalMs
  }
}

/** Where nothing is limited. */
export const unlimited: RateLimiter = { tryAcquire: () => true, acquire: () => 0 }

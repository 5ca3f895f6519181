import type { Clock } from './clock.ts'

/**
 * Time that never goes back, for deadlines. When somebody sets the system's clock back by an hour, a sealer must not
 * wait an hour longer for its leader, nor a node for a block that it asked for; so a protocol's own time goes on from
 * where it was last looked at.
 */
export class SteadyClock implements Clock {
  readonly #clock: Clock
  #aheadMs = 0
  #lastMs = -Infinity

  constructor(clock: Clock) {
    this.#clock = clock
  }

  nowMs(): number {
    const nowMs = this.#clock.nowMs() + this.#aheadMs
    if (nowMs < this.#lastMs) this.#aheadMs += this.#lastMs - nowMs
    this.#lastMs = Math.max(nowMs, this.#lastMs)
    return this.#lastMs
  }
}

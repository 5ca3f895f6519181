import type { Clock } from '@bcos-ts/common'

/**
 * Time that never goes back. When somebody sets the system's clock back by an hour, a sealer must not wait an hour
 * longer for its leader; so the protocol's own time goes on from where it was last looked at.
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

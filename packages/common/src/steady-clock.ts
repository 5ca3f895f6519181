import type { Clock } from './clock.ts'

/**
 * Time that never goes back, for deadlines. When somebody sets the system's clock back by an hour, a sealer must not
 * wait an hour longer for its leader, nor a node for a block that it asked for; so a protocol's own time goes on from
 * where it was last looked at. So it does when the clock has leapt ahead by more than `leapMaxMs` since then: for who
 * looks so often that only somebody's hand can have done it.
 */
export class SteadyClock implements Clock {
  readonly #clock: Clock
  readonly #leapMaxMs: number
  #aheadMs = 0
  #lastMs: number | undefined

  constructor(clock: Clock, { leapMaxMs = Infinity }: { readonly leapMaxMs?: number } = {}) {
    this.#clock = clock
    this.#leapMaxMs = leapMaxMs
  }

  nowMs(): number {
    const nowMs = this.#clock.nowMs() + this.#aheadMs
    const lastMs = this.#lastMs ?? nowMs
    const isSet = nowMs < lastMs || nowMs - lastMs > this.#leapMaxMs
    if (isSet) this.#aheadMs += lastMs - nowMs
    this.#lastMs = isSet ? lastMs : nowMs
    return this.#lastMs
  }
}

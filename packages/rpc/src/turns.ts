import { setImmediate } from 'node:timers/promises'
import { type Clock, SteadyClock } from '@bcos-ts/common'

/** How long requests may run before the rest of the node has its turn: consensus shares this thread. */
const TURN_MS = 5

/** Lets requests run one after the other, with pauses in which everything else goes on. */
export class Turns {
  readonly #clock: Clock
  #startedAtMs = Number.NEGATIVE_INFINITY
  #pause: Promise<void> | undefined

  constructor(clock: Clock) {
    // Were the system's clock set back, no turn would be over until it has caught up.
    this.#clock = new SteadyClock(clock)
  }

  /** Whether the rest of the node is to have its turn now: then `work` is to be given to {@link run}. */
  get isOver(): boolean {
    return this.#clock.nowMs() - this.#startedAtMs >= TURN_MS
  }

  /** Runs `work` when it is time for it. What it does before its first `await` is what takes turns. */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    // Whoever waited looks again, and then runs at once: the one before may have used up the new turn.
    while (this.isOver) {
      this.#pause ??= this.#pauseOnce()
      await this.#pause
    }
    return work()
  }

  async #pauseOnce(): Promise<void> {
    await setImmediate()
    this.#startedAtMs = this.#clock.nowMs()
    this.#pause = undefined
  }
}

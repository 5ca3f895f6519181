import { setImmediate } from 'node:timers/promises'
import type { Clock } from '@bcos-ts/common'

/** How long requests may run before the rest of the node has its turn: consensus shares this thread. */
const TURN_MS = 10

/** Lets requests run one after the other, with pauses in which everything else goes on. */
export class Turns {
  readonly #clock: Clock
  #startedAtMs = 0
  #pause: Promise<void> | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Runs `work`, at once if it is time for it. What it does before its first `await` is what takes turns. */
  run<T>(work: () => T | Promise<T>): T | Promise<T> {
    return this.#isOver ? this.#runLater(work) : work()
  }

  get #isOver(): boolean {
    return this.#clock.nowMs() - this.#startedAtMs >= TURN_MS
  }

  async #runLater<T>(work: () => T | Promise<T>): Promise<T> {
    // Whoever waited looks again, and then runs at once: the one before may have used up the new turn.
    while (this.#isOver) {
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

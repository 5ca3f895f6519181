import { assert } from '@bcos-ts/common'
import { Prng, World as VirtualTime } from '@bcos-ts/testing/simulator'

/** Virtual time, and chance from a seed: the same seed gives the same run. */
export class World extends VirtualTime {
  readonly random: Prng

  constructor(seed = 1) {
    super({ startMs: 1_700_000_000_000 })
    this.random = new Prng(seed)
  }

  /** A number from 0 up to, not including, 1. */
  chance(): number {
    return this.random.next()
  }

  /** Lets time pass until `isDone`, at most `limitMs`, looking every `stepMs`. */
  async passUntil(isDone: () => boolean, limitMs: number, stepMs = 50): Promise<void> {
    const startMs = this.nowMs()
    while (!isDone()) {
      assert(this.nowMs() - startMs < limitMs, `not done after ${limitMs} ms`)
      await this.pass(stepMs)
    }
  }
}

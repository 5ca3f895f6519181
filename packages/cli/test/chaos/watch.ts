import { setTimeout as sleep } from 'node:timers/promises'
import type { Victim } from './victim.ts'

const POLL_MS = 200

/** The heights that nodes tell, all the time. */
export class Watch {
  /** -1 while a node does not answer. */
  readonly heights: number[]
  /** Of all that were ever told. */
  highest = 0
  #isOn = true
  readonly #loops: readonly Promise<void>[]

  constructor(victims: readonly Victim[]) {
    this.heights = victims.map(() => -1)
    this.#loops = victims.map((victim, index) => this.#follow(victim, index))
  }

  async stop(): Promise<void> {
    this.#isOn = false
    await Promise.all(this.#loops)
  }

  async #follow({ node }: Victim, index: number): Promise<void> {
    while (this.#isOn) {
      const height = (await node.height()) ?? -1
      this.heights[index] = height
      this.highest = Math.max(this.highest, height)
      await sleep(POLL_MS)
    }
  }
}

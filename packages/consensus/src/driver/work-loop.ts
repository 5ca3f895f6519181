import type { Clock, Timers } from '@bcos-ts/common'

/** After this much work at a stretch the rest of the node has its turn. */
const TURN_MS = 10

export interface WorkLoopInit {
  readonly clock: Clock
  readonly timers: Timers
  /** The next piece of work, begun; `undefined` when there is none. */
  readonly next: () => Promise<void> | undefined
  /** When to look again, though nothing happens; `Infinity` for never. Asked when all work is done. */
  readonly deadlineMs: () => number
  readonly onDeadline: () => void
  /** The loop has ended for good. */
  readonly onFailure: (error: Error) => void
}

/** One piece of work after the other: what has begun ends before the next begins. */
export class WorkLoop {
  readonly #init: WorkLoopInit
  #isOn = false
  #isBusy = false
  #idle: Promise<void> = Promise.resolve()
  #timer: { readonly atMs: number; readonly cancel: () => void } | undefined

  constructor(init: WorkLoopInit) {
    this.#init = init
  }

  /** Resolves when what there is to do at first is done. */
  async start(): Promise<void> {
    this.#isOn = true
    this.wake()
    await this.#idle
  }

  /** Resolves when the work at hand has ended; none is begun any more. */
  async stop(): Promise<void> {
    this.#end()
    await this.#idle
  }

  wake(): void {
    if (this.#isBusy || !this.#isOn) return
    this.#isBusy = true
    this.#idle = this.#run()
  }

  #end(): void {
    this.#isOn = false
    this.#timer?.cancel()
    this.#timer = undefined
  }

  async #run(): Promise<void> {
    try {
      await this.#drain()
    } catch (error) {
      this.#end()
      this.#init.onFailure(error instanceof Error ? error : new Error(String(error)))
    } finally {
      this.#isBusy = false
    }
  }

  async #drain(): Promise<void> {
    const { clock, timers, next } = this.#init
    let turnMs = clock.nowMs()
    for (let work = next(); work !== undefined; work = this.#isOn ? next() : undefined) {
      await work
      if (clock.nowMs() - turnMs < TURN_MS) continue
      await new Promise<void>((resolve) => void timers.after(0, resolve))
      turnMs = clock.nowMs()
    }
    if (this.#isOn) this.#setTimer()
  }

  #setTimer(): void {
    const { clock, timers, deadlineMs, onDeadline } = this.#init
    const atMs = deadlineMs()
    if (this.#timer?.atMs === atMs) return
    this.#timer?.cancel()
    this.#timer = undefined
    if (atMs === Infinity) return
    const cancel = timers.after(Math.max(0, atMs - clock.nowMs()), () => {
      this.#timer = undefined
      onDeadline()
      this.wake()
    })
    this.#timer = { atMs, cancel }
  }
}

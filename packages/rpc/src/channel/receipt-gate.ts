import type { Clock, Timers } from '@bcos-ts/common'

/**
 * The answer to a submission comes first, and its receipt a little later: SDKs match both by the same seq and
 * take the first frame for the answer (spec 02 §3.4).
 */
const GAP_MS = 5

/** Holds what follows an answer back until the answer is on its way. */
export class ReceiptGate {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #waiting: (() => void)[] = []
  #answeredAtMs: number | undefined

  constructor({ clock, timers }: { readonly clock: Clock; readonly timers: Timers }) {
    this.#clock = clock
    this.#timers = timers
  }

  /** The answer was written. */
  answered(): void {
    this.#answeredAtMs = this.#clock.nowMs()
    for (const send of this.#waiting.splice(0)) this.#timers.after(GAP_MS, send)
  }

  pass(send: () => void): void {
    if (this.#answeredAtMs === undefined) {
      this.#waiting.push(send)
      return
    }
    const leftMs = this.#answeredAtMs + GAP_MS - this.#clock.nowMs()
    if (leftMs <= 0) send()
    else this.#timers.after(leftMs, send)
  }
}

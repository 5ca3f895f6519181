/** Runs something later. A simulator brings its own; Node's are in the `node` package. */
export interface Timers {
  /** Runs `run` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void
}

declare function setTimeout(run: () => void, delayMs: number): unknown
declare function clearTimeout(timer: unknown): void

/** The platform's timers. */
export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Repeats `run` every `periodMs` until the returned function is called. Ticks never overlap. */
export function every(timers: Timers, periodMs: number, run: () => void): () => void {
  let isOn = true
  let cancel = timers.after(periodMs, tick)
  function tick(): void {
    if (!isOn) return
    run()
    if (isOn) cancel = timers.after(periodMs, tick)
  }
  return () => {
    isOn = false
    cancel()
  }
}

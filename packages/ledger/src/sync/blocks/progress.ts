const LINE_MS = 10_000

/** How far a node has come that catches up. */
export interface ProgressLine {
  readonly number: number
  readonly known: number
  /** Since the line before. */
  readonly blocksPerSecond: number
  /** Whole seconds, when it goes on at this rate. */
  readonly leftSeconds: number
}

/** Says now and then how far synchronisation has come: often enough to see it move, and no oftener. */
export class SyncProgress {
  #number = 0
  #atMs = 0

  begin(number: number, nowMs: number): void {
    this.#number = number
    this.#atMs = nowMs
  }

  isDue(nowMs: number): boolean {
    return nowMs - this.#atMs >= LINE_MS
  }

  /** After a block; a line when it is time for one. */
  note(now: {
    readonly number: number
    readonly known: number
    readonly nowMs: number
  }): ProgressLine | undefined {
    const { number, known, nowMs } = now
    if (!this.isDue(nowMs)) return undefined
    const passedMs = nowMs - this.#atMs
    const rate = (1000 * (number - this.#number)) / passedMs
    this.begin(number, nowMs)
    return {
      number,
      known,
      blocksPerSecond: Math.round(10 * rate) / 10,
      leftSeconds: rate > 0 ? Math.round(Math.max(0, known - number) / rate) : 0,
    }
  }
}

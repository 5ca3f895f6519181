import { type Clock, messageOf, systemClock } from '@bcos-ts/common'

export interface SeedRun {
  readonly first: number
  readonly count: number
  /** Throws, or rejects, when the seed shows a mistake. */
  readonly run: (seed: number) => Promise<void>
  /** Where progress goes: a line at a time. */
  readonly write?: (line: string) => void
  readonly clock?: Clock
}

export interface SeedFailure {
  readonly seed: number
  readonly message: string
}

export interface SeedReport {
  readonly failures: readonly SeedFailure[]
  readonly seedsPerSecond: number
}

/** Runs seeds one after another and says which of them fail. */
export async function runSeeds(options: SeedRun): Promise<SeedReport> {
  const { first, count, write = () => {}, clock = systemClock } = options
  const failures: SeedFailure[] = []
  const startedMs = clock.nowMs()
  for (let seed = first; seed < first + count; seed++) {
    try {
      await options.run(seed)
    } catch (error) {
      const message = messageOf(error)
      failures.push({ seed, message })
      write(`seed ${seed} fails: ${message}`)
    }
  }
  const seconds = Math.max(0.001, (clock.nowMs() - startedMs) / 1000)
  const seedsPerSecond = count / seconds
  write(`${count} seeds, ${failures.length} failed, ${seedsPerSecond.toFixed(1)} seeds per second`)
  return { failures, seedsPerSecond }
}

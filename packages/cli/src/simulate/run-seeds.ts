import type { Clock } from '@bcos-ts/common'
import { type RunReport, runGroups, summarize } from '@bcos-ts/simulation'
import { isTty, type Terminal } from '../terminal.ts'
import { SeedProcess } from './seed-process.ts'
import type { Setting, SimulateOptions } from './setting.ts'

const TERMINAL_PERIOD_MS = 200
const LINE_PERIOD_MS = 10_000

/** Runs one seed after another, telling now and then how far the present one is. */
interface Runner {
  run(seed: number, onProgress: (report: RunReport) => void): Promise<RunReport>
  /** Has the present seed end early. */
  stop(): void
  end(): void
}

/** In this process. */
class SeedRunner implements Runner {
  readonly #setting: Setting
  readonly #aborter = new AbortController()

  constructor(setting: Setting) {
    this.#setting = setting
  }

  run(seed: number, onProgress: (report: RunReport) => void): Promise<RunReport> {
    return runGroups({ ...this.#setting, seed, onProgress, signal: this.#aborter.signal })
  }

  stop(): void {
    this.#aborter.abort()
  }

  end(): void {}
}

export interface SeedsRun {
  readonly terminal: Terminal
  readonly clock: Clock
  readonly options: SimulateOptions
  /** What the options say. */
  readonly setting: Setting
  readonly seeds: readonly number[]
  /** Processes that share the seeds; one is this one. */
  readonly jobs: number
  /** Ends the seeds that run, and begins no other. */
  readonly signal: AbortSignal
}

/** Reports in the order of the seeds; of those that were begun when it was stopped. Throws `CLI_SIMULATION_ENDED` when a process ends before its seeds have. */
export async function runSeeds(run: SeedsRun): Promise<readonly RunReport[]> {
  const { terminal, options, setting, seeds, signal } = run
  const jobs = Math.min(run.jobs, seeds.length)
  const runners: readonly Runner[] =
    jobs === 1
      ? [new SeedRunner(setting)]
      : Array.from({ length: jobs }, () => new SeedProcess(options))
  const progress = new Progress(run)
  const reports: RunReport[] = []
  const waiting = seeds.entries()
  const stop = (): void => {
    for (const runner of runners) runner.stop()
  }
  signal.addEventListener('abort', stop, { once: true })
  const work = async (runner: Runner): Promise<void> => {
    for (const [place, seed] of waiting) {
      if (signal.aborted) return
      const report = await runner.run(seed, (soFar) => progress.onRunning(soFar))
      progress.onEnded(report)
      reports[place] = report
    }
  }
  try {
    await Promise.all(runners.map(work))
  } finally {
    for (const runner of runners) runner.end()
    terminal.clearStatus()
  }
  return reports.filter((report) => report !== undefined)
}

/** One line about all seeds, now and then. */
class Progress {
  readonly #run: SeedsRun
  readonly #ended: RunReport[] = []
  readonly #running = new Map<number, RunReport>()
  readonly #periodMs: number
  #toldMs: number

  constructor(run: SeedsRun) {
    this.#run = run
    this.#toldMs = run.clock.nowMs()
    this.#periodMs = isTty(run.terminal.errors) ? TERMINAL_PERIOD_MS : LINE_PERIOD_MS
  }

  onRunning(report: RunReport): void {
    this.#running.set(report.seed, report)
    this.#tell()
  }

  onEnded(report: RunReport): void {
    this.#running.delete(report.seed)
    this.#ended.push(report)
    this.#tell()
  }

  #tell(): void {
    const { clock, seeds, terminal } = this.#run
    const nowMs = clock.nowMs()
    if (nowMs - this.#toldMs < this.#periodMs) return
    this.#toldMs = nowMs
    const all = [...this.#ended, ...this.#running.values()]
    const { nodeHours, blocks, faultCount, violations } = summarize(all)
    const wrong = violations.length === 0 ? '' : `, ${violations.length} VIOLATIONS`
    terminal.status(
      `${this.#ended.length} of ${seeds.length} seeds: ${nodeHours.toFixed(2)} node-hours, ` +
        `${faultCount} faults, ${blocks} blocks${wrong}`,
    )
  }
}

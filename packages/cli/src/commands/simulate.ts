import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ADVERSARIES, ENGINES, FAULT_MIXES, runGroups, summarize } from '@bcos-ts/simulation'
import { EXIT_FAILURE, EXIT_OK, UnwritableFileError } from '../errors.ts'
import { systemReasonOf } from '../files.ts'
import { printSummary } from '../simulate/print-summary.ts'
import { runSeeds } from '../simulate/run-seeds.ts'
import {
  jobsOf,
  seedOf,
  seedsOf,
  type Setting,
  settingOf,
  type SimulateOptions,
} from '../simulate/setting.ts'
import { stopSignal } from '../stop-signal.ts'
import type { Terminal } from '../terminal.ts'
import type { CommandContext } from './context.ts'

const MS = 1000

export function addSimulate({ program, terminal, clock, action }: CommandContext): void {
  program
    .command('simulate')
    .description(
      'run whole groups in a seeded world of faults and liars, and look for broken promises',
    )
    .option('-s, --seeds <list>', 'seeds and ranges of them, such as 7,20-29', '1-10')
    .option('-n, --nodes <count>', 'nodes, all of them sealers', '4')
    .option('-g, --groups <count>', 'groups on the same nodes', '1')
    .option(
      '-a, --adversaries <names>',
      'who lies, of the list below; random: the seed decides; none',
      'random',
    )
    .option('-f, --faults <mix>', FAULT_MIXES.map(({ name }) => name).join(', '), 'mixed')
    .option('--hours <count>', 'simulated hours of each seed', '0.1')
    .option('-r, --rate <count>', 'transactions a second, of each group', '1')
    .option('-e, --engine <name>', ENGINES.map(({ name }) => name).join(', '), 'pbft')
    .option('-j, --jobs <count>', 'processes that share the seeds', '1')
    .option('--trace <seed>', 'run one seed and tell everything that happens')
    .option('-o, --output <file>', 'write the result as JSON')
    .addHelpText('after', listsHelp())
    .action(
      action(async (options: SimulateOptions) => {
        const setting = settingOf(options)
        if (options.trace !== undefined) {
          return traceSeed(terminal, setting, seedOf('--trace', options.trace))
        }
        const seeds = seedsOf(options.seeds)
        const startedMs = clock.nowMs()
        const jobs = jobsOf(options.jobs)
        const reports = await untilStopped((signal) =>
          runSeeds({ terminal, clock, options, setting, seeds, jobs, signal }),
        )
        const summary = summarize(reports)
        const realSeconds = Math.max(0.001, (clock.nowMs() - startedMs) / MS)
        if (reports.length < seeds.length) {
          terminal.print(`Stopped: ${reports.length} of ${seeds.length} seeds were begun.`)
        }
        printSummary(terminal, summary, { realSeconds, options })
        if (options.output !== undefined) {
          write(resolve(options.output), { options, realSeconds, ...summary, runs: reports })
        }
        return summary.violations.length === 0 ? EXIT_OK : EXIT_FAILURE
      }),
    )
}

/** Runs what ends early when the user wants it to. */
async function untilStopped<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController()
  const stopping = new AbortController()
  void stopSignal(over.signal).then(() => stopping.abort())
  try {
    return await run(stopping.signal)
  } finally {
    over.abort()
  }
}

function list(entries: readonly (readonly [string, string])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n')
}

function listsHelp(): string {
  const adversaries = ADVERSARIES.map(({ name, idea }) => [name, idea] as const)
  const mixes = FAULT_MIXES.map(({ name, description }) => [name, description] as const)
  return `\nAdversaries:\n${list(adversaries)}\n\nFaults:\n${list(mixes)}`
}

async function traceSeed(terminal: Terminal, setting: Setting, seed: number): Promise<number> {
  const report = await runGroups({ ...setting, seed, onTrace: (line) => terminal.print(line) })
  const { violation, blocks, longestStuckMs, adversaries } = report
  terminal.print('')
  terminal.print(`adversaries: ${adversaries.length === 0 ? 'none' : adversaries.join(', ')}`)
  if (violation === undefined) {
    const seconds = (longestStuckMs / MS).toFixed(1)
    terminal.print(
      terminal.colors.green(`${blocks} blocks, nothing wrong; at most ${seconds} s to go on`),
    )
    return EXIT_OK
  }
  terminal.print(terminal.colors.red(`${violation.invariant}: ${violation.message}`))
  return EXIT_FAILURE
}

function write(file: string, result: unknown): void {
  try {
    writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`)
  } catch (error) {
    throw new UnwritableFileError(file, systemReasonOf(error), error)
  }
}

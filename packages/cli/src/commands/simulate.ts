import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Clock } from '@bcos-ts/common'
import {
  ADVERSARIES,
  type AdversaryKind,
  adversaryNamed,
  ENGINES,
  FAULT_MIXES,
  type RunOptions,
  type RunReport,
  runGroups,
  type RunSummary,
  summarize,
} from '@bcos-ts/simulation'
import { EXIT_FAILURE, EXIT_OK, UnwritableFileError, UsageError } from '../errors.ts'
import { systemReasonOf } from '../files.ts'
import { fieldsOf, tableOf } from '../table.ts'
import { isTty, type Terminal } from '../terminal.ts'
import type { CommandContext } from './context.ts'

interface SimulateOptions {
  readonly seeds: string
  readonly nodes: string
  readonly groups: string
  readonly adversaries: string
  readonly faults: string
  readonly hours: string
  readonly rate: string
  readonly engine: string
  readonly trace?: string
  readonly output?: string
}

/** What every seed of a command has in common. */
type Setting = Omit<RunOptions, 'seed'>

const SEEDS_MAX = 1_000_000
const SEED_MAX = 2 ** 32 - 1
const NODES_MIN = 4
const NODES_MAX = 31
const GROUPS_MAX = 16
const HOURS_MAX = 10_000
const RATE_MAX = 1000
const MS = 1000
const TERMINAL_PERIOD_MS = 200
const LINE_PERIOD_MS = 10_000

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
        const reports = await runSeeds({ terminal, clock, setting, seeds })
        const summary = summarize(reports)
        const realSeconds = Math.max(0.001, (clock.nowMs() - startedMs) / MS)
        printSummary(terminal, summary, { realSeconds, options })
        if (options.output !== undefined) {
          write(resolve(options.output), { options, realSeconds, ...summary, runs: reports })
        }
        return summary.violations.length === 0 ? EXIT_OK : EXIT_FAILURE
      }),
    )
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

// Arguments

function settingOf(options: SimulateOptions): Setting {
  const faults = FAULT_MIXES.find(({ name }) => name === options.faults)
  if (faults === undefined) {
    throw new UsageError('--faults', `there is no ${options.faults}; give one of the list`)
  }
  const engine = ENGINES.find(({ name }) => name === options.engine)
  if (engine === undefined) {
    throw new UsageError('--engine', `${options.engine} is not an engine that can be simulated`)
  }
  return {
    size: wholeNumber('--nodes', options.nodes, NODES_MIN, NODES_MAX),
    groups: wholeNumber('--groups', options.groups, 1, GROUPS_MAX),
    adversaries: adversariesOf(options.adversaries),
    faults,
    engine,
    hours: decimal('--hours', options.hours, HOURS_MAX),
    transactionsPerSecond: decimal('--rate', options.rate, RATE_MAX),
  }
}

function adversariesOf(text: string): readonly AdversaryKind[] | 'random' {
  if (text === 'random') return 'random'
  if (text === 'none') return []
  return text.split(',').map((name) => {
    const kind = adversaryNamed(name)
    if (kind !== undefined) return kind
    throw new UsageError(
      '--adversaries',
      `there is no ${name}; give some of the list, random or none`,
    )
  })
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw new UsageError(option, `${text} is not a whole number from ${min} to ${max}`)
}

function decimal(option: string, text: string, max: number): number {
  const value = Number(text)
  if (/^\d+(?:\.\d+)?$/.test(text) && value > 0 && value <= max) return value
  throw new UsageError(option, `${text} is not a number above 0, of at most ${max}`)
}

function seedOf(option: string, text: string): number {
  return wholeNumber(option, text, 0, SEED_MAX)
}

/** `7,20-29` as numbers. */
function seedsOf(text: string): readonly number[] {
  const seeds: number[] = []
  for (const part of text.split(',')) {
    const [from = '', to = from, ...rest] = part.split('-')
    const first = seedOf('--seeds', from)
    const last = seedOf('--seeds', to)
    if (rest.length > 0 || last < first || last - first >= SEEDS_MAX) {
      throw new UsageError('--seeds', `${part} is not a range such as 20-29`)
    }
    for (let seed = first; seed <= last; seed++) seeds.push(seed)
  }
  return seeds
}

// Running

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

async function runSeeds(run: {
  readonly terminal: Terminal
  readonly clock: Clock
  readonly setting: Setting
  readonly seeds: readonly number[]
}): Promise<readonly RunReport[]> {
  const { terminal, clock, setting, seeds } = run
  const periodMs = isTty(terminal.errors) ? TERMINAL_PERIOD_MS : LINE_PERIOD_MS
  const reports: RunReport[] = []
  let toldMs = clock.nowMs()
  const tell = (current: RunReport): void => {
    const nowMs = clock.nowMs()
    if (nowMs - toldMs < periodMs) return
    toldMs = nowMs
    const { nodeHours, blocks, faultCount, violations } = summarize([...reports, current])
    const wrong = violations.length === 0 ? '' : `, ${violations.length} VIOLATIONS`
    terminal.status(
      `seed ${current.seed} (${reports.length + 1} of ${seeds.length}): ${nodeHours.toFixed(2)} node-hours, ` +
        `${faultCount} faults, ${blocks} blocks${wrong}`,
    )
  }
  for (const seed of seeds) {
    const report = await runGroups({ ...setting, seed, onProgress: tell })
    tell(report)
    reports.push(report)
  }
  terminal.clearStatus()
  return reports
}

// Telling

function printSummary(
  terminal: Terminal,
  summary: RunSummary,
  { realSeconds, options }: { readonly realSeconds: number; readonly options: SimulateOptions },
): void {
  const { violations, faults, faultCount } = summary
  const { green, red } = terminal.colors
  terminal.print(
    fieldsOf(terminal, [
      ['seeds', String(summary.seeds)],
      ['simulated node-hours', summary.nodeHours.toFixed(2)],
      ['simulated seconds a second', (summary.simulatedSeconds / realSeconds).toFixed(1)],
      ['faults', String(faultCount)],
      ...Object.entries(faults).map(([kind, count]) => [`  ${kind}`, String(count)] as const),
      ['blocks', String(summary.blocks)],
      ['transactions', String(summary.transactions)],
      ['longest wait after faults', `${(summary.longestStuckMs / MS).toFixed(1)} s`],
      ['broken promises', String(violations.length)],
    ]),
  )
  if (violations.length === 0) return terminal.print(green('Every promise was kept.'))
  terminal.print(
    tableOf(
      terminal,
      ['seed', 'promise', 'how to see it again'],
      violations.map(({ seed, invariant }) => [
        String(seed),
        red(invariant),
        replayLine(options, seed),
      ]),
    ),
  )
  for (const { seed, message } of violations) terminal.print(`seed ${seed}: ${message}`)
}

function replayLine(options: SimulateOptions, seed: number): string {
  const { nodes, groups, adversaries, faults, hours, rate, engine } = options
  return (
    `bcos-ts simulate --trace ${seed} --nodes ${nodes} --groups ${groups} --adversaries ${adversaries} ` +
    `--faults ${faults} --hours ${hours} --rate ${rate} --engine ${engine}`
  )
}

function write(file: string, result: unknown): void {
  try {
    writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`)
  } catch (error) {
    throw new UnwritableFileError(file, systemReasonOf(error), error)
  }
}

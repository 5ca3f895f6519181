import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { systemRandom, toHex } from '@bcos-ts/common'
import { bench, type BenchResult } from '../bench/bench.ts'
import type { Measurement, Tenth } from '../bench/measurement.ts'
import { type BenchChain, ownChain, runningChain } from '../bench/target.ts'
import { type Workload, WORKLOADS } from '../bench/workload.ts'
import { EXIT_OK, UnwritableFileError, UsageError } from '../errors.ts'
import { systemReasonOf } from '../files.ts'
import { fieldsOf, tableOf } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { wholeNumber } from '../whole-number.ts'
import type { CommandContext } from './context.ts'

interface BenchOptions {
  readonly nodes: string
  readonly rpc?: string
  readonly group: string
  readonly workload: string
  readonly transactions: string
  readonly warmUp?: string
  readonly batch: string
  readonly concurrency: string
  readonly rate?: string
  readonly window: string
  readonly conflicts: string
  readonly accounts: string
  readonly seed?: string
  readonly profile?: string | true
  readonly oneProcess?: boolean
  readonly guomi?: boolean
  readonly output?: string
}

/** The command itself, as the nodes are started with it. */
const COMMAND = join(import.meta.dirname, '..', '..', 'bin', 'bcos-ts.js')
const NODES_MAX = 64
const COUNT_MAX = 100_000_000
/** Of a load that takes this long, seconds, its tenths are told. */
const LONG_S = 60
/** After this many, the hot paths of a node are compiled. */
const WARM_UP_MAX = 10_000
const SEED_BYTES = 8
const PERCENT = 100

export function addBench({ program, terminal, clock, action }: CommandContext): void {
  program
    .command('bench')
    .description('load a chain, one of its own or one that runs, and measure what it does')
    .option('-n, --nodes <count>', 'nodes of a chain of its own', '4')
    .option('--one-process', 'its nodes share a process, with memory for a network')
    .option('--guomi', 'national cryptography; implies --one-process')
    .option(
      '--rpc <urls>',
      'JSON-RPC addresses of the nodes of a running chain, with commas between',
    )
    .option('-g, --group <id>', 'group of a running chain', '1')
    .option(
      '-w, --workload <names>',
      `${WORKLOADS.map(({ name }) => name).join(', ')} or all`,
      'transfer',
    )
    .option('-t, --transactions <count>', 'transactions of each workload', '20000')
    .option(
      '--warm-up <count>',
      `transactions before these that are not measured; as many, at most ${WARM_UP_MAX}, if missing`,
    )
    .option('-b, --batch <count>', 'transactions of one request', '50')
    .option('-c, --concurrency <count>', 'requests at a time', '8')
    .option('-r, --rate <count>', 'send so many transactions a second, whatever comes back')
    .option('--window <count>', 'without --rate: transactions that may wait for a block', '20000')
    .option(
      '--conflicts <percent>',
      'transfers of "parallel" and "transfer" with one receiver',
      '0',
    )
    .option('--accounts <count>', 'signers', '16')
    .option('--seed <text>', 'makes accounts and nonces; random if missing')
    .option(
      '--profile [folder]',
      'of a chain of its own, tell where the processor time goes; CPU profiles are kept in the folder',
    )
    .option('-o, --output <file>', 'write the result as JSON')
    .addHelpText('after', workloadHelp())
    .action(
      action(async (options: BenchOptions) => {
        const result = await bench(
          {
            openChain: chainOpener(options),
            workloads: workloadsOf(options.workload),
            plan: planOf(options),
            accountCount: numberOf('--accounts', options.accounts, 1000),
            seed: options.seed ?? toHex(systemRandom.bytes(SEED_BYTES)),
            command: `bcos-ts ${process.argv.slice(2).join(' ')}`,
            onProgress: (text) => terminal.status(text),
          },
          clock.nowMs(),
        )
        terminal.clearStatus()
        report(terminal, result)
        if (options.output !== undefined) write(resolve(options.output), result)
        return EXIT_OK
      }),
    )
}

function workloadHelp(): string {
  const width = Math.max(...WORKLOADS.map(({ name }) => name.length))
  const lines = WORKLOADS.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`)
  return `\nWorkloads:\n${lines.join('\n')}`
}

function numberOf(option: string, text: string, max = COUNT_MAX): number {
  return wholeNumber(option, text, { max })
}

function planOf(options: BenchOptions) {
  const { conflicts, rate } = options
  if (!/^\d+$/.test(conflicts) || Number(conflicts) > PERCENT) {
    throw new UsageError('--conflicts', `${conflicts} is not a percentage from 0 to 100`)
  }
  const transactions = numberOf('--transactions', options.transactions)
  return {
    transactions,
    warmUp: warmUpOf(options.warmUp, transactions),
    batch: numberOf('--batch', options.batch, 1000),
    concurrency: numberOf('--concurrency', options.concurrency, 1000),
    rate: rate === undefined ? undefined : numberOf('--rate', rate),
    window: numberOf('--window', options.window),
    conflicts: Number(conflicts) / PERCENT,
  }
}

function warmUpOf(text: string | undefined, transactions: number): number {
  if (text === undefined) return Math.min(transactions, WARM_UP_MAX)
  return text === '0' ? 0 : numberOf('--warm-up', text)
}

function workloadsOf(text: string): readonly Workload[] {
  if (text === 'all') return WORKLOADS
  return text.split(',').map((name) => {
    const workload = WORKLOADS.find((one) => one.name === name)
    if (workload !== undefined) return workload
    throw new UsageError('--workload', `there is no ${name}; give one of the list, or all`)
  })
}

function chainOpener(options: BenchOptions): (workload: string) => Promise<BenchChain> {
  const { rpc, group, nodes, profile, guomi: isGuomi = false } = options
  if (rpc === undefined) {
    const nodeCount = numberOf('--nodes', nodes, NODES_MAX)
    const kept = typeof profile === 'string' ? resolve(profile) : undefined
    return (workload) =>
      ownChain({
        nodeCount,
        command: COMMAND,
        isProfiled: profile !== undefined,
        keptProfiles: kept === undefined ? undefined : join(kept, workload),
        isOneProcess: isGuomi || options.oneProcess === true,
        isGuomi,
      })
  }
  for (const own of ['profile', 'oneProcess', 'guomi'] as const) {
    if (options[own] !== undefined) {
      throw new UsageError(
        `--${own === 'oneProcess' ? 'one-process' : own}`,
        "it says how a chain of the bench's own is to be: not together with --rpc",
      )
    }
  }
  const urls = rpc.split(',').map(urlOf)
  const groupId = numberOf('--group', group)
  return () => runningChain(urls, groupId)
}

/** Nodes serve plain HTTP, and only that. */
function urlOf(text: string): string {
  const url = text.includes('://') ? text : `http://${text}`
  if (url.startsWith('http://') && URL.canParse(url)) return url
  throw new UsageError(
    '--rpc',
    `${text} is not an address such as 127.0.0.1:8545 or http://127.0.0.1:8545`,
  )
}

function write(file: string, result: BenchResult): void {
  try {
    writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`)
  } catch (error) {
    throw new UnwritableFileError(file, systemReasonOf(error), error)
  }
}

function report(terminal: Terminal, { measurements, versions, machine, seed }: BenchResult): void {
  terminal.print(
    fieldsOf(terminal, [
      ['machine', `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB`],
      ['versions', `chain ${versions.chain}, Node ${versions.node}`],
      ['seed', seed],
    ]),
  )
  terminal.print(
    tableOf(
      terminal,
      [
        'workload',
        'tx/s',
        'CPU a tx and node',
        'load',
        'p50',
        'p99',
        'longest gap',
        'memory',
        'not good',
      ],
      measurements.map(rowOf),
    ),
  )
  for (const { workload, seconds, tenths, stagesUs } of measurements) {
    if (seconds >= LONG_S) printTenths(terminal, workload, tenths)
    if (stagesUs !== null) printStages(terminal, workload, stagesUs)
  }
}

function rowOf(one: Measurement): readonly string[] {
  const { cpuUsPerTransaction: cpu, latencyMs, memoryMiB, refused, failed, viewChanges } = one
  const refusals = Object.entries(refused).map(([words, count]) => `${count} ${words}`)
  const bad = [
    ...refusals,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(viewChanges > 0 ? [`${viewChanges} view changes`] : []),
  ]
  return [
    one.workload,
    String(one.perSecond),
    cpu.node === null ? '-' : `${cpu.node} µs`,
    `${cpu.load} µs`,
    `${latencyMs.p50} ms`,
    `${latencyMs.p99} ms`,
    `${one.longestGapMs} ms`,
    memoryMiB === null ? '-' : `${memoryMiB.before} → ${memoryMiB.after} MiB`,
    bad.join(', '),
  ]
}

function printTenths(terminal: Terminal, workload: string, tenths: readonly Tenth[]): void {
  terminal.print(`\nBy tenths: ${workload}`)
  const rows = tenths.map(({ perSecond, latencyMs, cpuUs, memoryMiB }, index) => [
    String(index + 1),
    String(perSecond),
    cpuUs === null ? '-' : `${cpuUs} µs`,
    `${latencyMs.p50} ms`,
    `${latencyMs.p99} ms`,
    memoryMiB === null ? '-' : `${memoryMiB} MiB`,
  ])
  const titles = ['tenth', 'tx/s', 'CPU a tx and node', 'p50', 'p99', 'memory']
  terminal.print(tableOf(terminal, titles, rows))
}

function printStages(
  terminal: Terminal,
  workload: string,
  stages: Readonly<Record<string, number>>,
): void {
  terminal.print(`\nCPU time of a node for one transaction: ${workload}`)
  const total = Object.values(stages).reduce((sum, us) => sum + us, 0)
  const rows = Object.entries(stages).map(([stage, us]) => [
    stage,
    us.toFixed(1),
    `${Math.round((PERCENT * us) / total)} %`,
  ])
  rows.push([terminal.colors.bold('all'), total.toFixed(1), '100 %'])
  terminal.print(tableOf(terminal, ['stage', 'µs', 'share'], rows))
}

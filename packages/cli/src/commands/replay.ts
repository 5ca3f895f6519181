import { basename } from 'node:path'
import type { Clock } from '@bcos-ts/common'
import {
  defaultComponents,
  type Difference,
  openRecordings,
  replay,
  type ReplayComponents,
  type ReplayProgress,
  type ReplayReport,
} from '@bcos-ts/node'
import { EXIT_FAILURE, EXIT_OK } from '../errors.ts'
import { tableOf } from '../table.ts'
import { isTty, type Terminal } from '../terminal.ts'
import type { CommandContext } from './context.ts'

const TERMINAL_PERIOD_MS = 100
const LINE_PERIOD_MS = 1000
const LISTED_MAX = 20
const EXCERPT_LENGTH = 200
const BEFORE_DIFFERENCE = 40

interface ReplayOptions {
  readonly quiet?: boolean
}

export function addReplay({ program, terminal, clock, action }: CommandContext): void {
  program
    .command('replay')
    .description('execute the blocks of a recording and compare everything with what it says')
    .argument('<folder>', 'a recording, or a folder with one for each group')
    .option('-q, --quiet', 'say nothing meanwhile')
    .action(
      action(async (folder: string, { quiet = false }: ReplayOptions) => {
        openRecordings(folder)
        const components = await defaultComponents()
        return runReplay(folder, { terminal, clock, components, isQuiet: quiet })
      }),
    )
}

/** Replays every recording of a folder and prints what was found; the exit code says whether all is equal. */
async function runReplay(
  folder: string,
  run: {
    readonly terminal: Terminal
    readonly clock: Clock
    readonly components: ReplayComponents
    readonly isQuiet: boolean
  },
): Promise<number> {
  const { terminal, clock, components, isQuiet } = run
  const reports: ReplayReport[] = []
  for (const recording of openRecordings(folder)) {
    const name = basename(recording.folder)
    const onProgress = isQuiet ? () => {} : progressLine(name, terminal, clock)
    reports.push(await replay(recording, components, onProgress))
    terminal.clearStatus()
  }
  for (const report of reports) printReport(terminal, report)
  return reports.every(isEqual) ? EXIT_OK : EXIT_FAILURE
}

function isEqual({ blocks, receipts, rows, differences }: ReplayReport): boolean {
  const different = blocks.different + receipts.different + rows.different
  return different === 0 && differences.length === 0
}

/** Tells of progress, but not so often that telling costs more than replaying. */
function progressLine(name: string, terminal: Terminal, clock: Clock): ReplayProgress {
  const periodMs = isTty(terminal.errors) ? TERMINAL_PERIOD_MS : LINE_PERIOD_MS
  let toldMs = clock.nowMs()
  return ({ block, transactions }) => {
    const nowMs = clock.nowMs()
    if (nowMs - toldMs < periodMs) return
    toldMs = nowMs
    terminal.status(`${name}: block ${block}, ${transactions} transactions`)
  }
}

function printReport(terminal: Terminal, report: ReplayReport): void {
  const { blocks, receipts, rows, differences, differentReceipts } = report
  const { green, red } = terminal.colors
  terminal.print(report.folder)
  terminal.print(
    tableOf(
      terminal,
      ['', 'equal', 'different'],
      [
        ['blocks', String(blocks.equal), String(blocks.different)],
        ['receipts', String(receipts.equal), String(receipts.different)],
        ['rows', String(rows.equal), String(rows.different)],
      ],
    ),
  )
  if (isEqual(report)) return terminal.print(green('Everything is equal.'))
  for (const difference of differences) printDifference(terminal, difference)
  if (differentReceipts.length === 0) return
  terminal.print(red('Transactions whose receipts differ:'))
  for (const label of differentReceipts.slice(0, LISTED_MAX)) terminal.print(`  ${label}`)
  const more = differentReceipts.length - LISTED_MAX
  if (more > 0) terminal.print(`  and ${more} more`)
}

function printDifference(terminal: Terminal, difference: Difference): void {
  const { kind, block, transaction, label, fields } = difference
  const { red, bold } = terminal.colors
  const where = transaction === undefined ? '' : `, transaction ${transaction}`
  const what = label === undefined ? '' : ` (${label})`
  terminal.print(red(`First different ${kind}: block ${block}${where}${what}`))
  for (const { field, recorded, ours } of fields) {
    const from = excerptStart(recorded, ours)
    terminal.print(`  ${bold(field)}`)
    terminal.print(`    recorded  ${excerpt(recorded, from)}`)
    terminal.print(`    ours      ${excerpt(ours, from)}`)
  }
}

/** Long values are shown from a little before the place where they part. */
function excerptStart(a: string, b: string): number {
  if (a.length <= EXCERPT_LENGTH && b.length <= EXCERPT_LENGTH) return 0
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  return Math.max(0, at - BEFORE_DIFFERENCE)
}

function excerpt(text: string, from: number): string {
  const part = text.slice(from, from + EXCERPT_LENGTH)
  const isCut = from + EXCERPT_LENGTH < text.length
  return `${from > 0 ? '…' : ''}${part}${isCut ? `… (${text.length} characters)` : ''}`
}

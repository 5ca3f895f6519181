import type { RunSummary } from '@bcos-ts/simulation'
import { fieldsOf, tableOf } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import type { SimulateOptions } from './setting.ts'

const MS = 1000

/** Prints what all seeds have shown, and how to see again what went wrong. */
export function printSummary(
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

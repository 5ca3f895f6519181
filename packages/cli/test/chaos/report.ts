import { FAULT_KINDS } from './plan.ts'
import { type ChaosReport, seconds } from './run.ts'

const PERCENT_95 = 0.95
const WARNINGS_SHOWN = 8

/** What a run has shown, as lines for people. */
export function reportLines(report: ChaosReport): readonly string[] {
  const { verdict, phases, faults, usageAtBegin, usageAtEnd, logs } = report
  const kinds = FAULT_KINDS.map((kind): readonly [string, string] => {
    const times = phases
      .filter(({ phase }) => phase.faults.some((fault) => fault.kind === kind))
      .map(({ healedMs }) => healedMs)
    return [`  ${kind}`, `${faults.get(kind) ?? 0} times; ${distribution(times)}`]
  })
  const rows: readonly (readonly [string, string])[] = [
    ['lasted', `${(report.elapsedMs / 60_000).toFixed(1)} min`],
    ['phases', `${phases.length}`],
    ['blocks', `${verdict.blocks}`],
    ['of them during faults', `${sum(phases.map(({ blocksMeanwhile }) => blocksMeanwhile))}`],
    ['transactions sent', `${report.sent}`],
    ['acknowledged by a receipt', `${report.acknowledged}`],
    ['in blocks', `${verdict.mined}`],
    ['refused', `${report.refused}`],
    ['accepted, then out of time', `${verdict.expired}`],
    ['accepted, then gone with a killed node', `${verdict.diedWithNode}`],
    ['next block after the faults, s', distribution(phases.map(({ healedMs }) => healedMs))],
    ['  in phases with', ''],
    ...kinds,
    ['all nodes have it, s', distribution(phases.map(({ togetherMs }) => togetherMs))],
    ['oldest process, min', (report.longestLifeMs / 60_000).toFixed(1)],
    ['memory at begin, MB', usage(usageAtBegin, 'residentMb')],
    ['memory at end, MB', usage(usageAtEnd, 'residentMb')],
    ['memory at most, MB', `${report.residentMbMax}`],
    ['open files at begin', usage(usageAtBegin, 'openFiles')],
    ['open files at end', usage(usageAtEnd, 'openFiles')],
  ]
  return [
    ...rows.map(([name, value]) => `${name.padEnd(40)} ${value}`),
    ...logs.warnings.slice(0, WARNINGS_SHOWN).map((line) => `warned: ${line}`),
    ...report.complaints.map((line) => `BROKEN: ${line}`),
    report.complaints.length === 0 ? 'every promise was kept' : 'PROMISES WERE BROKEN',
  ]
}

function usage(list: ChaosReport['usageAtEnd'], what: 'residentMb' | 'openFiles'): string {
  return list.map((one) => one?.[what] ?? '?').join(', ')
}

function distribution(values: readonly number[]): string {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (share: number): string =>
    seconds(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  return `median ${at(0.5)}, 95 % ${at(PERCENT_95)}, longest ${at(1)}`
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

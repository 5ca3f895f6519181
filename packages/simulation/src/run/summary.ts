import type { RunReport, Violation } from './options.ts'

const HOUR_MS = 3_600_000

/** What many seeds have shown together. */
export interface RunSummary {
  readonly seeds: number
  /** Simulated hours, of all nodes together. */
  readonly nodeHours: number
  readonly simulatedSeconds: number
  /** By kind, the most frequent first. */
  readonly faults: Readonly<Record<string, number>>
  readonly faultCount: number
  readonly blocks: number
  readonly transactions: number
  readonly events: number
  readonly longestStuckMs: number
  readonly violations: readonly (Violation & { readonly seed: number })[]
}

export function summarize(reports: readonly RunReport[]): RunSummary {
  const sum = (value: (report: RunReport) => number): number =>
    reports.reduce((total, report) => total + value(report), 0)
  const faults = new Map<string, number>()
  for (const report of reports) {
    for (const [kind, count] of Object.entries(report.faults)) {
      faults.set(kind, (faults.get(kind) ?? 0) + count)
    }
  }
  return {
    seeds: reports.length,
    nodeHours: sum(({ nodes, simulatedMs }) => (nodes * simulatedMs) / HOUR_MS),
    simulatedSeconds: sum(({ simulatedMs }) => simulatedMs / 1000),
    faults: Object.fromEntries([...faults].toSorted(([, a], [, b]) => b - a)),
    faultCount: [...faults.values()].reduce((a, b) => a + b, 0),
    blocks: sum(({ blocks }) => blocks),
    transactions: sum(({ transactions }) => transactions),
    events: sum(({ events }) => events),
    longestStuckMs: Math.max(0, ...reports.map(({ longestStuckMs }) => longestStuckMs)),
    violations: reports.flatMap(({ seed, violation }) =>
      violation === undefined ? [] : [{ seed, ...violation }],
    ),
  }
}

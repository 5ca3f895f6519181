import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Victim } from './victim.ts'

/** Of a log, and of what a process writes when it ends by itself. */
const ALARM = /^(?:error|fatal)\||uncaught|unhandled|^\s+at |InvariantViolation/i
const WARNING = /^warning\|/i
const KEPT = 160

/** Kinds of lines, and how often each was written. */
export interface Logs {
  /** What a healthy node does not write. */
  readonly alarms: readonly string[]
  readonly warnings: readonly string[]
}

export function logsOf(victims: readonly Victim[]): Logs {
  const alarms = new Map<string, number>()
  const warnings = new Map<string, number>()
  for (const { node } of victims) {
    for (const line of linesOf(node.folder)) {
      if (ALARM.test(line)) count(alarms, `${node.name}: ${kindOf(line)}`)
      else if (WARNING.test(line)) count(warnings, kindOf(line))
    }
  }
  return { alarms: shown(alarms), warnings: shown(warnings) }
}

function* linesOf(folder: string): Generator<string> {
  const log = join(folder, 'log')
  const files = existsSync(log) ? readdirSync(log).map((name) => join(log, name)) : []
  for (const file of [join(folder, 'nohup.out'), ...files]) {
    if (/nohup\.out$|log_[^/]*$/.test(file)) yield* readFileSync(file, 'utf8').split('\n')
  }
}

function count(counts: Map<string, number>, text: string): void {
  counts.set(text, (counts.get(text) ?? 0) + 1)
}

/** The line without what differs from one to the next. */
function kindOf(line: string): string {
  const [level = '', , ...rest] = line.split('|')
  const text = (rest.length === 0 ? line : `${level}|${rest.join('|')}`)
    .replace(/\b[0-9a-f]{6,}(?:\.\.\.)?/gi, '…')
    .replace(/\d+/g, 'n')
  return text.slice(0, KEPT)
}

function shown(counts: Map<string, number>): readonly string[] {
  return [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .map(([text, times]) => `${times} × ${text}`)
}

/** What nodes of a mixed network complain about. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MixedNode } from './network.ts'

export interface Complaint {
  readonly title: string
  /** The line without what differs from one to the next. */
  readonly text: string
  readonly count: number
}

const KEPT = 160
/** Warnings and worse, and what our nodes drop. */
const COMPLAINT = /^(?:warning|error|fatal)\||^trace\|.*Packet dropped/i

/** The kinds of complaints in the logs of a node, most frequent first. */
export function complaintsOf({ title, member }: MixedNode): readonly Complaint[] {
  const folder = join(member.process.folder, 'log')
  const counts = new Map<string, number>()
  for (const name of readdirSync(folder)) {
    if (!name.startsWith('log_')) continue
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      if (!COMPLAINT.test(line)) continue
      const text = kindOf(line)
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
  }
  return [...counts]
    .map(([text, count]) => ({ title, text, count }))
    .toSorted((one, other) => other.count - one.count)
}

function kindOf(line: string): string {
  const [level = '', , ...rest] = line.split('|')
  const text = rest
    .join('|')
    .replace(/\b[0-9a-f]{6,}(?:\.\.\.)?/gi, '…')
    .replace(/\d+/g, 'n')
  return `${level}|${text}`.slice(0, KEPT)
}

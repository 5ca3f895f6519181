import Table from 'cli-table3'
import type { Terminal } from './terminal.ts'

const STYLE = {
  // No colours of the table's own: what is coloured is decided by the terminal.
  style: { head: [], border: [] },
  // No lines between rows.
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
}

/** A table with a line for each row. */
export function tableOf(
  terminal: Terminal,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const table = new Table({ ...STYLE, head: head.map((text) => terminal.colors.bold(text)) })
  table.push(...rows.map((row) => [...row]))
  return table.toString()
}

/** Names on the left, values on the right. */
export function fieldsOf(
  terminal: Terminal,
  fields: readonly (readonly [name: string, value: string])[],
): string {
  const table = new Table(STYLE)
  table.push(...fields.map(([name, value]) => [terminal.colors.bold(name), value]))
  return table.toString()
}

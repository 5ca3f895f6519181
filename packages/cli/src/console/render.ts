import { tableOf } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import { visible } from '../visible.ts'
import type { Json, Output } from './output.ts'

/** Text for people, without a newline at the end; empty when there is nothing to show. */
export function render(output: Output, terminal: Terminal): string {
  switch (output.kind) {
    case 'value':
      return visible(String(output.value))
    case 'message':
      return visible(output.text)
    case 'json':
      return visible(
        typeof output.data === 'string' ? output.data : JSON.stringify(output.data, null, 4),
      )
    case 'fields':
      return output.fields
        .map(([name, value]) => `${terminal.colors.bold(name)}: ${inline(value)}`)
        .join('\n')
    case 'table':
      if (output.rows.length === 0) return output.empty
      return [
        tableOf(
          terminal,
          output.head,
          output.rows.map((row) => row.map(inline)),
        ),
        ...(output.footer === undefined ? [] : [output.footer]),
      ].join('\n')
    case 'sections':
      return output.sections
        .map(([title, inner]) => `${terminal.colors.bold(title)}\n${render(inner, terminal)}`)
        .join('\n\n')
  }
}

/** The same for programs. */
export function dataOf(output: Output): Json {
  switch (output.kind) {
    case 'value':
      return output.value
    case 'message':
      return output.data ?? output.text
    case 'json':
      return output.data
    case 'fields':
      return Object.fromEntries(output.fields.map(([name, value]) => [camelCase(name), value]))
    case 'table':
      return output.rows.map((row) =>
        Object.fromEntries(output.head.map((name, index) => [camelCase(name), row[index] ?? null])),
      )
    case 'sections':
      return Object.fromEntries(
        output.sections.map(([title, inner]) => [camelCase(title), dataOf(inner)]),
      )
  }
}

function inline(value: Json): string {
  return visible(typeof value === 'string' ? value : JSON.stringify(value))
}

/** `transaction hash` as programs name it: `transactionHash`. */
function camelCase(label: string): string {
  return label
    .replaceAll(/[ -](\w)/g, (_, letter: string) => letter.toUpperCase())
    .replace(/^\w/, (letter) => letter.toLowerCase())
}

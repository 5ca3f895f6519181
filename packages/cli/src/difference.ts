/**
 * The report on a block that has another result on this node than in its group, for people.
 * @module
 */
import type { DataComparison } from '@bcos-ts/node'
import type { DifferingField, DifferingRow, ExecutionDifference } from '@bcos-ts/protocol/ports'
import { fieldsOf, tableOf } from './table.ts'
import type { Terminal } from './terminal.ts'
import { visible } from './visible.ts'

const DIGITS = 16
const WRITTEN_SHOWN = 20
const VALUE_SHOWN = 96

export function differenceText(terminal: Terminal, difference: ExecutionDifference): string {
  const { height, expectedHash, ownHash, from, atMs, header, file } = difference
  const general: readonly (readonly [string, string])[] = [
    ['block', String(height)],
    ['found', new Date(atMs).toISOString()],
    ['hash of the group', expectedHash],
    ['hash of this node', ownHash],
    ['delivered by', `${from.slice(0, DIGITS)}…`],
    ['report', file ?? '—'],
  ]
  return [
    `${terminal.colors.bold('SYNC_EXECUTION_DIFFERS:')} ${sentence(difference)}`,
    '',
    fieldsOf(terminal, general),
    '',
    sides(terminal, header),
    ...receiptText(terminal, difference),
    ...rowText(terminal, difference.row, difference),
    '',
    `Rows of the group: ${difference.rows}`,
    ...(difference.row === null ? writtenText(terminal, difference) : []),
  ].join('\n')
}

function sentence({ height, row, receipt, isCausedByLanes }: ExecutionDifference): string {
  if (isCausedByLanes) {
    return `executed in order, block ${height} has the result of the group: the parallel lanes of this node are at fault`
  }
  if (row !== null) return `block ${height} writes ${row.table}[${row.key}] differently here`
  if (receipt !== null) {
    return `block ${height} differs here, first in the receipt of transaction ${receipt.transaction.index}`
  }
  return `block ${height} has another result here than in the group`
}

function sides(terminal: Terminal, fields: readonly DifferingField[]): string {
  const rows = fields.map(({ field, expected, own }) => {
    const isEqual = expected === own
    const mark = isEqual ? 'equal' : terminal.colors.red('differs')
    return [field, shown(expected), isEqual ? '' : shown(own), mark]
  })
  return tableOf(terminal, ['', 'the group', 'this node', ''], rows)
}

function receiptText(terminal: Terminal, difference: ExecutionDifference): string[] {
  const { receipt, hasReceipts, differingReceipts } = difference
  if (!hasReceipts) return ['', 'The block came without the receipts that its header names.']
  if (receipt === null) return ['', 'The receipts are equal, but for the state root in them.']
  const { index, hash } = receipt.transaction
  const title = `First of ${differingReceipts} differing receipts: transaction ${index}, ${hash}`
  return ['', terminal.colors.bold(title), sides(terminal, receipt.fields)]
}

function rowText(
  terminal: Terminal,
  row: DifferingRow | null,
  { differingRows }: Pick<ExecutionDifference, 'differingRows'>,
): string[] {
  if (row === null) return []
  const writers = row.transactions.map(({ index, hash }) => `${index} (${hash})`).join(', ')
  return [
    '',
    terminal.colors.bold(
      `First of ${differingRows} differing rows: table ${visible(row.table)}, key ${visible(row.key)} (${row.side})`,
    ),
    sides(terminal, row.fields),
    writers === ''
      ? 'No transaction wrote this key here.'
      : `Written here by transaction ${writers}`,
  ]
}

function writtenText(terminal: Terminal, difference: ExecutionDifference): string[] {
  const { written, writtenLeftOut } = difference
  if (written.length === 0) return []
  const rows = written.slice(0, WRITTEN_SHOWN).map(({ table, key, transactions, fields }) => {
    const values = Object.entries(fields).map(([name, value]) => `${name}=${value}`)
    return [shown(table), shown(key), transactions.join(', '), shown(values.join(' '))]
  })
  const left = written.length - rows.length + writtenLeftOut
  return [
    '',
    terminal.colors.bold('What the block wrote here'),
    tableOf(terminal, ['table', 'key', 'transactions', 'fields'], rows),
    ...(left > 0 ? [`and ${left} more rows; see the report`] : []),
  ]
}

/** What comparing two databases has shown. */
export function comparisonText(
  terminal: Terminal,
  { before, row, keys, isOwnRead, height }: DataComparison,
): string {
  const { equal, different, overwritten } = keys
  const lines = [
    `The other database is at block ${height}. Keys that the block wrote: ${equal} equal, ${different} different, ${overwritten} overwritten since.`,
  ]
  if (before !== undefined) {
    const place = `table ${visible(before.table)}, key ${visible(before.key)}`
    lines.push(
      '',
      terminal.colors.bold(`The data of this node differ already before the block: ${place}`),
      sides(terminal, before.fields),
      'No rule is at fault, the disk is: remove data/groupN and synchronise again.',
    )
  } else if (!isOwnRead) {
    lines.push('This node runs: stop it to compare what was written before the block, too.')
  } else {
    lines.push('What was written before the block, and is still there, is equal.')
  }
  lines.push(...rowText(terminal, row ?? null, { differingRows: different }))
  return lines.join('\n')
}

function shown(value: string | null): string {
  if (value === null) return '—'
  const text = visible(value)
  return text.length <= VALUE_SHOWN ? text : `${text.slice(0, VALUE_SHOWN)}…`
}

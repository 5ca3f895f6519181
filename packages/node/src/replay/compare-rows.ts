import { textToBytes, textToUtf8, toHex } from '@bcos-ts/common'
import type { StoredRow, TableStorage } from '@bcos-ts/protocol/ports'
import type { FieldDifference } from './compare.ts'
import type { RecordedRows } from './recording.ts'

export interface RowComparison {
  readonly equal: number
  readonly different: number
  readonly first: FieldDifference | undefined
}

/** Every recorded row of the database against ours: fields, id, block and status. */
export async function compareRows(
  recorded: AsyncIterable<RecordedRows>,
  storage: Pick<TableStorage, 'scan'>,
): Promise<RowComparison> {
  const ours = new Map<string, readonly StoredRow[]>()
  for await (const { table, key, rows } of storage.scan()) {
    if (rows.length > 0) ours.set(`${table}_${readable(key)}`, rows)
  }
  let equal = 0
  let different = 0
  let first: FieldDifference | undefined
  for await (const { row, entries } of recorded) {
    const theirs = entries.map(recordedText).join('\n')
    const mine = (ours.get(row) ?? []).map(storedText).join('\n')
    if (theirs === mine) {
      equal += entries.length
      continue
    }
    different += entries.length
    first ??= { field: row, recorded: theirs, ours: mine === '' ? '(no such rows)' : mine }
  }
  return { equal, different, first }
}

function recordedText(entry: RecordedRows['entries'][number]): string {
  return Object.entries(entry)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : value.hex}`)
    .toSorted()
    .join(' ')
}

function storedText(row: StoredRow): string {
  const columns = [
    `_id_=${row.id}`,
    `_num_=${row.blockNumber}`,
    `_status_=${row.isRemoved ? 1 : 0}`,
  ]
  const fields = [...row.fields].map(([name, value]) => `${name}=${readable(value)}`)
  return [...columns, ...fields].toSorted().join(' ')
}

/** As the recording writes a value: text where it is printable UTF-8, else hexadecimal digits. */
function readable(value: string): string {
  const text = textToUtf8(value)
  const isPrintable = !/[\p{Cc}\uFFFD]/u.test(text.replace(/[\n\r\t]/g, ''))
  return isPrintable ? text : toHex(textToBytes(value))
}

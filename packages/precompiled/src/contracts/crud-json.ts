/**
 * Entries and conditions of CRUD in their JSON form (spec 03 §3.3).
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import { ResultCode } from '@bcos-ts/protocol'
import type { Condition, Entry, StateTables } from '@bcos-ts/protocol/ports'
import type { NativeFrame } from '../framework/declaration.ts'
import { refuse } from '../framework/refusal.ts'
import { membersOf, readJson, textOf } from '../json/read.ts'
import { parseSigned } from '../numbers.ts'

/** `{ field: value, … }`, or `undefined` when the text is no JSON. */
export function readEntry(tables: StateTables, text: ByteText): Entry | undefined {
  const json = readJson(text)
  if (json === undefined) return undefined
  const entry = tables.newEntry()
  for (const [field, value] of membersOf(json)) entry.set(field, textOf(value))
  return entry
}

type Bound = (condition: Condition, field: ByteText, value: ByteText) => void

const OPERATIONS: ReadonlyMap<
  ByteText,
  readonly [operation: 'EQ' | 'NE' | 'GT' | 'GE' | 'LT' | 'LE' | 'Limit', bound: Bound]
> = new Map([
  ['eq', ['EQ', (condition, field, value) => condition.eq(field, value)]],
  ['ne', ['NE', (condition, field, value) => condition.ne(field, value)]],
  ['gt', ['GT', (condition, field, value) => condition.gt(field, value)]],
  ['ge', ['GE', (condition, field, value) => condition.ge(field, value)]],
  ['lt', ['LT', (condition, field, value) => condition.lt(field, value)]],
  ['le', ['LE', (condition, field, value) => condition.le(field, value)]],
  // Under whatever name: a limit belongs to no field.
  ['limit', ['Limit', (condition, _field, value) => setLimit(condition, value)]],
])

/** `offset,count`. */
function setLimit(condition: Condition, text: ByteText): void {
  const [offset, count] = text.split(',').map((part) => parseSigned(part, 32))
  if (offset === undefined || count === undefined) refuse()
  condition.limit(Number(offset), Number(count))
}

/** `{ field: { operation: value, … }, … }`, charged operation by operation; a code when it is not that. */
export function readCondition({ tables, gas }: NativeFrame, text: ByteText): Condition | number {
  const json = readJson(text)
  if (json === undefined) return ResultCode.invalidConditionJson
  const condition = tables.newCondition()
  for (const [field, operations] of membersOf(json)) {
    if (!isConditionField(field)) continue
    for (const [name, value] of membersOf(operations)) {
      const found = OPERATIONS.get(name)
      if (found === undefined) return ResultCode.undefinedConditionOperation
      const [operation, bound] = found
      bound(condition, field, textOf(value))
      gas.charge(operation)
    }
  }
  return condition
}

/** Names of the table's own columns are passed over, whatever is said about them. */
function isConditionField(name: ByteText): boolean {
  return name !== '' && !name.startsWith('_') && !name.endsWith('_')
}

import type { TableCondition } from '@bcos-ts/sdk'
import { SqlMeaningError } from '../errors.ts'
import type { Comparison, Condition } from './statement.ts'

/** Conditions as a table takes them: the key, and bounds of other fields. */
export interface KeyedCondition {
  readonly key: string
  readonly where: TableCondition
}

const INTEGER = /^[+-]?\d{1,18}$/
const ORDERS: ReadonlySet<Comparison> = new Set(['gt', 'ge', 'lt', 'le'])

/**
 * What conditions mean for a table. A table knows one lower and one upper bound of a field, or one value that it has
 * or has not; the last one given would win, so whatever it could not keep is refused.
 * Throws `CONSOLE_SQL_MEANING`.
 */
export function conditionOf(
  table: string,
  keyField: string,
  conditions: readonly Condition[],
): KeyedCondition {
  const ofKey = conditions.filter(({ field }) => field === keyField)
  const [key] = ofKey
  if (key?.comparison !== 'eq' || ofKey.length > 1) {
    throw new SqlMeaningError(table, `the conditions need ${keyField} = VALUE once: it is the key`)
  }
  const where: Record<string, TableCondition[string]> = {}
  const others = new Set(conditions.map(({ field }) => field).filter((field) => field !== keyField))
  for (const field of others) {
    const bounds = conditions.filter((one) => one.field === field)
    check(table, field, bounds)
    where[field] = Object.fromEntries(bounds.map(({ comparison, value }) => [comparison, value]))
  }
  return { key: key.value, where }
}

function check(table: string, field: string, bounds: readonly Condition[]): void {
  for (const { comparison, value } of bounds) {
    if (ORDERS.has(comparison) && !INTEGER.test(value)) {
      const reason = `${field} is compared with ${JSON.stringify(value)}, and only whole numbers are greater or less`
      throw new SqlMeaningError(table, reason)
    }
  }
  const has = (...wanted: readonly Comparison[]): number =>
    bounds.filter(({ comparison }) => wanted.includes(comparison)).length
  const isAlone = bounds.length === 1
  const isRange = has('eq', 'ne') === 0 && has('gt', 'ge') <= 1 && has('lt', 'le') <= 1
  if (!isAlone && !isRange) {
    throw new SqlMeaningError(
      table,
      `the conditions on ${field} cannot be kept together: it takes one = or one !=, or one lower and one upper bound`,
    )
  }
  const [low, high] = [bounds.find(isLow)?.value, bounds.find((one) => !isLow(one))?.value]
  if (!isAlone && low !== undefined && high !== undefined && BigInt(low) >= BigInt(high)) {
    // Equal bounds mean something else to a table than to a reader.
    throw new SqlMeaningError(table, `no ${field} lies between ${low} and ${high}`)
  }
}

function isLow({ comparison }: Condition): boolean {
  return comparison === 'gt' || comparison === 'ge'
}

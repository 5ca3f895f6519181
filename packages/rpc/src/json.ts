/**
 * JSON as the reference writes it: keys in byte order, compact for answers and styled for pushed receipts
 * (spec 02 §13.2, §9).
 * @module
 */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject

export interface JsonObject {
  readonly [key: string]: JsonValue | undefined
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function entriesOf(object: JsonObject): [string, JsonValue][] {
  const entries: [string, JsonValue][] = []
  for (const key of Object.keys(object).toSorted()) {
    const value = object[key]
    if (value !== undefined) entries.push([key, value])
  }
  return entries
}

/** On one line, keys sorted, with a line feed behind it. */
export function compactJson(value: JsonValue): string {
  return `${compact(value)}\n`
}

function compact(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  let text = ''
  if (isArray(value)) {
    for (const one of value) text += text === '' ? compact(one) : `,${compact(one)}`
    return `[${text}]`
  }
  for (const key of Object.keys(value).toSorted()) {
    const one = value[key]
    if (one === undefined) continue
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${compact(one)}`
  }
  return `{${text}}`
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

const INDENT = '   '
/** An array that would be at least so long on one line is broken, as is one of many elements. */
const LINE_MAX = 74

/** Over many lines with three blanks a level, keys sorted, with a line feed behind it. */
export function styledJson(value: JsonValue): string {
  return `${styled(value, '')}\n`
}

function styled(value: JsonValue, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = indent + INDENT
  if (isArray(value)) {
    if (value.length === 0) return '[]'
    const line = oneLine(value)
    if (line !== undefined) return line
    const items = value.map((one) => inner + styled(one, inner))
    return `[\n${items.join(',\n')}\n${indent}]`
  }
  const entries = entriesOf(value)
  if (entries.length === 0) return '{}'
  const members = entries.map(
    ([key, one]) => `${inner}${JSON.stringify(key)} : ${styled(one, inner)}`,
  )
  return `{\n${members.join(',\n')}\n${indent}}`
}

function oneLine(items: readonly JsonValue[]): string | undefined {
  if (items.length * 3 >= LINE_MAX) return undefined
  const texts: string[] = []
  for (const item of items) {
    const isNested = typeof item === 'object' && item !== null && Object.keys(item).length > 0
    if (isNested) return undefined
    texts.push(styled(item, ''))
  }
  const line = `[ ${texts.join(', ')} ]`
  return line.length < LINE_MAX ? line : undefined
}

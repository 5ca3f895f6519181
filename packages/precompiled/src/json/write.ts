/**
 * JSON text to the byte as jsoncpp 1.7.7 writes it: it goes into receipts (spec 03 §3.3).
 * @module
 */
import { type ByteText, compareText } from '@bcos-ts/common'

/** Values that native contracts write; all leaves are texts. */
export type JsonOutput =
  | ByteText
  | null
  | readonly JsonOutput[]
  | { readonly [member: string]: JsonOutput }

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

// oxlint-disable-next-line no-control-regex -- control characters are what has to be escaped
const ESCAPED = /["\\\u0000-\u001f]/g

/** Quoted text: control characters with upper-case hex digits, everything above them as it is. */
export function quote(text: ByteText): ByteText {
  const inner = text.replace(ESCAPED, (character) => {
    const hex = character.charCodeAt(0).toString(16).toUpperCase()
    return ESCAPES[character] ?? `\\u${hex.padStart(4, '0')}`
  })
  return `"${inner}"`
}

/** One line without blanks, members by name, a line end behind. */
export function compactJson(value: JsonOutput): ByteText {
  return `${compact(value)}\n`
}

function compact(value: JsonOutput): ByteText {
  if (value === null) return 'null'
  if (typeof value === 'string') return quote(value)
  if (isList(value)) return `[${value.map(compact).join(',')}]`
  const members = Object.keys(value).toSorted(compareText)
  return `{${members.map((name) => `${quote(name)}:${compact(value[name] ?? null)}`).join(',')}}`
}

function isList(value: JsonOutput): value is readonly JsonOutput[] {
  return Array.isArray(value)
}

/** Rows in the styled form: three blanks a level, one member a line, a line end behind. */
export function styledRows(
  rows: readonly (readonly (readonly [name: string, value: ByteText])[])[],
): ByteText {
  if (rows.length === 0) return '[]\n'
  const objects = rows.map((fields) => {
    const members = fields.map(([name, value]) => `      ${quote(name)} : ${quote(value)}`)
    return `   {\n${members.join(',\n')}\n   }`
  })
  return `[\n${objects.join(',\n')}\n]\n`
}

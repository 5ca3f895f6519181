import type { JsonValue } from './json.ts'

/** Only texts up to this length are read leniently: no client depends on it, and it costs time. */
const LENIENT_LENGTH_MAX = 65_536

/**
 * Reads JSON as the reference's parser does: comments count as blanks, and what stands behind the value is
 * ignored (spec 02 §13.1). `undefined` for anything else.
 */
export function parseJson(text: string): JsonValue | undefined {
  const value = parseStrict(text)
  if (value !== undefined || text.length > LENIENT_LENGTH_MAX) return value
  return parseStrict(firstValue(text))
}

function parseStrict(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

/** The text of the first value, without comments; it need not be good JSON. */
function firstValue(text: string): string {
  let kept = ''
  let depth = 0
  for (let at = 0; at < text.length;) {
    const end = endOfToken(text, at)
    const token = text.slice(at, end)
    at = end
    if (token.startsWith('/')) continue
    kept += token
    if (token === '{' || token === '[') depth += 1
    if (token === '}' || token === ']') depth -= 1
    const isBlank = token.trim() === ''
    if (depth <= 0 && !isBlank) return kept
  }
  return kept
}

const TOKEN = /"(?:[^"\\]|\\.)*"|\/\*[\s\S]*?\*\/|\/\/[^\n]*|\s+|[[\]{}:,]|[^\s[\]{}:,"/]+|[\s\S]/y

function endOfToken(text: string, at: number): number {
  TOKEN.lastIndex = at
  return TOKEN.test(text) ? TOKEN.lastIndex : at + 1
}

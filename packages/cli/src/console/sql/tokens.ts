import { SqlSyntaxError } from '../errors.ts'

export interface Token {
  readonly kind: 'word' | 'text' | 'name' | 'symbol' | 'end'
  /** Without quotes. */
  readonly text: string
  /** In characters from 1. */
  readonly position: number
}

const BLANKS = /\s*/y
const SYMBOL = /<=|>=|<>|!=|[(),=<>*;]/y
const WORD = /[^\s(),=<>!*;'"`]+/y
/** Text in quotes; a quote inside is doubled, or has a backslash before it. */
const TEXT = /'((?:[^'\\]|''|\\[\s\S])*)'|"((?:[^"\\]|""|\\[\s\S])*)"/y
const NAME = /`([^`]*)`/y

/** Cuts SQL into tokens, the last of which is the end. Throws `CONSOLE_SQL_SYNTAX`. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = []
  let at = skip(sql, 0)
  while (at < sql.length) {
    const { token, end } = tokenAt(sql, at)
    tokens.push(token)
    at = skip(sql, end)
  }
  tokens.push({ kind: 'end', text: '', position: sql.length + 1 })
  return tokens
}

function tokenAt(sql: string, at: number): { readonly token: Token; readonly end: number } {
  const position = at + 1
  const found = (kind: Token['kind'], text: string, length: number) => ({
    token: { kind, text, position },
    end: at + length,
  })
  const [symbol] = match(SYMBOL, sql, at) ?? []
  if (symbol !== undefined) return found('symbol', symbol, symbol.length)
  const [word] = match(WORD, sql, at) ?? []
  if (word !== undefined) return found('word', word, word.length)
  const text = match(TEXT, sql, at)
  if (text !== undefined) {
    return found('text', unescape(text[1] ?? text[2] ?? '', sql.charAt(at)), text[0].length)
  }
  const name = match(NAME, sql, at)
  if (name !== undefined) return found('name', name[1] ?? '', name[0].length)
  const char = sql.charAt(at)
  if (char === '!') throw new SqlSyntaxError(position, '! stands only in !=')
  throw new SqlSyntaxError(position, `this ${char} is never closed`)
}

function unescape(raw: string, quote: string): string {
  return raw.replaceAll(/\\([\s\S])|''|""/g, (pair: string, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped
    return pair.startsWith(quote) ? quote : pair
  })
}

function match(pattern: RegExp, sql: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(sql) ?? undefined
}

function skip(sql: string, at: number): number {
  return at + (match(BLANKS, sql, at)?.[0].length ?? 0)
}

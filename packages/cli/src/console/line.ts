/**
 * Lines of the console: commands separated by `;`, words separated by blanks, text in quotes, lists in brackets.
 * @module
 */
import { LineSyntaxError } from './errors.ts'

export interface Word {
  /** Without the quotes around it. */
  readonly text: string
  /** Whether the whole word stood in quotes: such a word is text and nothing else. */
  readonly isQuoted: boolean
  /** Where it begins, in characters from 0. */
  readonly start: number
}

const QUOTES: ReadonlySet<string> = new Set(['"', "'"])
const SEPARATORS: ReadonlySet<string> = new Set([';', '\n'])
const CLOSING: ReadonlyMap<string, string> = new Map([
  ['[', ']'],
  ['(', ')'],
  ['{', '}'],
])
const OPENING: ReadonlySet<string> = new Set(CLOSING.keys())
const CLOSERS: ReadonlySet<string> = new Set(CLOSING.values())
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

/**
 * Cuts text into commands at each `;` and each end of a line that stands in no quotes and no brackets. Empty commands
 * and comments (from a `#` at the beginning of a command to the end of its line) are left out.
 * Throws `CONSOLE_LINE_SYNTAX`.
 */
export function splitCommands(line: string): readonly string[] {
  const commands: string[] = []
  let start = 0
  let at = 0
  let depth = 0
  const cut = (): void => {
    const command = line.slice(start, at).trim()
    if (command !== '') commands.push(command)
  }
  while (at < line.length) {
    const char = line.charAt(at)
    if (char === '#' && depth === 0 && line.slice(start, at).trim() === '') {
      at = endOfLine(line, at)
      start = at
    } else if (QUOTES.has(char)) {
      at = endOfQuotes(line, at)
    } else if (SEPARATORS.has(char) && depth === 0) {
      cut()
      at += 1
      start = at
    } else {
      depth = Math.max(0, depth + depthOf(char))
      at += 1
    }
  }
  cut()
  return commands
}

/** The name that a command begins with. */
export function nameOf(command: string): string {
  return /^\S*/.exec(command)?.[0] ?? ''
}

/** The words of one command. Throws `CONSOLE_LINE_SYNTAX` for quotes or brackets that are not closed. */
export function splitWords(command: string): readonly Word[] {
  const words: Word[] = []
  let at = skipBlanks(command, 0)
  while (at < command.length) {
    const end = endOfWord(command, at)
    words.push(wordOf(command, at, end))
    at = skipBlanks(command, end)
  }
  return words
}

function wordOf(command: string, start: number, end: number): Word {
  const raw = command.slice(start, end)
  const isQuoted = QUOTES.has(raw.charAt(0)) && endOfQuotes(command, start) === end
  return { text: isQuoted ? unquote(raw) : raw, isQuoted, start }
}

/** The text inside of quotes, with `\"`, `\\`, `\n`, `\r` and `\t` replaced. */
export function unquote(raw: string): string {
  return raw.slice(1, -1).replaceAll(/\\([\s\S])/g, (_, char: string) => ESCAPES.get(char) ?? char)
}

function endOfWord(text: string, start: number): number {
  const open: { readonly closer: string; readonly at: number }[] = []
  let at = start
  while (at < text.length) {
    const char = text.charAt(at)
    const closer = CLOSING.get(char)
    if (isBlank(char) && open.length === 0) break
    if (QUOTES.has(char) && (open.length > 0 || at === start)) {
      at = endOfQuotes(text, at)
      continue
    }
    if (closer !== undefined) open.push({ closer, at })
    else if (open.length > 0 && char === open.at(-1)?.closer) open.pop()
    at += 1
  }
  const [unclosed] = open
  if (unclosed !== undefined) {
    throw new LineSyntaxError(unclosed.at + 1, `this bracket is never closed by ${unclosed.closer}`)
  }
  return at
}

/** Behind the quotes that begin at `start`. */
export function endOfQuotes(text: string, start: number): number {
  const quote = text.charAt(start)
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '\\') at += 1
    else if (char === quote) return at + 1
  }
  throw new LineSyntaxError(start + 1, `this ${quote} is never closed`)
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start)
  return end === -1 ? text.length : end
}

function depthOf(char: string): number {
  if (OPENING.has(char)) return 1
  return CLOSERS.has(char) ? -1 : 0
}

function skipBlanks(text: string, start: number): number {
  let at = start
  while (at < text.length && isBlank(text.charAt(at))) at += 1
  return at
}

function isBlank(char: string): boolean {
  return char.trim() === ''
}

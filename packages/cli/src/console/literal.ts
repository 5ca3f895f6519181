import { AbiArgumentError } from './errors.ts'
import { endOfQuotes, unquote } from './line.ts'

/** One value as it was typed, or a list of such. */
export type Literal =
  | { readonly text: string; readonly isQuoted: boolean }
  | { readonly items: readonly Literal[] }

/** Deeper than any type of a contract. */
const DEPTH_MAX = 16
const CLOSERS: Readonly<Record<string, string>> = { '[': ']', '(': ')' }
const BARE = /[^\s,[\]()"']+/y
const BLANKS = /\s*/y

/** Reads `[1,["a b",true]]`. Lists may stand in round brackets too. Throws `CONSOLE_ABI_VALUE`. */
export function parseLiteral(text: string, name: string, type: string): Literal {
  return new LiteralParser(text, name, type).parse()
}

class LiteralParser {
  readonly #text: string
  readonly #name: string
  readonly #type: string
  #at = 0

  constructor(text: string, name: string, type: string) {
    this.#text = text
    this.#name = name
    this.#type = type
  }

  parse(): Literal {
    const literal = this.#value(0)
    this.#skipBlanks()
    if (this.#at < this.#text.length) throw this.#wrong('nothing is expected behind the list')
    return literal
  }

  #value(depth: number): Literal {
    this.#skipBlanks()
    const char = this.#text.charAt(this.#at)
    const closer = CLOSERS[char]
    if (closer !== undefined) return this.#list(closer, depth + 1)
    const start = this.#at
    if (char === '"' || char === "'") {
      this.#at = endOfQuotes(this.#text, start)
      return { text: unquote(this.#text.slice(start, this.#at)), isQuoted: true }
    }
    BARE.lastIndex = start
    const [bare] = BARE.exec(this.#text) ?? []
    if (bare === undefined) throw this.#wrong('a value is expected here')
    this.#at += bare.length
    return { text: bare, isQuoted: false }
  }

  #list(closer: string, depth: number): Literal {
    if (depth > DEPTH_MAX) throw this.#wrong(`lists lie at most ${DEPTH_MAX} deep`)
    this.#at += 1
    const items: Literal[] = []
    for (;;) {
      this.#skipBlanks()
      const char = this.#text.charAt(this.#at)
      if (char === closer && items.length === 0) break
      items.push(this.#value(depth))
      this.#skipBlanks()
      if (this.#text.charAt(this.#at) === closer) break
      if (this.#text.charAt(this.#at) !== ',') throw this.#wrong(`, or ${closer} is expected here`)
      this.#at += 1
    }
    this.#at += 1
    return { items }
  }

  #skipBlanks(): void {
    BLANKS.lastIndex = this.#at
    this.#at += BLANKS.exec(this.#text)?.[0].length ?? 0
  }

  #wrong(reason: string): AbiArgumentError {
    return new AbiArgumentError(this.#name, this.#type, `at character ${this.#at + 1}: ${reason}`)
  }
}

import { assert } from '@bcos-ts/common'
import { SqlSyntaxError } from '../errors.ts'
import { type Token, tokenize } from './tokens.ts'

/** Words that end a value or a name when they stand alone: in quotes they are text. */
const RESERVED: ReadonlySet<string> = new Set([
  'and',
  'from',
  'in',
  'into',
  'like',
  'limit',
  'or',
  'set',
  'values',
  'where',
])

/** Tokens, taken one after the other. */
export class TokenReader {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(sql: string) {
    this.#tokens = tokenize(sql)
  }

  get next(): Token {
    const token = this.#tokens[this.#at]
    assert(token !== undefined, 'nobody reads beyond the end')
    return token
  }

  skip(): void {
    this.#at += 1
  }

  isKeyword(word: string): boolean {
    const { kind, text } = this.next
    return kind === 'word' && text.toLowerCase() === word
  }

  isSymbol(symbol: string): boolean {
    const { kind, text } = this.next
    return kind === 'symbol' && text === symbol
  }

  takeKeyword(word: string): boolean {
    const isThere = this.isKeyword(word)
    if (isThere) this.skip()
    return isThere
  }

  takeSymbol(symbol: string): boolean {
    const isThere = this.isSymbol(symbol)
    if (isThere) this.skip()
    return isThere
  }

  keyword(word: string): void {
    if (!this.takeKeyword(word)) throw this.unexpected(word)
  }

  symbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw this.unexpected(symbol)
  }

  expectEnd(): void {
    if (this.next.kind !== 'end') throw this.unexpected('the end')
  }

  /** The name of a table or field. */
  name(expected: string): string {
    const { kind, text } = this.next
    const isName = kind === 'name' || (kind === 'word' && !RESERVED.has(text.toLowerCase()))
    if (!isName || text === '') throw this.unexpected(expected)
    this.skip()
    return text
  }

  /** A value: text in quotes, or a single word or number without. */
  value(expected = 'a value (what is more than a word stands in quotes)'): string {
    const { kind, text } = this.next
    const isValue = kind === 'text' || (kind === 'word' && !RESERVED.has(text.toLowerCase()))
    if (!isValue) throw this.unexpected(expected)
    this.skip()
    return text
  }

  /** `(a, b, …)` of at least one. */
  list<T>(item: () => T): readonly T[] {
    this.symbol('(')
    const items = [item()]
    while (this.takeSymbol(',')) items.push(item())
    this.symbol(')')
    return items
  }

  unexpected(expected: string): SqlSyntaxError {
    const { kind, text, position } = this.next
    const found = kind === 'end' ? 'the end' : JSON.stringify(text)
    return new SqlSyntaxError(position, `${expected} is expected, not ${found}`)
  }
}

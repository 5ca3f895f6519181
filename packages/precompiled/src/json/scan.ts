import type { ByteText } from '@bcos-ts/common'

const WORDS = ['true', 'false', 'null'] as const
const MARKS = ['{', '}', '[', ']', ',', ':'] as const

export type TokenType =
  | (typeof WORDS)[number]
  | (typeof MARKS)[number]
  | 'string'
  | 'number'
  | 'comment'
  | 'end'
  | 'error'

export interface Token {
  readonly type: TokenType
  readonly text: ByteText
}

const NUMBER = /-?[0-9]*(?:\.[0-9]*)?(?:[eE][+-]?[0-9]*)?/y

/** Cuts a text into tokens, with the leniency of the reader behind {@link readJson}. */
export class JsonScanner {
  readonly #text: ByteText
  #at = 0

  constructor(text: ByteText) {
    this.#text = text
  }

  next(): Token {
    this.#skipBlanks()
    const start = this.#at
    const type = this.#scan()
    return { type, text: this.#text.slice(start, this.#at) }
  }

  nextBesideComments(): Token {
    let token = this.next()
    while (token.type === 'comment') token = this.next()
    return token
  }

  /** Takes the mark if it comes next, blanks but not comments before it. */
  takes(mark: ByteText): boolean {
    this.#skipBlanks()
    if (this.#text[this.#at] !== mark) return false
    this.#at += 1
    return true
  }

  #skipBlanks(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? '-')) this.#at += 1
  }

  /** Moves behind the next token. */
  #scan(): TokenType {
    const character = this.#text[this.#at]
    // A NUL byte is an end too.
    if (character === undefined || character === '\0') return 'end'
    const mark = MARKS.find((one) => one === character)
    if (mark !== undefined) {
      this.#at += 1
      return mark
    }
    if (character === '"') return this.#scanString() ? 'string' : 'error'
    if (character === '/') return this.#scanComment() ? 'comment' : 'error'
    if (/[-0-9]/.test(character)) return this.#scanNumber()
    const word = WORDS.find((one) => this.#text.startsWith(one, this.#at))
    this.#at += word?.length ?? 1
    return word ?? 'error'
  }

  #scanNumber(): TokenType {
    NUMBER.lastIndex = this.#at
    this.#at += NUMBER.exec(this.#text)?.[0].length ?? 1
    return 'number'
  }

  #scanString(): boolean {
    this.#at += 1
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at]
      this.#at += character === '\\' ? 2 : 1
      if (character === '"') return true
    }
    return false
  }

  #scanComment(): boolean {
    const kind = this.#text[this.#at + 1]
    this.#at += 2
    if (kind === '*') return this.#scanBlockComment()
    if (kind !== '/') return false
    const { length } = this.#text
    while (this.#at < length && !'\r\n'.includes(this.#text[this.#at] ?? '')) this.#at += 1
    return true
  }

  #scanBlockComment(): boolean {
    const end = this.#text.indexOf('*/', this.#at)
    if (end >= 0) {
      this.#at = end + 2
      return true
    }
    // Never closed, and yet taken when the text happens to end in a slash.
    const isTaken = this.#at < this.#text.length && this.#text.endsWith('/')
    this.#at = this.#text.length
    return isTaken
  }
}

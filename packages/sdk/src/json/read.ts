/**
 * Reading what nodes answer. Everything throws `SDK_INVALID_ANSWER` for another form than the expected one.
 * @module
 */
import { fromHex, isHex } from '@bcos-ts/common'
import { InvalidAnswerError } from '../errors.ts'

/** Members of a JSON object that a method answered with. */
export class JsonReader {
  readonly method: string
  readonly #members: Readonly<Record<string, unknown>>

  constructor(method: string, value: unknown) {
    this.method = method
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new InvalidAnswerError(method, `an object is expected, not ${shown(value)}`)
    }
    this.#members = { ...value }
  }

  has(name: string): boolean {
    return this.#members[name] !== undefined && this.#members[name] !== null
  }

  raw(name: string): unknown {
    return this.#members[name]
  }

  text(name: string): string {
    return readText(this.method, this.#members[name])
  }

  /** Hex quantity, decimal text or JSON number, within the integers that a number holds. */
  number(name: string): number {
    return readNumber(this.method, this.#members[name])
  }

  bigint(name: string): bigint {
    return readBigInt(this.method, this.#members[name])
  }

  bytes(name: string): Uint8Array {
    return readBytes(this.method, this.#members[name])
  }

  boolean(name: string): boolean {
    const value = this.#members[name]
    if (typeof value === 'boolean') return value
    throw new InvalidAnswerError(this.method, `${name} is not true or false: ${shown(value)}`)
  }

  list<T>(name: string, read: (method: string, item: unknown) => T): T[] {
    return readList(this.method, this.#members[name], read)
  }

  object(name: string): JsonReader {
    return new JsonReader(this.method, this.#members[name])
  }

  names(): string[] {
    return Object.keys(this.#members)
  }
}

export function readText(method: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw new InvalidAnswerError(method, `text is expected, not ${shown(value)}`)
}

export function readNumber(method: string, value: unknown): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number
  throw new InvalidAnswerError(method, `a number is expected, not ${shown(value)}`)
}

function readBigInt(method: string, value: unknown): bigint {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text === 'string' && /^(?:0x[0-9a-fA-F]+|-?\d+)$/.test(text)) return BigInt(text)
  throw new InvalidAnswerError(method, `an integer is expected, not ${shown(value)}`)
}

export function readBytes(method: string, value: unknown): Uint8Array {
  if (typeof value === 'string' && isHex(value.replace(/^0x/, ''))) return fromHex(value)
  throw new InvalidAnswerError(method, `hexadecimal text is expected, not ${shown(value)}`)
}

export function readList<T>(
  method: string,
  value: unknown,
  read: (method: string, item: unknown) => T,
): T[] {
  if (Array.isArray(value)) return value.map((item: unknown) => read(method, item))
  throw new InvalidAnswerError(method, `a list is expected, not ${shown(value)}`)
}

/** Parses JSON that a node sent as text. */
export function readJson(method: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidAnswerError(method, `JSON is expected, not ${shown(text)}`)
  }
}

const SHOWN_LENGTH = 80

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'string' ? `"${value}"` : JSON.stringify(value)
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text
}

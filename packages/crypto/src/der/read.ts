/**
 * Reader of the distinguished encoding rules (X.690 §10). Total: any bytes give elements or an
 * `InvalidDerError`, and no element reaches beyond the one around it.
 * @module
 */
import { bytesToBigInt, bytesToText } from '@bcos-ts/common'
import { InvalidDerError } from '../errors.ts'
import { contextTag, TAG } from './tag.ts'

/** Enough for RSA with 16,384 bits. */
const INTEGER_BYTES_MAX = 2049

/** One element: its tag, what is inside, and all of its bytes. Views of what was read. */
export interface DerElement {
  readonly tag: number
  readonly content: Uint8Array
  readonly whole: Uint8Array
}

/** Reads element after element of a run of bytes. `where` names the structure in errors. */
export class DerReader {
  readonly #bytes: Uint8Array
  readonly #where: string
  #at = 0

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes
    this.#where = where
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** The tag of the next element, or `undefined` at the end. */
  get nextTag(): number | undefined {
    return this.#bytes[this.#at]
  }

  fail(reason: string): never {
    throw new InvalidDerError(this.#where, reason)
  }

  /** The next element, which must have `tag` if one is given. */
  element(tag?: number): DerElement {
    const start = this.#at
    const found = this.#bytes[start]
    if (found === undefined) this.fail('an element is missing')
    if (tag !== undefined && found !== tag) {
      this.fail(`expected tag 0x${tag.toString(16)}, found 0x${found.toString(16)}`)
    }
    if ((found & 0x1f) === 0x1f) this.fail('tags of several bytes are not used here')
    const { length, contentAt } = this.#length(start + 1)
    const end = contentAt + length
    if (end > this.#bytes.length) this.fail('an element is longer than what holds it')
    this.#at = end
    return {
      tag: found,
      content: this.#bytes.subarray(contentAt, end),
      whole: this.#bytes.subarray(start, end),
    }
  }

  #length(at: number): { length: number; contentAt: number } {
    const first = this.#bytes[at]
    if (first === undefined) this.fail('a length is missing')
    if (first < 0x80) return { length: first, contentAt: at + 1 }
    const size = first & 0x7f
    if (size === 0 || size > 4) this.fail('a length is indefinite or beyond 4 GiB')
    let length = 0
    for (let i = 1; i <= size; i++) length = length * 256 + (this.#bytes[at + i] ?? 0)
    if (length < 0x80 || length < 256 ** (size - 1))
      this.fail('a length is not in its shortest form')
    return { length, contentAt: at + 1 + size }
  }

  /** The inside of the next element as a reader. */
  inside(tag: number): DerReader {
    return new DerReader(this.element(tag).content, this.#where)
  }

  sequence(): DerReader {
    return this.inside(TAG.sequence)
  }

  set(): DerReader {
    return this.inside(TAG.set)
  }

  /** The inside of `[n]` when that is what comes next. */
  optional(n: number): DerReader | undefined {
    return this.nextTag === contextTag(n) ? this.inside(contextTag(n)) : undefined
  }

  /** A non-negative integer in its shortest form. */
  integer(): bigint {
    const { content } = this.element(TAG.integer)
    const [first, second = 0x80] = content
    if (first === undefined) this.fail('an integer is empty')
    if (first >= 0x80) this.fail('an integer is negative')
    if (first === 0 && content.length > 1 && second < 0x80) this.fail('an integer has idle zeros')
    if (content.length > INTEGER_BYTES_MAX) this.fail('an integer is too long')
    return bytesToBigInt(content)
  }

  /** An integer that counts something. */
  count(): number {
    const value = this.integer()
    if (value > 0x7fff_ffffn) this.fail(`a count is beyond reason: ${value}`)
    return Number(value)
  }

  boolean(): boolean {
    const { content } = this.element(TAG.boolean)
    if (content.length !== 1) this.fail('a boolean has not one byte')
    return content[0] !== 0
  }

  octets(): Uint8Array {
    return this.element(TAG.octetString).content
  }

  /** A bit string of whole bytes. */
  bytesOfBits(): Uint8Array {
    const { bytes, unusedBits } = this.bits()
    if (unusedBits !== 0) this.fail('a bit string is not made of whole bytes')
    return bytes
  }

  bits(): { readonly bytes: Uint8Array; readonly unusedBits: number } {
    const { content } = this.element(TAG.bitString)
    const unusedBits = content[0] ?? 8
    if (unusedBits > 7 || (unusedBits > 0 && content.length === 1)) {
      this.fail('a bit string has a wrong count of unused bits')
    }
    return { bytes: content.subarray(1), unusedBits }
  }

  /** Dotted form. */
  oid(): string {
    const { content } = this.element(TAG.oid)
    const arcs: number[] = []
    let arc = 0
    for (const byte of content) {
      arc = arc * 128 + (byte & 0x7f)
      if (arc > Number.MAX_SAFE_INTEGER / 256) this.fail('an object identifier is beyond reason')
      if (byte >= 0x80) continue
      arcs.push(arc)
      arc = 0
    }
    const [first, ...rest] = arcs
    if (first === undefined || (content.at(-1) ?? 0x80) >= 0x80) {
      this.fail('an object identifier is cut short')
    }
    const top = Math.min(2, Math.floor(first / 40))
    return [top, first - 40 * top, ...rest].join('.')
  }

  /** Milliseconds since 1970 of a UTCTime or GeneralizedTime with seconds, in UTC. */
  time(): number {
    const { tag, content } = this.element()
    if (tag !== TAG.utcTime && tag !== TAG.generalizedTime) this.fail('a time is missing')
    const text = bytesToText(content)
    const digits = tag === TAG.utcTime ? `${text < '50' ? '20' : '19'}${text}` : text
    const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits)
    if (match === null) this.fail('a time has not the form YYMMDDhhmmssZ or YYYYMMDDhhmmssZ')
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
      .slice(1)
      .map(Number)
    const ms = Date.UTC(year, month - 1, day, hour, minute, second)
    const isReal = new Date(ms)
      .toISOString()
      .replaceAll(/[-:T]/g, '')
      .startsWith(digits.slice(0, 14))
    if (!isReal) this.fail('a time does not exist')
    return ms
  }

  /** What is left must be nothing. */
  end(): void {
    if (!this.isAtEnd) this.fail('bytes follow where a structure should end')
  }
}

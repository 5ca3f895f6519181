import type { ByteText } from '@bcos-ts/common'
import type { Condition } from '@bcos-ts/protocol/ports'
import { isOrdinaryField, type Row } from './row.ts'

/** The text by which the reference marks an open end; a user's value equal to it acts as one. */
const UNLIMITED = '_VALUE_UNLIMITED_'

interface Bound {
  readonly value: ByteText
  readonly isInclusive: boolean
}

interface Range {
  left: Bound
  right: Bound
}

const OPEN: Bound = { value: UNLIMITED, isInclusive: false }

const INT32_MAX = 0x7fff_ffff
const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

/** Tells which rows a selection is about. */
export interface Matcher {
  /** Of a live row. Removed and discarded rows never match. */
  matches(row: Row): boolean
  matchesFields(row: { get(field: string): ByteText | undefined }): boolean
}

/** What a selection without bounds asks for: the rows whose key field has this value. */
export class KeyMatcher implements Matcher {
  readonly #field: string
  readonly #value: ByteText
  readonly #counts: boolean

  constructor(field: string, value: ByteText) {
    this.#field = field
    this.#value = value
    this.#counts = isOrdinaryField(field)
  }

  matches(row: Row): boolean {
    return !row.isRemoved && !row.isDiscarded && this.matchesFields(row)
  }

  matchesFields(row: { get(field: string): ByteText | undefined }): boolean {
    return !this.#counts || row.get(this.#field) === this.#value
  }
}

/** Bounds per field, with the reference's exact reading of them (spec 03 §4.5). */
export class TableCondition implements Condition, Matcher {
  readonly #ranges = new Map<string, Range>()
  #offset = -1
  #count = -1

  #range(field: string): Range {
    let range = this.#ranges.get(field)
    if (range === undefined) {
      range = { left: OPEN, right: OPEN }
      this.#ranges.set(field, range)
    }
    return range
  }

  #both(field: string, bound: Bound): void {
    const range = this.#range(field)
    range.left = bound
    range.right = bound
  }

  eq(field: string, value: ByteText): void {
    this.#both(field, { value, isInclusive: true })
  }
  ne(field: string, value: ByteText): void {
    this.#both(field, { value, isInclusive: false })
  }
  gt(field: string, value: ByteText): void {
    this.#range(field).left = { value, isInclusive: false }
  }
  ge(field: string, value: ByteText): void {
    this.#range(field).left = { value, isInclusive: true }
  }
  lt(field: string, value: ByteText): void {
    this.#range(field).right = { value, isInclusive: false }
  }
  le(field: string, value: ByteText): void {
    this.#range(field).right = { value, isInclusive: true }
  }

  limit(offset: number, count: number): void {
    this.#offset = offset
    this.#count = count
  }

  /** Cuts the result to the limit, when there is one. */
  cut<T>(rows: readonly T[]): readonly T[] {
    if (this.#offset < 0 || this.#count < 0) return rows
    return rows.slice(this.#offset, Math.min(INT32_MAX, this.#offset + this.#count))
  }

  /** Whether a live row fulfils every bound. Removed and discarded rows never do. */
  matches(row: Row): boolean {
    return !row.isRemoved && !row.isDiscarded && this.matchesFields(row)
  }

  matchesFields(row: { get(field: string): ByteText | undefined }): boolean {
    for (const [field, range] of this.#ranges) {
      if (!isOrdinaryField(field)) continue
      const value = row.get(field)
      if (value === undefined || !isWithin(value, range)) return false
    }
    return true
  }
}

function isWithin(value: ByteText, { left, right }: Range): boolean {
  if (left.value === right.value && left.isInclusive === right.isInclusive) {
    // `GE x` with `LE x` is an equality too, and `GT x` with `LT x` an inequality.
    if (left.isInclusive) return value === left.value
    if (left.value !== UNLIMITED) return value !== left.value
  }
  return isAbove(value, left) && isBelow(value, right)
}

function isAbove(value: ByteText, bound: Bound): boolean {
  if (bound.value === UNLIMITED) return true
  const difference = compareAsIntegers(value, bound.value)
  if (difference === undefined) return false
  return bound.isInclusive ? difference >= 0n : difference > 0n
}

function isBelow(value: ByteText, bound: Bound): boolean {
  if (bound.value === UNLIMITED) return true
  const difference = compareAsIntegers(value, bound.value)
  if (difference === undefined) return false
  return bound.isInclusive ? difference <= 0n : difference < 0n
}

/** Texts that are no 64-bit integers compare with nothing; an empty stored text counts as 0. */
function compareAsIntegers(stored: ByteText, bound: ByteText): bigint | undefined {
  const a = stored === '' ? 0n : parseInt64(stored)
  const b = parseInt64(bound)
  return a === undefined || b === undefined ? undefined : a - b
}

function parseInt64(text: ByteText): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const value = text.startsWith('+') ? BigInt(text.slice(1)) : BigInt(text)
  return value < INT64_MIN || value > INT64_MAX ? undefined : value
}

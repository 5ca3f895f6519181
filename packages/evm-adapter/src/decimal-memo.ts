import type { ByteText } from '@bcos-ts/common'

/** A prime, so that numbers with zeros at the end do not meet at one place. A full memo takes about a megabyte. */
const PLACES = 4093
/** Turning smaller ones costs less than looking them up. */
const SMALL = BigInt(Number.MAX_SAFE_INTEGER)
const SMALL_DIGITS = 15
const MIXED_DIGITS = 8
/** Of the FNV hash. */
const FACTOR = 0x0100_0193

/**
 * Numbers as decimal text, the form in which tables hold slots and values, and back. Turning 256 bits takes longer than
 * running most instructions, and contracts use the same slots and values again and again. Each place of the memo keeps the
 * last pair that came to it.
 */
export class DecimalMemo {
  readonly #byValue: Pairs = new Pairs()
  readonly #byText: Pairs = new Pairs()

  text(value: bigint): ByteText {
    if (value <= SMALL) return String(Number(value))
    const place = placeOfValue(value)
    if (this.#byValue.values[place] === value) return this.#byValue.texts[place]!
    const text = String(value)
    this.#byValue.keep(place, value, text)
    this.#byText.keep(placeOfText(text), value, text)
    return text
  }

  value(text: ByteText): bigint {
    if (text.length <= SMALL_DIGITS) return BigInt(text)
    const place = placeOfText(text)
    if (this.#byText.texts[place] === text) return this.#byText.values[place]!
    const value = BigInt(text)
    this.#byText.keep(place, value, text)
    this.#byValue.keep(placeOfValue(value), value, text)
    return value
  }
}

class Pairs {
  readonly values: bigint[] = Array.from({ length: PLACES }, () => 0n)
  readonly texts: ByteText[] = Array.from({ length: PLACES }, () => '')

  keep(place: number, value: bigint, text: ByteText): void {
    this.values[place] = value
    this.texts[place] = text
  }
}

function placeOfValue(value: bigint): number {
  return Number(BigInt.asUintN(53, value)) % PLACES
}

/** By the first and the last digits. */
function placeOfText(text: ByteText): number {
  let mixed = text.length
  for (let i = 0; i < MIXED_DIGITS; i++) {
    mixed = Math.imul(mixed ^ text.charCodeAt(i), FACTOR)
    mixed = Math.imul(mixed ^ text.charCodeAt(text.length - 1 - i), FACTOR)
  }
  return (mixed >>> 0) % PLACES
}

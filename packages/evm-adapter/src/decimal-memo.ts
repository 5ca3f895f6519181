import type { ByteText } from '@bcos-ts/common'

/** Pairs kept at most, twice: 4096 pairs take about a megabyte. */
const PAIRS_MAX = 4096
/** Turning smaller ones costs less than looking them up. */
const SMALL = BigInt(Number.MAX_SAFE_INTEGER)
const SMALL_DIGITS = 15

interface Pairs {
  readonly texts: Map<bigint, ByteText>
  readonly values: Map<ByteText, bigint>
}

/**
 * Numbers as decimal text, the form in which tables hold slots and values, and back. Turning 256 bits takes longer than
 * running most instructions, and contracts use the same slots and values again and again.
 */
export class DecimalMemo {
  #young: Pairs = emptyPairs()
  #old: Pairs = emptyPairs()

  text(value: bigint): ByteText {
    if (value <= SMALL) return String(Number(value))
    const known = this.#young.texts.get(value)
    if (known !== undefined) return known
    const text = this.#old.texts.get(value) ?? String(value)
    this.#keep(value, text)
    return text
  }

  value(text: ByteText): bigint {
    if (text.length <= SMALL_DIGITS) return BigInt(text)
    const known = this.#young.values.get(text)
    if (known !== undefined) return known
    const value = this.#old.values.get(text) ?? BigInt(text)
    this.#keep(value, text)
    return value
  }

  /** When the young are many they become the old, and of the old what nobody asked for is forgotten. */
  #keep(value: bigint, text: ByteText): void {
    if (this.#young.texts.size >= PAIRS_MAX) {
      this.#old = this.#young
      this.#young = emptyPairs()
    }
    this.#young.texts.set(value, text)
    this.#young.values.set(text, value)
  }
}

function emptyPairs(): Pairs {
  return { texts: new Map(), values: new Map() }
}

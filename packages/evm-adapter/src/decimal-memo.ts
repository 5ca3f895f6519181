import type { ByteText } from '@bcos-ts/common'

/** Pairs kept at most, a power of two: a megabyte for each direction. */
const PAIRS = 4096
/** Turning smaller ones costs less than looking them up. */
const SMALL = BigInt(Number.MAX_SAFE_INTEGER)
const SMALL_DIGITS = 15
const MIX_BITS = 32

/**
 * Numbers as decimal text, the form in which tables hold slots and values, and back. Turning 256 bits takes longer than
 * running most instructions, and contracts use the same slots and values again and again.
 *
 * Numbers are not keys of a `Map`: engines hash a bigint by its lowest 64 bits alone, and short strings in storage have
 * those in common, so that each look-up would walk through all of them. Here each has one place, and the latest has it.
 */
export class DecimalMemo {
  readonly #values: bigint[] = Array.from<bigint>({ length: PAIRS }).fill(0n)
  readonly #texts: ByteText[] = Array.from<ByteText>({ length: PAIRS }).fill('0')
  #young = new Map<ByteText, bigint>()
  #old: ReadonlyMap<ByteText, bigint> = new Map()

  text(value: bigint): ByteText {
    if (value <= SMALL) return String(Number(value))
    const place = placeOf(value)
    if (this.#values[place] === value) return this.#texts[place] ?? ''
    const text = String(value)
    this.#values[place] = value
    this.#texts[place] = text
    return text
  }

  value(text: ByteText): bigint {
    if (text.length <= SMALL_DIGITS) return BigInt(text)
    const known = this.#young.get(text)
    if (known !== undefined) return known
    const value = this.#old.get(text) ?? BigInt(text)
    // When the young are many they become the old, and of the old what nobody asked for is forgotten.
    if (this.#young.size >= PAIRS) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(text, value)
    return value
  }
}

/** From bits of the lowest, a middle and the highest word: numbers that differ only elsewhere share a place. */
function placeOf(value: bigint): number {
  const low = Number(BigInt.asUintN(MIX_BITS, value))
  const middle = Number(BigInt.asUintN(MIX_BITS, value >> 96n))
  const high = Number(BigInt.asUintN(MIX_BITS, value >> 224n))
  const mixed = Math.imul(low ^ Math.imul(middle ^ (high >>> 7), 0x9e37_79b1) ^ high, 0x85eb_ca6b)
  return (mixed >>> 15) & (PAIRS - 1)
}

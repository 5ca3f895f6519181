import { isSame, type Value } from './value.ts'

const WORD = 32

/**
 * What a trace knows of the memory: which value stands at which place. Solidity keeps the end of its memory at 64 and hashes
 * what it has just written at 0, so that much of what it reads is known.
 */
export class KnownMemory {
  readonly #words = new Map<number, Value>()
  readonly #hashes: { readonly parts: readonly Value[]; readonly hash: Value }[] = []

  /** The word at a place, when it is known. */
  word(at: number): Value | undefined {
    return this.#words.get(at)
  }

  holds(at: number, value: Value): boolean {
    const word = this.#words.get(at)
    return word !== undefined && isSame(word, value)
  }

  store(at: number, value: Value): void {
    this.forget(at, WORD)
    this.#words.set(at, value)
  }

  /** Something was written there that is not known. */
  forget(at: number, size: number): void {
    for (const place of this.#words.keys()) {
      if (place + WORD > at && place < at + size) this.#words.delete(place)
    }
  }

  /** Something was written, nobody knows where. */
  forgetAll(): void {
    this.#words.clear()
  }

  /** The words that a message of whole words consists of, when all are known. */
  words(at: number, size: number): readonly Value[] | undefined {
    const parts: Value[] = []
    for (let place = at; place < at + size; place += WORD) {
      const value = this.#words.get(place)
      if (value === undefined) return undefined
      parts.push(value)
    }
    return size % WORD === 0 ? parts : undefined
  }

  /** A hash of the same words that was computed before. */
  hashOf(parts: readonly Value[]): Value | undefined {
    return this.#hashes.find(
      (one) =>
        one.parts.length === parts.length && one.parts.every((part, i) => isSame(part, parts[i]!)),
    )?.hash
  }

  keepHash(parts: readonly Value[], hash: Value): void {
    this.#hashes.push({ parts, hash })
  }
}

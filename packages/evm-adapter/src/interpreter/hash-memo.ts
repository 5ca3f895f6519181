import type { Memory } from './memory.ts'
import { type Word, wordOfBytes } from './words.ts'

type Hash = (message: Uint8Array) => Uint8Array

const ENTRIES = 4096
/** Keys of mappings are one or two words, and the only messages that contracts hash again and again. */
const MESSAGE_BYTES_MAX = 64
const LIMBS = MESSAGE_BYTES_MAX / 4
const FACTOR = 0x9e3779b1

/** The hash of contracts, which remembers its answers to short messages: one for each place of a table. */
export class HashMemo {
  readonly #hash: Hash
  readonly #lengths = new Uint8Array(ENTRIES)
  readonly #messages = new Int32Array(ENTRIES * LIMBS)
  readonly #answers: Word[] = Array.from({ length: ENTRIES }, (): Word => 0)

  constructor(hash: Hash) {
    this.#hash = hash
  }

  /** Of bytes that the memory holds. */
  ofMemory(memory: Memory, at: number, length: number): Word {
    if (length > MESSAGE_BYTES_MAX || length === 0 || length % 4 !== 0) {
      return this.#compute(memory.read(at, length))
    }
    const entry = this.#entryOf(memory, at, length)
    if (this.#lengths[entry] === length && this.#holds(entry, memory, { at, length })) {
      return this.#answers[entry]!
    }
    const answer = this.#compute(memory.read(at, length))
    this.#lengths[entry] = length
    for (let i = 0; i < length; i += 4) {
      this.#messages[entry * LIMBS + i / 4] = memory.limb(at + i)
    }
    this.#answers[entry] = answer
    return answer
  }

  #entryOf(memory: Memory, at: number, length: number): number {
    let mixed = length
    for (let i = 0; i < length; i += 4) {
      mixed = Math.imul(mixed ^ memory.limb(at + i), FACTOR)
      mixed ^= mixed >>> 15
    }
    return mixed & (ENTRIES - 1)
  }

  #holds(
    entry: number,
    memory: Memory,
    { at, length }: { readonly at: number; readonly length: number },
  ): boolean {
    for (let i = 0; i < length; i += 4) {
      if (this.#messages[entry * LIMBS + i / 4] !== memory.limb(at + i)) return false
    }
    return true
  }

  #compute(message: Uint8Array): Word {
    return wordOfBytes(this.#hash(message), 0)
  }
}

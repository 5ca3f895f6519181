import { loadWord, type Word } from './words.ts'

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
  readonly #messages = new Uint32Array(ENTRIES * LIMBS)
  readonly #answers: Word[] = Array.from({ length: ENTRIES }, () => 0)
  readonly #limbs = new Uint32Array(LIMBS)

  constructor(hash: Hash) {
    this.#hash = hash
  }

  of(message: Uint8Array): Word {
    const { length } = message
    if (length > MESSAGE_BYTES_MAX || length === 0 || length % 4 !== 0) return this.#compute(message)
    const entry = this.#entryOf(message)
    if (this.#lengths[entry] === length && this.#holds(entry, length / 4)) {
      return this.#answers[entry]!
    }
    const answer = this.#compute(message)
    this.#lengths[entry] = length
    for (let i = 0; i < length / 4; i++) this.#messages[entry * LIMBS + i] = this.#limbs[i]!
    this.#answers[entry] = answer
    return answer
  }

  /** Reads the message into limbs on the way. */
  #entryOf(message: Uint8Array): number {
    let mixed = message.length
    for (let i = 0; i < message.length; i += 4) {
      const limb =
        (message[i]! << 24) | (message[i + 1]! << 16) | (message[i + 2]! << 8) | message[i + 3]!
      this.#limbs[i >> 2] = limb
      mixed = Math.imul(mixed ^ limb, FACTOR)
      mixed ^= mixed >>> 15
    }
    return mixed & (ENTRIES - 1)
  }

  #holds(entry: number, limbs: number): boolean {
    const start = entry * LIMBS
    for (let i = 0; i < limbs; i++) {
      if (this.#messages[start + i] !== this.#limbs[i]) return false
    }
    return true
  }

  #compute(message: Uint8Array): Word {
    const digest = this.#hash(message)
    return loadWord(new DataView(digest.buffer, digest.byteOffset, 32), 0)
  }
}

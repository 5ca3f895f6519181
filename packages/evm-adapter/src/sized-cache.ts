interface Held<TValue> {
  readonly value: TValue
  bytes: number
  /** Asked for since it was last considered for removal. */
  isRecent: boolean
}

/**
 * A map of so many bytes at most, which forgets what was not asked for lately. Asking moves nothing, so it costs no more than
 * in a plain map: what was used gets a second chance when room is needed.
 */
export class SizedCache<TKey, TValue> {
  readonly #held = new Map<TKey, Held<TValue>>()
  readonly #bytesMax: number
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get bytes(): number {
    return this.#bytes
  }

  get(key: TKey): TValue | undefined {
    const held = this.#held.get(key)
    if (held === undefined) return undefined
    held.isRecent = true
    return held.value
  }

  /** `bytes`: what it costs in memory now. What alone is larger than the cache is not kept. */
  set(key: TKey, value: TValue, bytes: number): void {
    const held = this.#held.get(key)
    if (held?.value === value && bytes <= this.#bytesMax) {
      this.#bytes += bytes - held.bytes
      held.bytes = bytes
    } else {
      this.#remove(key)
      if (bytes > this.#bytesMax) return
      this.#held.set(key, { value, bytes, isRecent: false })
      this.#bytes += bytes
    }
    if (this.#bytes > this.#bytesMax) this.#makeRoom()
  }

  #makeRoom(): void {
    for (const [oldest, held] of this.#held) {
      if (this.#bytes <= this.#bytesMax) return
      this.#held.delete(oldest)
      if (held.isRecent) this.#held.set(oldest, { ...held, isRecent: false })
      else this.#bytes -= held.bytes
    }
  }

  #remove(key: TKey): void {
    const held = this.#held.get(key)
    if (held === undefined) return
    this.#held.delete(key)
    this.#bytes -= held.bytes
  }
}

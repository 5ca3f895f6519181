/** A map that forgets its least recently used entries when they weigh more than `limit` together. */
export class LruMap<TKey, TValue> {
  readonly #entries = new Map<TKey, TValue>()
  readonly #limit: number
  readonly #weigh: (value: TValue) => number
  #weight = 0

  /** Without `weigh`, each entry weighs 1. The newest entry stays, whatever it weighs. */
  constructor(limit: number, weigh: (value: TValue) => number = () => 1) {
    this.#limit = limit
    this.#weigh = weigh
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: TKey): TValue | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  has(key: TKey): boolean {
    return this.#entries.has(key)
  }

  set(key: TKey, value: TValue): void {
    this.delete(key)
    this.#entries.set(key, value)
    this.#weight += this.#weigh(value)
    while (this.#weight > this.#limit && this.#entries.size > 1) {
      const [oldest] = this.#entries.keys()
      if (oldest === undefined) return
      this.delete(oldest)
    }
  }

  delete(key: TKey): void {
    const value = this.#entries.get(key)
    if (value === undefined) return
    this.#entries.delete(key)
    this.#weight -= this.#weigh(value)
  }

  clear(): void {
    this.#entries.clear()
    this.#weight = 0
  }
}

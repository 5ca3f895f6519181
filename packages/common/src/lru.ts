/** A map that forgets its least recently used entry when it holds more than `limit`. */
export class LruMap<TKey, TValue> {
  readonly #entries = new Map<TKey, TValue>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
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
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size <= this.#limit) return
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      return
    }
  }

  delete(key: TKey): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }
}

/**
 * A map that forgets what was not used for long. The entries that were used last and weigh half of `limit` together
 * are always there; all of them never weigh more than `limit`, but for those that weigh more than half of it alone.
 *
 * There are two generations: new entries and those that are asked for go into the young one; when it weighs half of
 * the limit, it becomes the old one, and the old one is forgotten as a whole. To find the oldest entry of one map
 * instead, its iterator would have to pass all that were deleted before, each time.
 */
export class LruMap<TKey, TValue> {
  #young = new Map<TKey, TValue>()
  #old = new Map<TKey, TValue>()
  readonly #generationMax: number
  readonly #weigh: (value: TValue) => number
  #weight = 0

  /** Without `weigh`, each entry weighs 1. The newest entry stays, whatever it weighs. */
  constructor(limit: number, weigh: (value: TValue) => number = () => 1) {
    this.#generationMax = limit / 2
    this.#weigh = weigh
  }

  get(key: TKey): TValue | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  has(key: TKey): boolean {
    return this.#young.has(key) || this.#old.has(key)
  }

  set(key: TKey, value: TValue): void {
    const replaced = this.#young.get(key)
    if (replaced !== undefined) this.#weight -= this.#weigh(replaced)
    const weight = this.#weigh(value)
    if (this.#weight + weight > this.#generationMax && this.#young.size > 0) this.#age()
    this.#weight += weight
    this.#young.set(key, value)
  }

  delete(key: TKey): void {
    const young = this.#young.get(key)
    if (young !== undefined) this.#weight -= this.#weigh(young)
    this.#young.delete(key)
    this.#old.delete(key)
  }

  clear(): void {
    this.#young = new Map()
    this.#old = new Map()
    this.#weight = 0
  }

  #age(): void {
    this.#old = this.#young
    this.#young = new Map()
    this.#weight = 0
  }
}

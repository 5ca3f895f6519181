/** Sets of sealer states, by numbers: equal numbers are equal sets. */
export class StateSets {
  readonly #saidOfState: (state: number) => number
  readonly #sets: Uint32Array[] = []
  readonly #saidOf: number[] = []
  readonly #numbers = new Map<number, number[]>()
  /** In which turn each state was met last. */
  #turns = new Uint32Array(1024)
  #turn = 0
  #reached: number[] = []

  constructor(saidOfState: (state: number) => number) {
    this.#saidOfState = saidOfState
  }

  get size(): number {
    return this.#sets.length
  }

  statesOf(set: number): Uint32Array {
    return this.#sets[set] ?? new Uint32Array()
  }

  /** What all of its states have said. */
  saidOf(set: number): number {
    return this.#saidOf[set] ?? 0
  }

  numberOf(states: readonly number[]): number {
    this.#begin()
    for (const state of states) this.reach(state)
    return this.numberOfReached()
  }

  /** A set to which {@link reach} adds; it grows while it is read. */
  startFrom(set: number): readonly number[] {
    this.#begin()
    for (const state of this.statesOf(set)) this.reach(state)
    return this.#reached
  }

  reach(state: number): void {
    if (state >= this.#turns.length) {
      const turns = new Uint32Array(2 * Math.max(state, this.#turns.length))
      turns.set(this.#turns)
      this.#turns = turns
    }
    if (this.#turns[state] === this.#turn) return
    this.#turns[state] = this.#turn
    this.#reached.push(state)
  }

  numberOfReached(): number {
    let sum = 0
    // In no order: a sum, and a number mixed of each state.
    for (const state of this.#reached) sum += Math.imul(state + 1, 0x9e3779b1) >>> 0
    const alike = this.#numbers.get(sum) ?? []
    const known = alike.find((set) => this.#isReached(this.statesOf(set)))
    if (known !== undefined) return known
    const number = this.#sets.length
    this.#sets.push(Uint32Array.from(this.#reached).toSorted())
    this.#saidOf.push(this.#saidOfState(this.#reached[0] ?? 0))
    this.#numbers.set(sum, [...alike, number])
    return number
  }

  #begin(): void {
    this.#turn++
    this.#reached = []
  }

  #isReached(set: Uint32Array): boolean {
    return (
      set.length === this.#reached.length && set.every((state) => this.#turns[state] === this.#turn)
    )
  }
}

import type { Prng } from './prng.ts'
import type { World } from './world.ts'

interface Pending {
  readonly name: string
  readonly bytes: Uint8Array
  readonly resolve: () => void
  isGone: boolean
}

export interface DiskOptions {
  /** How long a write takes until it is durable. */
  readonly latencyMs: { readonly min: number; readonly max: number }
}

const FAST: DiskOptions = { latencyMs: { min: 0.5, max: 8 } }

/**
 * A disk under a node that can lose power. A record replaces the one of the same name when it is durable, in the order
 * of writing. A crash leaves each unfinished write undone, done, or half done beside the former record.
 */
export class SimulatedDisk {
  readonly #world: World
  readonly #prng: Prng
  readonly #options: DiskOptions
  readonly #durable = new Map<string, Uint8Array>()
  readonly #torn = new Map<string, Uint8Array>()
  /** Writes that a crash has hit so far. */
  readonly tally: { undone: number; torn: number } = { undone: 0, torn: 0 }
  #pending: Pending[] = []
  #freeAtMs = 0
  #failure: Error | undefined

  constructor(world: World, prng: Prng, options: DiskOptions = FAST) {
    this.#world = world
    this.#prng = prng
    this.#options = options
  }

  /** Durable when it resolves. */
  async write(name: string, bytes: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    const { min, max } = this.#options.latencyMs
    const atMs = Math.max(this.#freeAtMs, this.#world.nowMs()) + this.#prng.between(min, max)
    this.#freeAtMs = atMs
    await new Promise<void>((resolve) => {
      const pending = { name, bytes: bytes.slice(), resolve, isGone: false }
      this.#pending.push(pending)
      this.#world.after(atMs - this.#world.nowMs(), () => this.#finish(pending))
    })
  }

  #finish(pending: Pending): void {
    if (pending.isGone) return
    this.#pending = this.#pending.filter((one) => one !== pending)
    this.#durable.set(pending.name, pending.bytes)
    this.#torn.delete(pending.name)
    pending.resolve()
  }

  /** What can be read under a name: the durable record, and what a crash left of a newer one. */
  read(name: string): readonly Uint8Array[] {
    const found = [this.#durable.get(name), this.#torn.get(name)]
    return found.filter((bytes) => bytes !== undefined)
  }

  /** What is certainly there. */
  durable(name: string): Uint8Array | undefined {
    return this.#durable.get(name)
  }

  /** Power is lost: unfinished writes end one way or another, and nobody is told. */
  crash(): void {
    for (const pending of this.#pending) {
      pending.isGone = true
      const fate = this.#prng.below(3)
      if (fate === 1) this.#durable.set(pending.name, pending.bytes)
      if (fate === 2) {
        this.tally.torn++
        this.#torn.set(pending.name, this.#tear(pending.bytes))
      } else if (fate === 0) this.tally.undone++
      // The disk writes in order: what stands behind a write that did not finish was not begun.
      if (fate !== 1) break
    }
    for (const pending of this.#pending) pending.isGone = true
    this.#pending = []
    this.#freeAtMs = 0
  }

  #tear(bytes: Uint8Array): Uint8Array {
    const torn = bytes.slice(0, this.#prng.below(bytes.length + 1))
    if (torn.length === bytes.length && torn.length > 0) torn[torn.length - 1] = ~(torn.at(-1) ?? 0)
    return torn
  }

  /** From now on every write fails with this, as on a full disk; `undefined` repairs it. */
  failWith(error: Error | undefined): void {
    this.#failure = error
  }
}

import type { Prng } from './prng.ts'
import type { World } from './world.ts'

export interface LinkFaults {
  readonly delayMs: { readonly min: number; readonly max: number }
  readonly lossProbability: number
  readonly duplicateProbability: number
}

export const HEALTHY_LINKS: LinkFaults = {
  delayMs: { min: 1, max: 15 },
  lossProbability: 0,
  duplicateProbability: 0,
}

export type Delivery<TMessage> = (message: TMessage, from: number) => void

/** What travels, for traces and for checkers. */
export interface Sent<TMessage> {
  readonly from: number
  readonly to: number
  readonly message: TMessage
}

/**
 * A network that delays, loses, doubles and reorders, and that can be cut. Nodes are numbers. Messages to a node
 * that went down are lost, also when it comes back before they arrive.
 */
export class SimulatedNetwork<TMessage> {
  readonly #world: World
  readonly #prng: Prng
  readonly #nodes = new Map<number, Delivery<TMessage>>()
  readonly #watchers: ((sent: Sent<TMessage>) => void)[] = []
  /** Messages that faults have hit so far. */
  readonly tally: { lost: number; doubled: number } = { lost: 0, doubled: 0 }
  #faults: LinkFaults = HEALTHY_LINKS
  #isCut: (from: number, to: number) => boolean = () => false
  readonly #unlinked = new Set<string>()
  #isDropped: (sent: Sent<TMessage>) => boolean = () => false

  constructor(world: World, prng: Prng) {
    this.#world = world
    this.#prng = prng
  }

  attach(node: number, deliver: Delivery<TMessage>): void {
    this.#nodes.set(node, deliver)
  }

  detach(node: number): void {
    this.#nodes.delete(node)
  }

  setFaults(faults: LinkFaults): void {
    this.#faults = faults
  }

  /** Links for which `isCut` answers true carry nothing until the next call. */
  partition(isCut: (from: number, to: number) => boolean): void {
    this.#isCut = isCut
  }

  /** Messages for which `isDropped` answers true are lost until the next call: faults that know what they hit. */
  drop(isDropped: (sent: Sent<TMessage>) => boolean): void {
    this.#isDropped = isDropped
  }

  /** Two nodes that never have a session with each other, faults or not: a network that is no full mesh. */
  unlink(one: number, other: number): void {
    this.#unlinked.add(`${one} ${other}`).add(`${other} ${one}`)
  }

  /** All links are whole again; what is dropped or delayed stays so. */
  heal(): void {
    this.#isCut = () => false
  }

  isConnected(from: number, to: number): boolean {
    return this.#nodes.has(to) && this.#isLinked(from, to)
  }

  #isLinked(from: number, to: number): boolean {
    const isUnlinked = this.#unlinked.size > 0 && this.#unlinked.has(`${from} ${to}`)
    return !isUnlinked && !this.#isCut(from, to)
  }

  /** Sees everything that is sent, lost or not. */
  watch(watcher: (sent: Sent<TMessage>) => void): void {
    this.#watchers.push(watcher)
  }

  send(from: number, to: number, message: TMessage): void {
    for (const watcher of this.#watchers) watcher({ from, to, message })
    const { delayMs, lossProbability, duplicateProbability } = this.#faults
    // Chance is drawn before the cut is looked at, so that healing a link moves no later draw.
    const isLost = this.#prng.chance(lossProbability) || this.#isDropped({ from, to, message })
    const copies = this.#prng.chance(duplicateProbability) ? 2 : 1
    if (isLost) this.tally.lost++
    else if (copies > 1) this.tally.doubled++
    const receiver = this.#nodes.get(to)
    for (let i = 0; i < copies; i++) {
      const delay = this.#prng.between(delayMs.min, delayMs.max)
      if (isLost || receiver === undefined || !this.#isLinked(from, to)) continue
      this.#world.after(delay, () => {
        if (this.#nodes.get(to) === receiver) receiver(message, from)
      })
    }
  }
}

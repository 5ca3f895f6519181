import { HEALTHY_LINKS, type LinkFaults } from './network.ts'
import type { Prng } from './prng.ts'

/** What may go wrong while faults last. About every {@link everyMs} one kind is chosen, or none. */
export interface FaultProfile {
  readonly everyMs: number
  readonly crash: number
  /** Everybody at once, as when a data centre loses power. */
  readonly blackout: number
  readonly partition: number
  /** Links that lose, double and delay. */
  readonly storm: number
  /** The clock of one node is set to another time. */
  readonly clock?: number
  readonly downMs: Range
  readonly partitionMs: Range
  readonly stormMs: Range
}

/** Kinds of {@link FaultProfile}. */
export type FaultKind = 'crash' | 'blackout' | 'partition' | 'storm' | 'clock'

interface Range {
  readonly min: number
  readonly max: number
}

/** A bit of everything. The weights are probabilities of one decision. */
export const MIXED_FAULTS: FaultProfile = {
  everyMs: 700,
  crash: 0.25,
  blackout: 0.03,
  partition: 0.15,
  storm: 0.2,
  downMs: { min: 50, max: 6000 },
  partitionMs: { min: 200, max: 8000 },
  stormMs: { min: 200, max: 5000 },
}

/** The part of a cluster that faults act on. */
export interface FaultyCluster {
  readonly size: number
  readonly world: { nowMs(): number; after(delayMs: number, run: () => void): () => void }
  readonly network: {
    setFaults(faults: LinkFaults): void
    partition(isCut: (from: number, to: number) => boolean): void
    heal(): void
  }
  crash(index: number): void
  start(index: number): void
  restoreNetwork(): void
  shiftClock?(index: number, byMs: number): void
  trace(line: string): void
}

export interface FaultPlan {
  readonly prng: Prng
  readonly profile?: FaultProfile
  /** When faults end: links heal and nodes come back. */
  readonly untilMs: number
  /** Nodes that are down when faults end, and stay so. */
  readonly staysDown?: readonly number[]
  /** Told of each fault when it begins. */
  readonly onFault?: (kind: FaultKind) => void
}

/** Clocks are set by at most so much. */
const CLOCK_SHIFT_MS = 3_600_000

/** Lets random faults happen to a running cluster, as the seed of `prng` has it. */
export function injectFaults(cluster: FaultyCluster, plan: FaultPlan): void {
  new FaultInjector(cluster, plan).start()
}

class FaultInjector {
  readonly #cluster: FaultyCluster
  readonly #plan: FaultPlan
  readonly #prng: Prng
  readonly #profile: FaultProfile

  constructor(cluster: FaultyCluster, plan: FaultPlan) {
    this.#cluster = cluster
    this.#plan = plan
    this.#prng = plan.prng
    this.#profile = plan.profile ?? MIXED_FAULTS
  }

  start(): void {
    const { world } = this.#cluster
    const restMs = this.#plan.untilMs - world.nowMs()
    world.after(this.#prng.between(0, this.#profile.everyMs), () => this.#decide())
    const downMs = Math.max(...Object.values(this.#profile.downMs))
    world.after(restMs + downMs, () => this.#end())
  }

  #decide(): void {
    const { world } = this.#cluster
    const { everyMs, crash, blackout, partition, storm, clock = 0 } = this.#profile
    if (world.nowMs() >= this.#plan.untilMs) return
    world.after(this.#prng.between(0, 2 * everyMs), () => this.#decide())
    let draw = this.#prng.next()
    const happens = (probability: number): boolean => {
      const isChosen = draw >= 0 && draw < probability
      draw -= probability
      return isChosen
    }
    if (happens(crash)) this.#crashOne()
    if (happens(blackout)) this.#blackOut()
    if (happens(partition)) this.#partition()
    if (happens(storm)) this.#storm()
    if (happens(clock)) this.#setClock()
  }

  #begin(kind: FaultKind): void {
    this.#plan.onFault?.(kind)
  }

  #length({ min, max }: Range): number {
    return this.#prng.between(min, max)
  }

  #crash(index: number): void {
    this.#cluster.crash(index)
    this.#cluster.world.after(this.#length(this.#profile.downMs), () => this.#cluster.start(index))
  }

  #crashOne(): void {
    this.#begin('crash')
    this.#crash(this.#prng.below(this.#cluster.size))
  }

  #blackOut(): void {
    this.#begin('blackout')
    for (let index = 0; index < this.#cluster.size; index++) this.#crash(index)
  }

  #partition(): void {
    this.#begin('partition')
    const { size, network, world } = this.#cluster
    const sides = Array.from({ length: size }, () => this.#prng.below(2))
    // Now and then only one direction is cut.
    const isOneWay = this.#prng.chance(0.2)
    this.#cluster.trace(`partition ${sides.join('')}${isOneWay ? ', one way' : ''}`)
    network.partition((from, to) => {
      const isApart = sides[from] !== sides[to]
      return isApart && (!isOneWay || sides[from] === 0)
    })
    world.after(this.#length(this.#profile.partitionMs), () => {
      this.#cluster.trace('partition heals')
      network.heal()
    })
  }

  #storm(): void {
    this.#begin('storm')
    const { network, world } = this.#cluster
    const faults: LinkFaults = {
      delayMs: { min: 1, max: this.#prng.between(50, 2500) },
      lossProbability: this.#prng.between(0, 0.4),
      duplicateProbability: this.#prng.between(0, 0.3),
    }
    this.#cluster.trace(`storm: up to ${Math.round(faults.delayMs.max)} ms`)
    network.setFaults(faults)
    world.after(this.#length(this.#profile.stormMs), () => {
      this.#cluster.trace('storm ends')
      network.setFaults(HEALTHY_LINKS)
    })
  }

  #setClock(): void {
    this.#begin('clock')
    const index = this.#prng.below(this.#cluster.size)
    this.#cluster.shiftClock?.(index, this.#prng.between(-CLOCK_SHIFT_MS, CLOCK_SHIFT_MS))
  }

  #end(): void {
    const { size } = this.#cluster
    const { staysDown = [] } = this.#plan
    this.#cluster.trace('faults end')
    this.#cluster.restoreNetwork()
    for (let index = 0; index < size; index++) {
      if (staysDown.includes(index)) this.#cluster.crash(index)
      else this.#cluster.start(index)
    }
  }
}

/** When the last fault of a plan is over, at the latest. */
export function faultsEndMs(plan: Pick<FaultPlan, 'untilMs' | 'profile'>): number {
  const { downMs, partitionMs, stormMs } = plan.profile ?? MIXED_FAULTS
  return plan.untilMs + Math.max(downMs.max, partitionMs.max, stormMs.max) + 1
}

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
  const { prng, profile = MIXED_FAULTS, untilMs, staysDown = [], onFault = () => {} } = plan
  const { world } = cluster
  const length = ({ min, max }: Range): number => prng.between(min, max)

  const decide = (): void => {
    if (world.nowMs() >= untilMs) return
    world.after(prng.between(0, 2 * profile.everyMs), decide)
    let draw = prng.next()
    const happens = (probability: number): boolean => {
      const isChosen = draw >= 0 && draw < probability
      draw -= probability
      return isChosen
    }
    if (happens(profile.crash)) crashOne()
    if (happens(profile.blackout)) blackOut()
    if (happens(profile.partition)) partition()
    if (happens(profile.storm)) storm()
    if (happens(profile.clock ?? 0)) setClock()
  }

  const setClock = (): void => {
    onFault('clock')
    const index = prng.below(cluster.size)
    cluster.shiftClock?.(index, prng.between(-CLOCK_SHIFT_MS, CLOCK_SHIFT_MS))
  }

  const crashOne = (): void => {
    onFault('crash')
    const index = prng.below(cluster.size)
    cluster.crash(index)
    world.after(length(profile.downMs), () => cluster.start(index))
  }

  const blackOut = (): void => {
    onFault('blackout')
    for (let index = 0; index < cluster.size; index++) {
      cluster.crash(index)
      world.after(length(profile.downMs), () => cluster.start(index))
    }
  }

  const partition = (): void => {
    onFault('partition')
    const sides = Array.from({ length: cluster.size }, () => prng.below(2))
    // Now and then only one direction is cut.
    const isOneWay = prng.chance(0.2)
    cluster.trace(`partition ${sides.join('')}${isOneWay ? ', one way' : ''}`)
    cluster.network.partition((from, to) => {
      const isApart = sides[from] !== sides[to]
      return isApart && (!isOneWay || sides[from] === 0)
    })
    world.after(length(profile.partitionMs), () => {
      cluster.trace('partition heals')
      cluster.network.heal()
    })
  }

  const storm = (): void => {
    onFault('storm')
    const faults: LinkFaults = {
      delayMs: { min: 1, max: prng.between(50, 2500) },
      lossProbability: prng.between(0, 0.4),
      duplicateProbability: prng.between(0, 0.3),
    }
    cluster.trace(`storm: up to ${Math.round(faults.delayMs.max)} ms`)
    cluster.network.setFaults(faults)
    world.after(length(profile.stormMs), () => {
      cluster.trace('storm ends')
      cluster.network.setFaults(HEALTHY_LINKS)
    })
  }

  world.after(prng.between(0, profile.everyMs), decide)
  world.after(untilMs - world.nowMs() + Math.max(...Object.values(profile.downMs)), () => {
    cluster.trace('faults end')
    cluster.restoreNetwork()
    for (let index = 0; index < cluster.size; index++) {
      if (staysDown.includes(index)) cluster.crash(index)
      else cluster.start(index)
    }
  })
}

/** When the last fault of a plan is over, at the latest. */
export function faultsEndMs(plan: Pick<FaultPlan, 'untilMs' | 'profile'>): number {
  const { downMs, partitionMs, stormMs } = plan.profile ?? MIXED_FAULTS
  return plan.untilMs + Math.max(downMs.max, partitionMs.max, stormMs.max) + 1
}

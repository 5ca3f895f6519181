/**
 * What one seed has in store: how many nodes, which of them lie or stay away, and what goes wrong.
 * @module
 */
import {
  maxFaulty,
  type PbftHost,
  type PbftOptions,
  type raftStep,
  type step,
  type VoteKind,
} from '@bcos-ts/consensus'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import {
  type DiskOptions,
  type FaultProfile,
  MIXED_FAULTS,
  type Prng,
  type Skew,
} from '@bcos-ts/testing/simulator'
import type { ModelEpoch } from './model/chain.ts'
import type { CompanionKind } from './model/companion.ts'

/** A mistake planted in the code under test, to see whether the simulator finds it. */
export interface Plant {
  readonly step?: typeof step
  readonly raftStep?: typeof raftStep
  readonly alterHost?: (host: PbftHost) => PbftHost
  /** The ledger says that a block is committed before it is durable. */
  readonly isLedgerHasty?: boolean
  /** Synchronisation takes what a quorum has signed for committed. */
  readonly isSyncCredulous?: boolean
}

export interface SimulationOptions {
  readonly seed: number
  readonly isTracing?: boolean
  readonly plant?: Plant
  /** Else the seed decides. */
  readonly isAmbush?: boolean
  /** Raft in place of PBFT. */
  readonly isRaft?: boolean
  /** rPBFT in place of PBFT. */
  readonly isRotating?: boolean
  readonly pbft?: Partial<PbftOptions>
  /** The simulated one when it is not given: real signatures are slow. */
  readonly suite?: CryptoSuite
  /** Pool and synchronisation; default `simple`. */
  readonly companion?: CompanionKind
}

/** How a lying sealer lies. */
export interface Character {
  /** Ignores votes and locks, so that it never holds a lock and leads with whatever it likes. */
  readonly isDeaf: boolean
  /** Shows two proposals; else all see the same one. */
  readonly isTwoFaced: boolean
}

/** A node that becomes a sealer, or ceases to be one, while everything else goes on. */
interface Change {
  readonly node: number
  readonly isJoining: boolean
  /** The first height whose successor the new committee agrees on. */
  readonly atHeight: number
}

export interface Plan {
  readonly size: number
  readonly byzantine: readonly number[]
  readonly character: Character
  /** Down when faults end, for good. */
  readonly staysDown: readonly number[]
  readonly skews: readonly Skew[]
  readonly disks: readonly DiskOptions[]
  readonly options: Partial<PbftOptions>
  readonly profile: FaultProfile
  readonly faultsUntilMs: number
  /** How often votes are lost while faults last: what makes locks without commits. */
  readonly voteLoss: Readonly<Record<VoteKind, number>>
  readonly change: Change | undefined
  /** How often a node that was the first to commit a block goes down at once, before it can tell anybody. */
  readonly suddenDeath: number
  /** rPBFT: how many work, and for how many blocks. */
  readonly epoch: ModelEpoch | undefined
  /** Two sealers that never have a session with each other: they live on what others pass on. */
  readonly strangers: readonly [number, number] | undefined
}

const FAST_DISK = { min: 0.5, max: 8 }
/** Slow enough that a crash often falls between writing and having written. */
const SLOW_DISK = { min: 20, max: 250 }

const CALM: FaultProfile = {
  ...MIXED_FAULTS,
  everyMs: 5000,
  blackout: 0,
  downMs: { min: 5000, max: 12_000 },
}

export function planOf(options: SimulationOptions, prng: Prng): Plan {
  if (options.isRaft === true) return withoutLiars(options, prng)
  if (options.isRotating === true) return rotating(options, prng)
  const isAmbush = options.isAmbush ?? prng.chance(0.15)
  return isAmbush ? ambush(options, prng) : mixture(options, prng)
}

/** Some of everything. */
function mixture(options: SimulationOptions, prng: Prng): Plan {
  const size = prng.pick([4, 4, 4, 5, 7])
  const liars = prng.chance(0.35) ? 1 : 0
  return {
    ...common(options, { size, liars }, prng),
    character: { isDeaf: prng.chance(0.5), isTwoFaced: prng.chance(0.7) },
    profile: MIXED_FAULTS,
    faultsUntilMs: prng.between(5000, 15_000),
    voteLoss: prng.chance(0.5)
      ? { sign: prng.between(0, 0.5), commit: prng.between(0.3, 1) }
      : { sign: 0, commit: 0 },
    change: planChange(size, prng),
    epoch: undefined,
    suddenDeath: prng.chance(0.5) ? 0.4 : 0,
    strangers: prng.chance(0.3) ? [0, 1 + prng.below(size - 1)] : undefined,
  }
}

/** Raft: nobody lies, and nearly half may be gone. */
function withoutLiars(options: SimulationOptions, prng: Prng): Plan {
  const isAmbush = options.isAmbush ?? prng.chance(0.2)
  const size = isAmbush ? 3 : prng.pick([1, 2, 3, 3, 4, 5, 5])
  const plan = isAmbush ? ambush(options, prng) : mixture(options, prng)
  const parts = common(options, { size, liars: 0 }, prng)
  const change = planChange(size, prng)
  const spare = Math.floor((size - (change === undefined ? 1 : 2)) / 2)
  const gone = prng.chance(0.5) ? Math.max(spare, 0) : 0
  return {
    ...plan,
    ...parts,
    size,
    byzantine: [],
    // Here: how often a heartbeat with a block is lost.
    voteLoss: { sign: isAmbush ? 0.5 : prng.pick([0, 0, 0.3]), commit: 0 },
    staysDown: prng.shuffled(Array.from({ length: size }, (_, index) => index)).slice(0, gone),
    change,
    strangers: undefined,
  }
}

/** Some of everything, in a group of which few work at a time; whoever fails may work at any time. */
function rotating(options: SimulationOptions, prng: Prng): Plan {
  const size = prng.pick([4, 5, 6, 8])
  const workers = Math.min(size, prng.pick([3, 4, 4, 5, 8]))
  const spare = maxFaulty(workers)
  const liars = prng.chance(0.4) ? spare : 0
  const plan = mixture(options, prng)
  const { byzantine, staysDown, skews, disks } = common(options, { size, liars }, prng)
  return {
    ...plan,
    size,
    byzantine,
    staysDown: staysDown.slice(0, spare - liars),
    skews,
    disks,
    change: undefined,
    epoch: { workers, blocks: prng.pick([2, 3, 5]) },
    strangers: prng.chance(0.3) ? [0, 1 + prng.below(size - 1)] : undefined,
  }
}

/**
 * What locks are for: one node commits a block and goes down before anybody knows, and a sealer that cares for no
 * lock leads next.
 */
function ambush(options: SimulationOptions, prng: Prng): Plan {
  return {
    ...common(options, { size: 4, liars: 1 }, prng),
    character: { isDeaf: true, isTwoFaced: false },
    profile: CALM,
    faultsUntilMs: prng.between(15_000, 25_000),
    voteLoss: { sign: 0.05, commit: prng.between(0.4, 0.7) },
    change: undefined,
    epoch: undefined,
    suddenDeath: 0.8,
    strangers: undefined,
  }
}

function common(
  options: SimulationOptions,
  { size, liars }: { readonly size: number; readonly liars: number },
  prng: Prng,
): Pick<Plan, 'size' | 'byzantine' | 'staysDown' | 'skews' | 'disks' | 'options'> {
  const order = prng.shuffled(Array.from({ length: size }, (_, index) => index))
  // With one sealer less the group must still bear as many faults as this.
  const lost = prng.chance(0.5) ? maxFaulty(Math.max(size - 1, 4)) - liars : 0
  return {
    size,
    byzantine: order.slice(0, liars),
    staysDown: order.slice(liars, liars + lost),
    skews: order.map(() => ({
      offsetMs: prng.between(-2000, 2000),
      drift: prng.between(-0.01, 0.01),
    })),
    disks: order.map(() => ({ latencyMs: prng.pick([FAST_DISK, FAST_DISK, SLOW_DISK]) })),
    options: {
      isPrepareByHashes: prng.chance(0.8),
      isTtlOptimized: prng.chance(0.8),
      minBlockGenerationMs: prng.pick([20, 200, 500]),
      ...options.pbft,
    },
  }
}

function planChange(size: number, prng: Prng): Change | undefined {
  // Below five nodes a change would leave the group without a fault to spare.
  if (size < 5 || !prng.chance(0.5)) return undefined
  return { node: prng.below(size), isJoining: prng.chance(0.5), atHeight: 1 + prng.below(6) }
}

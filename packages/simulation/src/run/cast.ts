import type { PbftOptions } from '@bcos-ts/consensus'
import type { DiskOptions, Prng, Skew } from '@bcos-ts/testing/simulator'
import type { AdversaryKind } from '../adversaries/adversary.ts'
import { ADVERSARIES } from '../adversaries/registry.ts'
import type { CompanionKind } from '../model/companion.ts'
import type { RunOptions } from './options.ts'

/** Who plays what in one seed. */
export interface Cast {
  /** Of each machine, the sealer it goes by: twins share one. */
  readonly identityOf: readonly number[]
  readonly kindsOf: (machine: number) => readonly AdversaryKind[]
  readonly isHonest: (machine: number) => boolean
  /** Of the adversaries. */
  readonly names: readonly string[]
  readonly skews: readonly Skew[]
  readonly disks: readonly DiskOptions[]
  readonly pbft: Partial<PbftOptions>
  readonly companion: CompanionKind
}

const FAST_DISK: DiskOptions = { latencyMs: { min: 0.5, max: 8 } }
/** Slow enough that a crash often falls between writing and having written. */
const SLOW_DISK: DiskOptions = { latencyMs: { min: 20, max: 250 } }

export function castOf(options: RunOptions, prng: Prng): Cast {
  const { size } = options
  const liarsMax = options.engine.liarsMax(size)
  const kinds = kindsOf(options, liarsMax, prng)
  const order = prng.shuffled(Array.from({ length: size }, (_, index) => index))
  const liars = new Map(kinds.map((kind, i) => [order[i] ?? 0, kind]))
  const twins = [...liars].filter(([, kind]) => kind.isTwin === true).map(([index]) => index)
  const identityOf = [...order.keys(), ...twins]
  const kindAt = (machine: number): AdversaryKind | undefined => liars.get(identityOf[machine] ?? 0)
  const needsShipping = kinds.some(({ companion }) => companion === 'shipping')
  return {
    identityOf,
    kindsOf: (machine) => {
      const kind = kindAt(machine)
      return kind === undefined ? [] : [kind]
    },
    isHonest: (machine) => kindAt(machine) === undefined,
    names: kinds.map(({ name }) => name),
    skews: identityOf.map((_, machine) => ({
      offsetMs: kindAt(machine)?.offsetMs ?? prng.between(-2000, 2000),
      drift: prng.between(-0.01, 0.01),
    })),
    disks: identityOf.map(() => prng.pick([FAST_DISK, FAST_DISK, SLOW_DISK])),
    pbft: {
      isPrepareByHashes: prng.chance(0.8),
      isTtlOptimized: prng.chance(0.8),
      minBlockGenerationMs: prng.pick([200, 500, 900]),
    },
    companion: needsShipping ? 'shipping' : (options.companion ?? 'shipping'),
  }
}

function kindsOf(
  { adversaries }: RunOptions,
  liarsMax: number,
  prng: Prng,
): readonly AdversaryKind[] {
  if (adversaries !== 'random') {
    if (adversaries.length === 0) return []
    return Array.from({ length: liarsMax }, (_, i) => adversaries[i % adversaries.length]).filter(
      (kind) => kind !== undefined,
    )
  }
  if (liarsMax === 0 || prng.chance(0.2)) return []
  return Array.from(
    { length: 1 + prng.below(liarsMax) },
    () => prng.shuffled(ADVERSARIES)[0],
  ).filter((kind) => kind !== undefined)
}

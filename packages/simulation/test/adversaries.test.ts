import { describe, expect, it } from 'vitest'
import {
  type AdversaryKind,
  ADVERSARIES,
  ENGINES,
  FAULT_MIXES,
  runGroups,
  type RunReport,
} from '../src/index.ts'

const [pbft] = ENGINES
const mixed = FAULT_MIXES.find(({ name }) => name === 'mixed')
const none = FAULT_MIXES.find(({ name }) => name === 'none')

/** One time of faults and what follows. */
const HOURS = 0.001
const FAULTY_MS = { min: 5000, max: 10_000 }
/** Liars in groups of 4, 7 and 10: one, two and three. */
const SIZES: readonly (readonly [size: number, seeds: number])[] = [
  [4, 2],
  [7, 1],
  [10, 1],
]

async function run(
  kind: AdversaryKind,
  {
    seed,
    size,
    faults,
  }: { readonly seed: number; readonly size: number; readonly faults: typeof mixed },
): Promise<RunReport> {
  if (pbft === undefined || faults === undefined) throw new Error('no such engine or mix')
  return runGroups({
    seed,
    size,
    adversaries: [kind],
    faults,
    hours: HOURS,
    faultyMs: FAULTY_MS,
    engine: pbft,
  })
}

describe.each(SIZES)('groups of %i nodes, as many liars as they bear', (size, seeds) => {
  it.each(ADVERSARIES.map((kind) => [kind.name, kind] as const))(
    '%s: blocks stay agreed, valid and durable, and go on after faults',
    async (_, kind) => {
      for (let seed = 1; seed <= seeds; seed++) {
        // Larger groups have the liars alone: their faults are a matter of more seeds, and hours.
        const report = await run(kind, { seed, size, faults: size === 4 ? mixed : none })
        expect(report.violation).toBeUndefined()
        expect(report.adversaries).toHaveLength(Math.floor((size - 1) / 3))
        expect(report.blocks).toBeGreaterThan(0)
      }
    },
  )
})

import { describe, expect, it } from 'vitest'
import { explore } from './exhaustive/explore.ts'
import { findByModel } from './exhaustive/find-by-model.ts'
import { KeyTable } from './exhaustive/key-table.ts'
import { MUTANTS } from './exhaustive/mutants.ts'
import { computedTime, SHIPPING, SIZES } from './exhaustive/sizes.ts'

/** Machines differ, and others may be at work on this one. */
const PATIENCE_MS = 300_000

/** By heights and views. Whoever changes what votes can be cast changes these. */
const STATES: Readonly<Record<string, number>> = { '2 1': 743, '1 2': 3437 }

describe('the shipping step in a symbolic group of four, one of which lies', () => {
  const { runs, ...bounds } = SIZES.test
  it.each(runs)(
    'heights $heights, views $views, sealer $liar lies: nothing that must not be is in any state',
    (sizes) => {
      const report = explore({ ...bounds, sizes, rules: SHIPPING, clock: computedTime })
      expect([report.violation, report.trace]).toEqual([undefined, []])
      expect(report.isComplete).toBe(true)
      expect(report.states).toBe(STATES[`${sizes.heights} ${sizes.views}`])
    },
    PATIENCE_MS,
  )
})

describe('the table of states that were met', () => {
  it('takes no key for another one, however many there are', () => {
    const table = new KeyTable()
    const keys = Array.from({ length: 5000 }, (_, i) => (i % 7) * 2 ** 50 + i * 2 ** 17 + (i % 3))
    expect(keys.map((key) => table.numberOf(key))).toEqual([...keys.keys()])
    expect(keys.map((key) => table.numberOf(key))).toEqual([...keys.keys()])
    expect([...keys.keys()].map((number) => table.keyAt(number))).toEqual(keys)
  })
})

/** Found within a second of computing; `pnpm --filter @bcos-ts/simulation mutants` hunts all of them. */
const QUICK: ReadonlySet<string> = new Set([
  'a quorum is two of four',
  'two signs make a lock',
  'two commits make a block',
  'a vote counts twice',
  'a sign counts as a commit too',
  'after a crash a leader proposes again in its view',
  'a lock is dropped when the view changes',
  'a lock outlives its height',
])

describe('the model check finds planted mistakes', () => {
  it.each(MUTANTS.filter(({ name }) => QUICK.has(name)))(
    '$name',
    (mutant) => {
      expect(findByModel(mutant)?.net).toBe('model')
    },
    PATIENCE_MS,
  )
})

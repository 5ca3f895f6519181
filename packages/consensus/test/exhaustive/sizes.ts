/**
 * How much of the protocol a run of the model check visits.
 * @module
 */
import { cpuUsage } from 'node:process'
import type { Clock } from '@bcos-ts/common'
import { step } from '../../src/pbft/step.ts'
import type { Search } from './explore.ts'
import type { Mutant } from './mutants.ts'
import type { Sizes } from './options.ts'
import type { Rules } from './sealer.ts'

export const SHIPPING: Rules = { step, restore: (votes) => votes, isAsserting: true }

/** Without the engine's own assertions, so that the model is the only net. */
export function rulesOf(mutant: Mutant): Rules {
  return {
    step: mutant.step ?? SHIPPING.step,
    restore: mutant.restore ?? SHIPPING.restore,
    isAsserting: false,
  }
}

/** Time that this process has computed for: a busy machine does not shorten the search. */
export const computedTime: Clock = {
  nowMs: () => {
    const { user, system } = cpuUsage()
    return (user + system) / 1000
  },
}

export interface Size extends Pick<Search, 'statesMax' | 'timeMaxMs' | 'progressEvery'> {
  readonly runs: readonly Sizes[]
}

const FULL: Sizes = { heights: 2, views: 3, liar: 0, hasRestarts: true }

export const SIZES = {
  /** For `npm test`. */
  test: {
    runs: [{ ...FULL, heights: 1, views: 2 }, FULL, { ...FULL, liar: 1 }],
    statesMax: 1_000_000,
    timeMaxMs: 4000,
    progressEvery: 8,
  },
  /** For a minute or two. */
  small: {
    runs: [{ ...FULL, heights: 1, views: 2 }, FULL, { ...FULL, liar: 1 }, { ...FULL, liar: 2 }],
    statesMax: 5_000_000,
    timeMaxMs: 30_000,
    progressEvery: 8,
  },
  /** For a night. */
  nightly: {
    runs: [
      { ...FULL, heights: 1, views: 2 },
      { ...FULL, heights: 1 },
      FULL,
      { ...FULL, liar: 1 },
      { ...FULL, liar: 2 },
      { ...FULL, liar: 3 },
    ],
    statesMax: 50_000_000,
    timeMaxMs: 3_600_000,
    progressEvery: 4,
  },
} as const satisfies Readonly<Record<string, Size>>

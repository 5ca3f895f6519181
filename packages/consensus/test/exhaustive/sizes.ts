/**
 * How much of the protocol a run of the model check visits.
 * @module
 */
import { cpuUsage } from 'node:process'
import type { Clock } from '@bcos-ts/common'
import { step } from '../../src/pbft/step.ts'
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

export interface Size {
  readonly runs: readonly Sizes[]
  readonly timeMaxMs: number
  readonly progressEvery: number
}

const PLAIN: Sizes = { heights: 1, views: 2, blocks: 2, liar: 0, hasRestarts: true }
const inEachSeat = (sizes: Sizes): Sizes[] => [
  { ...sizes, liar: 0 },
  { ...sizes, liar: 1 },
  { ...sizes, liar: 2 },
  { ...sizes, liar: 3 },
]
const TWO_VIEWS = inEachSeat(PLAIN)
const THREE_VIEWS = inEachSeat({ ...PLAIN, views: 3 })
const TWO_HEIGHTS: Sizes = { ...PLAIN, heights: 2, views: 1 }

export const SIZES: Readonly<Record<'test' | 'small' | 'nightly', Size>> = {
  /** For `npm test`. */
  test: { runs: [TWO_HEIGHTS, ...TWO_VIEWS], timeMaxMs: 120_000, progressEvery: 64 },
  /** For a minute or so. */
  small: {
    runs: [TWO_HEIGHTS, ...TWO_VIEWS, ...THREE_VIEWS.slice(0, 1)],
    timeMaxMs: 120_000,
    progressEvery: 64,
  },
  /** For an hour or so. */
  nightly: {
    runs: [
      TWO_HEIGHTS,
      ...TWO_VIEWS,
      ...inEachSeat({ ...PLAIN, blocks: 3 }),
      ...THREE_VIEWS,
      { ...PLAIN, views: 3, blocks: 3 },
      { ...PLAIN, heights: 2 },
    ],
    timeMaxMs: 1_200_000,
    progressEvery: 16,
  },
}

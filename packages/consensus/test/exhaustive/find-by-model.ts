import { explore } from './explore.ts'
import type { Mutant } from './mutants.ts'
import { computedTime, rulesOf, SIZES } from './sizes.ts'

/** Computing that the model check has for a mutant. */
const MODEL_MS = 15_000

export interface Finding {
  readonly net: 'model' | 'seeds'
  readonly what: string
  readonly tookMs: number
}

/** What the model check says to a mutant; `undefined` when it finds nothing wrong. */
export function findByModel(mutant: Mutant, timeMaxMs: number = MODEL_MS): Finding | undefined {
  const startedMs = computedTime.nowMs()
  for (const sizes of SIZES.test.runs) {
    const { violation } = explore({
      sizes,
      rules: rulesOf(mutant),
      statesMax: SIZES.test.statesMax,
      timeMaxMs: timeMaxMs / SIZES.test.runs.length,
      progressEvery: 2,
      clock: computedTime,
    })
    if (violation === undefined) continue
    return { net: 'model', what: violation, tookMs: computedTime.nowMs() - startedMs }
  }
  return undefined
}

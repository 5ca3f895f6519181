import { explore } from './explore.ts'
import type { Mutant } from './mutants.ts'
import type { Sizes } from './options.ts'
import { computedTime, rulesOf } from './sizes.ts'

/** Computing that the model check has for a mutant. */
const MODEL_MS = 60_000
/** Where mistakes are looked for: an honest first leader, and a lying one. */
const WHERE: readonly Sizes[] = [3, 0].map((liar) => ({
  heights: 1,
  views: 2,
  blocks: 2,
  liar,
  hasRestarts: true,
}))

export interface Finding {
  readonly net: 'model' | 'seeds'
  readonly what: string
  readonly tookMs: number
}

/** What the model check says to a mutant; `undefined` when it finds nothing wrong. */
export function findByModel(mutant: Mutant, timeMaxMs: number = MODEL_MS): Finding | undefined {
  const startedMs = computedTime.nowMs()
  for (const sizes of WHERE) {
    const { violation } = explore({
      sizes,
      rules: rulesOf(mutant),
      timeMaxMs: timeMaxMs / WHERE.length,
      progressEvery: 2,
      clock: computedTime,
    })
    if (violation === undefined) continue
    return { net: 'model', what: violation, tookMs: computedTime.nowMs() - startedMs }
  }
  return undefined
}

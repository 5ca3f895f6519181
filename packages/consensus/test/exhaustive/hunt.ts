import { simulate } from '../model/simulation.ts'
import { explore } from './explore.ts'
import { type Mutant, MUTANTS } from './mutants.ts'
import { computedTime, rulesOf, SIZES } from './sizes.ts'

/** Seconds of computing that each net has for a mutant. */
const MODEL_MS = 15_000
const SEEDS_MS = 20_000

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

/** What the simulated groups say to it, with the engine's own assertions on. */
async function findBySeeds(mutant: Mutant): Promise<Finding | undefined> {
  const { restore } = mutant
  if (restore !== undefined) return undefined
  const startedMs = computedTime.nowMs()
  const plant = mutant.step === undefined ? {} : { step: mutant.step }
  for (let seed = 1; computedTime.nowMs() - startedMs < SEEDS_MS; seed++) {
    const { violation } = await simulate({ seed, plant })
    if (violation === undefined) continue
    const what = `seed ${seed}: ${violation.message.split('\n')[0] ?? ''}`
    return { net: 'seeds', what, tookMs: computedTime.nowMs() - startedMs }
  }
  return undefined
}

/** Writes the table of mutants; `false` when one lives. */
export async function huntMutants(
  write: (line: string) => void,
  chosen: readonly string[] = [],
): Promise<boolean> {
  let isClean = true
  write('| mistake | found by | as | s |')
  write('| --- | --- | --- | --: |')
  for (const mutant of MUTANTS) {
    if (chosen.length > 0 && !chosen.some((part) => mutant.name.includes(part))) continue
    if (mutant.equivalent !== undefined) {
      write(`| ${mutant.name} | — | equivalent: ${mutant.equivalent} | |`)
      continue
    }
    const found = findByModel(mutant) ?? (await findBySeeds(mutant))
    isClean &&= found !== undefined
    const seconds = found === undefined ? '' : (found.tookMs / 1000).toFixed(2)
    write(`| ${mutant.name} | ${found?.net ?? '—'} | ${found?.what ?? 'nothing'} | ${seconds} |`)
  }
  return isClean
}

/**
 * Plants mistakes in the shipping rules, one at a time, and tells which net finds each:
 *
 *     pnpm --filter @bcos-ts/simulation mutants [part of a name …]
 */
import { argv, exit, stdout } from 'node:process'
import { findByModel, type Finding } from '../../consensus/test/exhaustive/find-by-model.ts'
import { type Mutant, MUTANTS } from '../../consensus/test/exhaustive/mutants.ts'
import { computedTime } from '../../consensus/test/exhaustive/sizes.ts'
import { simulate } from '../src/simulation.ts'

/** Computing that the seeds have for a mutant. */
const SEEDS_MS = 20_000

const write = (line: string): void => void stdout.write(`${line}\n`)

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
async function huntMutants(chosen: readonly string[]): Promise<boolean> {
  let isClean = true
  write('| mistake | found by | as | s |')
  write('| --- | --- | --- | --: |')
  for (const mutant of MUTANTS) {
    if (chosen.length > 0 && !chosen.some((part) => mutant.name.includes(part))) continue
    const found = findByModel(mutant) ?? (await findBySeeds(mutant))
    isClean &&= found !== undefined
    const seconds = found === undefined ? '' : (found.tookMs / 1000).toFixed(2)
    write(`| ${mutant.name} | ${found?.net ?? '—'} | ${found?.what ?? 'nothing'} | ${seconds} |`)
  }
  return isClean
}

exit((await huntMutants(argv.slice(2))) ? 0 : 1)

/**
 * Visits what the symbolic group can be in:
 *
 *     pnpm --filter @bcos-ts/consensus model test         what `npm test` visits
 *     pnpm --filter @bcos-ts/consensus model              a minute
 *     pnpm --filter @bcos-ts/consensus model nightly      an hour
 */
import { argv, exit, stdout } from 'node:process'
import { explore, type Report } from './explore.ts'
import { computedTime, SHIPPING, SIZES } from './sizes.ts'

const write = (line: string): void => void stdout.write(`${line}\n`)

function describe(report: Report): string {
  const { states, transitions, depth, sealers, sets, steps, asked, tookMs, memoryMb } = report
  const seconds = tookMs / 1000
  return (
    `${states} states, ${transitions} transitions, depth ${depth}; ` +
    `${sealers} states of one sealer in ${sets} sets, ${steps} steps; ${asked} asked for progress; ` +
    `${seconds.toFixed(1)} s, ${Math.round(states / seconds)} states/s, ${memoryMb} MB`
  )
}

function check(name: keyof typeof SIZES): boolean {
  const { runs, ...bounds } = SIZES[name]
  for (const sizes of runs) {
    const { heights, views, blocks, liar, hasRestarts } = sizes
    write(
      `heights ${heights}, views ${views}, blocks ${blocks}, sealer ${liar} lies` +
        (hasRestarts ? ', power fails' : ''),
    )
    const onProgress = (report: Report): void => write(`  … ${describe(report)}`)
    const search = { ...bounds, sizes, rules: SHIPPING, clock: computedTime, onProgress }
    const report = explore(search)
    const isAll = report.isComplete
      ? 'complete'
      : `cut off by time, complete up to depth ${report.depth}`
    write(`  ${isAll}: ${describe(report)}`)
    if (report.violation === undefined) continue
    for (const line of report.trace) write(`    ${line}`)
    write(`  ${report.violation}`)
    return false
  }
  return true
}

const [name = 'small'] = argv.slice(2)
if (name !== 'test' && name !== 'small' && name !== 'nightly') {
  throw new RangeError(`no size ${name}: test, small or nightly`)
}
exit(check(name) ? 0 : 1)

/**
 * Visits what the symbolic group can be in:
 *
 *     pnpm --filter @bcos-ts/consensus model              some minutes
 *     pnpm --filter @bcos-ts/consensus model nightly      some hours
 */
import { argv, exit, stdout } from 'node:process'
import { explore, type Report } from './explore.ts'
import { computedTime, SHIPPING, SIZES } from './sizes.ts'

const write = (line: string): void => void stdout.write(`${line}\n`)

function describe(report: Report): string {
  const { states, transitions, sealers, steps, depth, walks, live, tookMs } = report
  return (
    `${states} states, ${transitions} transitions, depth ${depth}, ${walks} walks; ` +
    `${sealers} states of one sealer, ${steps} steps; ${live} asked for progress; ${(tookMs / 1000).toFixed(1)} s`
  )
}

function check(name: keyof typeof SIZES): boolean {
  const { runs, ...bounds } = SIZES[name]
  for (const sizes of runs) {
    const { heights, views, liar, hasRestarts } = sizes
    write(
      `heights ${heights}, views ${views}, sealer ${liar} lies${hasRestarts ? ', power fails' : ''}`,
    )
    const onProgress = (report: Report): void => write(`  … ${describe(report)}`)
    const search = { ...bounds, sizes, rules: SHIPPING, clock: computedTime, onProgress }
    const report = explore(search)
    const isAll = report.isComplete ? 'everything' : 'all that is near, and walks beyond'
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

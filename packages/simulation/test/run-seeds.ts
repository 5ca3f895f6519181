/**
 * Runs seeds from the command line, or replays one with a readable trace:
 *
 *     pnpm --filter @bcos-ts/consensus seeds 1000        seeds 1 to 1000
 *     pnpm --filter @bcos-ts/consensus seeds 1000 5001   seeds 5001 to 6000
 *     pnpm --filter @bcos-ts/consensus seeds --trace 42  what happens in seed 42
 */
import { argv, exit, stdout } from 'node:process'
import { runSeeds } from '@bcos-ts/testing/simulator'
import { simulate } from '../src/simulation.ts'

const write = (line: string): void => void stdout.write(`${line}\n`)
const [first = '100', second = '1'] = argv.slice(2)
if (first === '--trace') {
  const result = await simulate({ seed: Number(second), isTracing: true })
  for (const line of result.trace) write(line)
  write(result.violation?.message ?? `agreed on ${result.height} blocks, nothing wrong`)
} else {
  const report = await runSeeds({
    first: Number(second),
    count: Number(first),
    write,
    run: async (seed) => {
      const { violation } = await simulate({ seed })
      if (violation !== undefined) throw violation
    },
  })
  exit(report.failures.length === 0 ? 0 : 1)
}

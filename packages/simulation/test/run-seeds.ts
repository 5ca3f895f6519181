/**
 * Runs seeds from the command line, or replays one with a readable trace:
 *
 *     pnpm --filter @bcos-ts/simulation seeds 1000        seeds 1 to 1000
 *     pnpm --filter @bcos-ts/simulation seeds 1000 5001   seeds 5001 to 6000
 *     pnpm --filter @bcos-ts/simulation seeds --trace 42  what happens in seed 42
 *     pnpm --filter @bcos-ts/simulation seeds 100 1 raft  of another engine: rpbft or raft
 */
import { argv, exit, stdout } from 'node:process'
import { runSeeds } from '@bcos-ts/testing/simulator'
import { simulate } from '../src/simulation.ts'

const write = (line: string): void => void stdout.write(`${line}\n`)
const [first = '100', second = '1', engine = 'pbft'] = argv.slice(2)
const kind = { isRotating: engine === 'rpbft', isRaft: engine === 'raft' }
if (first === '--trace') {
  const result = await simulate({ seed: Number(second), isTracing: true, ...kind })
  for (const line of result.trace) write(line)
  write(result.violation?.message ?? `agreed on ${result.height} blocks, nothing wrong`)
} else {
  const report = await runSeeds({
    first: Number(second),
    count: Number(first),
    write,
    run: async (seed) => {
      const { violation } = await simulate({ seed, ...kind })
      if (violation !== undefined) throw violation
    },
  })
  exit(report.failures.length === 0 ? 0 : 1)
}

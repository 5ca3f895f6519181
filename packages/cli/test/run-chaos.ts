/**
 * Real nodes through random accidents: killed, frozen, cut off from each other, under load; then everything is compared.
 * Needs a built command:
 *
 *     pnpm build
 *     pnpm --filter @bcos-ts/cli chaos                              an hour
 *     pnpm --filter @bcos-ts/cli chaos --minutes 5 --seed 7 --engine raft
 *
 * `--nodes N` and `--rate N` (transactions a second) size it, `--report FILE` writes the table there too, `--keep` leaves
 * the folders, `--first N` begins with phase N. One seed is one schedule of faults. The exit code is 1 when a promise was broken.
 */
import { writeFileSync } from 'node:fs'
import process, { argv, exit, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { messageOf } from '@bcos-ts/common'
import type { ConsensusType } from '@bcos-ts/protocol'
import { logsOf } from './chaos/logs.ts'
import { ChaosNetwork } from './chaos/network.ts'
import { reportLines } from './chaos/report.ts'
import { ChaosRun } from './chaos/run.ts'

const ENGINES: readonly ConsensusType[] = ['pbft', 'raft', 'rpbft']
const QUIET_MS = 8000
const HEAL_MS = 60_000

const write = (line: string): void => void stdout.write(`${line}\n`)

const { values } = parseArgs({
  args: argv.slice(2).filter((word) => word !== '--'),
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'pbft' },
    nodes: { type: 'string', default: '4' },
    rate: { type: 'string', default: '20' },
    report: { type: 'string' },
    first: { type: 'string', default: '0' },
    keep: { type: 'boolean', default: false },
  },
})
const consensus = ENGINES.find((one) => one === values.engine)
const numbers = [values.minutes, values.seed, values.nodes, values.rate, values.first].map(Number)
const [minutes = 0, seed = 0, nodeCount = 0, rate = 0, first = 0] = numbers
if (consensus === undefined || !numbers.every((one) => one >= 0) || nodeCount < 4 || rate === 0) {
  write(
    'usage: chaos [--minutes 60] [--seed N] [--engine pbft|raft|rpbft] [--nodes 4] [--rate 20] [--report FILE] [--keep]',
  )
  exit(2)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => exit(1))

const network = await ChaosNetwork.make({ nodeCount, consensus })
// A stopped process does not notice that its parent is gone.
process.on('exit', () => network.abandon())
write(`${nodeCount} nodes, ${consensus}, seed ${seed}, ${minutes} min, in ${network.folder}`)
const plan = { seed, nodeCount, pace: 1, kindsInTurn: 1 }
const options = {
  ...plan,
  minutes,
  rate,
  firstPhase: first,
  phasesMax: Number.POSITIVE_INFINITY,
  quietMs: QUIET_MS,
  healMs: HEAL_MS,
}
try {
  const report = await new ChaosRun(network, options, write).run()
  const lines = reportLines(report)
  write(`\n${lines.join('\n')}`)
  if (values.report !== undefined) writeFileSync(values.report, `${lines.join('\n')}\n`)
  await network.stop()
  if (!values.keep && report.complaints.length === 0) network.remove()
  exit(report.complaints.length === 0 ? 0 : 1)
} catch (error) {
  for (const alarm of logsOf(network.victims).alarms) write(`BROKEN: ${alarm}`)
  write(`BROKEN: ${messageOf(error)}; the folders are left in ${network.folder}`)
  exit(1)
}

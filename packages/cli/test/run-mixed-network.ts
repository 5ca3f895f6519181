/**
 * Proves that nodes of this package and C++ nodes are one network. Needs the program of a C++ node 2.x, and a built
 * command:
 *
 *     pnpm build
 *     pnpm --filter @bcos-ts/cli mixed-network /usr/bin/fisco-bcos               everything
 *     pnpm --filter @bcos-ts/cli mixed-network /usr/bin/fisco-bcos --only 2+2    one network
 *
 * `--rounds N` loses each node N times, `--keep` leaves the folders, `--skip PATTERN` leaves out recorded transactions
 * for which the program was built without a library. The exit code is 1 when nodes disagree.
 */
import process, { argv, exit, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { complaintsOf } from './mixed/logs.ts'
import { type Kind, MixedNetwork } from './mixed/network.ts'
import { observe, type Outcome, seal } from './mixed/stories.ts'

interface Plan {
  /** C++ nodes + nodes of ours. */
  readonly name: string
  readonly kinds: readonly Kind[]
}

const PLANS: readonly Plan[] = [
  { name: 'observer', kinds: ['C++', 'C++', 'C++', 'C++', 'ts'] },
  { name: '3+1', kinds: ['C++', 'C++', 'C++', 'ts'] },
  { name: '2+2', kinds: ['C++', 'ts', 'C++', 'ts'] },
  { name: '1+3', kinds: ['ts', 'C++', 'ts', 'ts'] },
]
const SEALERS = 4
const COMPLAINTS_SHOWN = 12

const write = (line: string): void => void stdout.write(`${line}\n`)

const { values, positionals } = parseArgs({
  args: argv.slice(2),
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '1' },
    skip: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})
const [program] = positionals
const skippedLabels = values.skip === undefined ? undefined : new RegExp(values.skip)
if (program === undefined) {
  write('usage: mixed-network PROGRAM [--only NAME …] [--rounds N] [--skip PATTERN] [--keep]')
  exit(2)
}

async function runPlan({ name, kinds }: Plan, file: string): Promise<readonly Outcome[]> {
  write(`\n${name}: ${kinds.join(', ')}`)
  const isObserver = name === 'observer'
  const network = await MixedNetwork.make({
    kinds,
    program: file,
    sealers: SEALERS,
    isHasty: isObserver,
  })
  // A C++ node does not notice that its parent is gone.
  const killAll = (): void => {
    for (const { member } of network.nodes) void member.process.kill()
  }
  process.on('exit', killAll)
  write(`  in ${network.folder}`)
  const say = (line: string): void => write(`  ${line}`)
  try {
    if (isObserver) return await observe(network, skippedLabels, say)
    return [await seal(network, Number(values.rounds), say)]
  } finally {
    for (const node of network.nodes) {
      for (const { title, text, count } of complaintsOf(node).slice(0, COMPLAINTS_SHOWN)) {
        say(`${title} ${count} × ${text}`)
      }
    }
    await network.stop()
    if (!values.keep) network.remove()
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => exit(1))

let isGood = true
const lines: string[] = []
for (const plan of PLANS) {
  if (values.only !== undefined && !values.only.includes(plan.name)) continue
  for (const outcome of await runPlan(plan, program)) {
    const { what, blocks, transactions, disagreements } = outcome
    const verdict = disagreements.length === 0 ? 'equal on all nodes' : 'DIFFERENT'
    lines.push(
      `${plan.name.padEnd(9)} ${what.padEnd(34)} ${String(blocks).padStart(5)} blocks ${String(transactions).padStart(6)} transactions  ${verdict}`,
    )
    for (const one of disagreements.slice(0, COMPLAINTS_SHOWN)) lines.push(`  ${one}`)
    if (disagreements.length > 0) isGood = false
  }
}
write(`\n${lines.join('\n')}`)
exit(isGood ? 0 : 1)

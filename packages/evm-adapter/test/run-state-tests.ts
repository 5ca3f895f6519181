/**
 * Runs Ethereum's public state tests of Constantinople: `pnpm --filter @bcos-ts/evm-adapter state-tests DIRECTORY [PART]`, where
 * the directory is `Constantinople/GeneralStateTests` of the repository ethereum/legacytests, and PART is a part of the names of
 * files to run. Every case runs three times: interpreted, while it is compiled, and compiled.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { standardSuite } from '@bcos-ts/crypto'
import { createInterpreter } from '@bcos-ts/evm-adapter'
import { CONSTANTINOPLE_GAS, constantinopleContracts } from './constantinople.ts'
import { ETHEREUM_CONTRACTS } from './ethereum-contracts.ts'
import { outOfScope, provedOutOfScope } from './state-tests/scope.ts'
import {
  type Expectation,
  type Machine,
  plainHex,
  runStateTest,
  type StateTest,
} from './state-tests/state-test.ts'

const FORK = 'ConstantinopleFix'
const [directory = '', part = ''] = process.argv.slice(2)

function machine(compileAfter: number): Machine {
  const vm = createInterpreter({
    hash: standardSuite.hash,
    schedule: CONSTANTINOPLE_GAS,
    compileAfter,
  })
  return { vm, ethereum: constantinopleContracts(ETHEREUM_CONTRACTS) }
}

const compiling = machine(0)
const WAYS: readonly (readonly [way: string, machine: Machine])[] = [
  ['interpreted', machine(Infinity)],
  ['compiling', compiling],
  ['compiled', compiling],
]

interface Findings {
  readonly reason: string | undefined
  readonly wrong: readonly string[]
}

async function findings(test: StateTest, expectation: Expectation): Promise<Findings> {
  const wrong: string[] = []
  let reason = outOfScope(test, expectation)
  for (const [way, one] of reason === undefined ? WAYS : []) {
    const result = await runStateTest(test, expectation, one)
    reason ??= provedOutOfScope(result)
    const { root, logs } = result
    if (root !== plainHex(expectation.hash)) wrong.push(`${way}: state root`)
    if (logs !== plainHex(expectation.logs)) wrong.push(`${way}: logs`)
  }
  return { reason, wrong }
}

interface Case {
  readonly name: string
  readonly test: StateTest
  readonly expectation: Expectation
}

function* cases(): Generator<Case> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  for (const file of files
    .filter((one) => one.endsWith('.json') && one.includes(part))
    .toSorted()) {
    const text = readFileSync(join(directory, file), 'utf8')
    const tests: Readonly<Record<string, StateTest>> = JSON.parse(text)
    for (const test of Object.values(tests)) {
      for (const [index, expectation] of (test.post[FORK] ?? []).entries()) {
        yield { name: `${file} ${index}`, test, expectation }
      }
    }
  }
}

const print = (line: string): void => void process.stdout.write(`${line}\n`)
const reasons = new Map<string, number>()
let passed = 0
let failed = 0
for (const { name, test, expectation } of cases()) {
  const { reason, wrong } = await findings(test, expectation)
  if (reason !== undefined) {
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    continue
  }
  if (wrong.length === 0) passed += 1
  else failed += 1
  if (wrong.length > 0) print(`${name}: ${wrong.join(', ')}`)
}
for (const [reason, count] of reasons) print(`${count} out of scope: ${reason}`)
print(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/**
 * Runs Ethereum's public state tests of Constantinople, `pnpm --filter @bcos-ts/evm-adapter state-tests DIRECTORY`, where the
 * directory is `GeneralStateTests` of github.com/ethereum/legacytests. Every case runs twice: interpreted, then compiled.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { standardSuite } from '@bcos-ts/crypto'
import { createInterpreter } from '@bcos-ts/evm-adapter'
import { CONSTANTINOPLE_GAS, constantinopleContracts } from './constantinople.ts'
import { ETHEREUM_CONTRACTS } from './ethereum-contracts.ts'
import { outOfScope } from './state-tests/scope.ts'
import { plainHex, runStateTest, type StateTest } from './state-tests/state-test.ts'

const FORK = 'ConstantinopleFix'
const [directory = '', only = ''] = process.argv.slice(2)
const engine = (compileAfter: number) =>
  createInterpreter({ hash: standardSuite.hash, schedule: CONSTANTINOPLE_GAS, compileAfter })
const machines = [engine(Infinity), engine(0)].map((vm) => ({
  vm,
  ethereum: constantinopleContracts(ETHEREUM_CONTRACTS),
}))

const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json') && file.includes(only))
  .toSorted()
const reasons = new Map<string, number>()
let passed = 0
let failed = 0
const print = (line: string): void => void process.stdout.write(`${line}\n`)

for (const file of files) {
  const tests: Readonly<Record<string, StateTest>> = JSON.parse(
    readFileSync(join(directory, file), 'utf8'),
  )
  for (const [name, test] of Object.entries(tests)) {
    for (const [index, expectation] of (test.post[FORK] ?? []).entries()) {
      const reason = outOfScope(test, expectation)
      if (reason !== undefined) {
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
        continue
      }
      // The compiling engine sees each case twice: what the first run made hot, the second runs as JavaScript.
      const wrong: string[] = []
      for (const [at, machine] of [...machines, machines[1]!].entries()) {
        const { root, logs } = await runStateTest(test, expectation, machine)
        const way = ['interpreted', 'compiling', 'compiled'][at]
        if (root !== plainHex(expectation.hash)) wrong.push(`${way}: state root`)
        if (logs !== plainHex(expectation.logs)) wrong.push(`${way}: logs`)
      }
      if (wrong.length === 0) passed += 1
      else {
        failed += 1
        print(`${file} ${name} ${index}: ${wrong.join(', ')}`)
      }
    }
  }
}
for (const [reason, count] of reasons) print(`${count} out of scope: ${reason}`)
print(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

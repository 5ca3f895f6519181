import { standardSuite } from '@bcos-ts/crypto'
import { createInterpreter } from '@bcos-ts/evm-adapter'
import { Hardfork } from '@ethereumjs/common'
import { describe, expect, it } from 'vitest'
import { CONSTANTINOPLE_GAS, constantinopleContracts } from './constantinople.ts'
import { ETHEREUM_CONTRACTS } from './ethereum-contracts.ts'
import { Chance, randomContracts } from './programs/generator.ts'
import { askOracle, type Outcome, type Setting } from './programs/oracle.ts'
import { callOurs } from './programs/ours.ts'

const CONTRACTS = ['aa', 'bb', 'cc'].map((byte) => byte.repeat(20))
const CALLER = '22'.repeat(20)
/** Contracts, contracts of Ethereum, and nobody. */
const TARGETS = [...CONTRACTS.map((address) => BigInt(`0x${address}`)), 2n, 3n, 4n, 0xdeadn]

function settingOf(seed: number): Setting {
  const chance = new Chance(seed + 1_000_000)
  const codes = randomContracts(seed, CONTRACTS.length, TARGETS)
  return {
    codes: new Map(CONTRACTS.map((address, i) => [address, codes[i]!])),
    balance: 3n,
    caller: CALLER,
    to: CONTRACTS[0]!,
    data: Uint8Array.from({ length: chance.below(100) }, () => chance.below(256)),
    gas: chance.oneIn(3) ? chance.below(80_000) : 400_000,
  }
}

const machine = (compileAfter: number) => ({
  vm: createInterpreter({
    hash: standardSuite.hash,
    schedule: CONSTANTINOPLE_GAS,
    compileAfter,
  }),
  ethereum: constantinopleContracts(ETHEREUM_CONTRACTS),
})

describe('random contracts that call one another', () => {
  const SEEDS = Number(process.env['EVM_SEEDS'] ?? 400)
  const FIRST = Number(process.env['EVM_SEED'] ?? 0)
  const interpreting = machine(Infinity)
  const compiling = machine(0)

  it('end as in the reference engine: status, gas to the unit, output, logs, refund, balances, code and storage', async () => {
    const endings = { success: 0, revert: 0, failure: 0 }
    for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
      const setting = settingOf(seed)
      const { outcome, places } = await callOurs(setting, interpreting)
      const theirs: Outcome = await askOracle(setting, Hardfork.Petersburg, () => places)
      expect(outcome, `seed ${seed}, interpreted`).toEqual(theirs)
      // What the first run makes hot, the others run as JavaScript.
      for (const way of ['compiling', 'compiled', 'compiled whole']) {
        const again = await callOurs(setting, compiling)
        expect(again.outcome, `seed ${seed}, ${way}`).toEqual(theirs)
      }
      endings[theirs.isSuccess ? 'success' : theirs.isRevert ? 'revert' : 'failure'] += 1
    }
    // The generator makes programs that come to an end in every way.
    for (const count of Object.values(endings)) expect(count).toBeGreaterThan(SEEDS / 20)
  })
})

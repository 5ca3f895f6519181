import { bench, describe } from 'vitest'
import { CASES, type Prepared, prepareOracle, prepareOurs } from './cases.ts'

/** Runs until V8 and the compiler have nothing left to do. */
function warmUp({ call, gas }: Prepared): Prepared {
  const rounds = Math.max(30, Math.ceil(30_000_000 / gas))
  for (let i = 0; i < rounds; i++) call()
  return { call, gas, output: '' }
}

for (const one of CASES) {
  const compiled = warmUp(await prepareOurs(one))
  const interpreted = warmUp(await prepareOurs(one, Infinity))
  const oracle = await prepareOracle(one)
  describe(`${one.name}: ${compiled.gas} gas`, () => {
    bench('bcos-ts, compiled', () => void compiled.call())
    bench('bcos-ts, interpreted', () => void interpreted.call())
    bench('@ethereumjs/evm (yardstick)', () => oracle.call())
  })
}

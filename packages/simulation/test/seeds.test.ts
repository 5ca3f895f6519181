import { createNodeSuites } from '@bcos-ts/crypto/node'
import { runSeeds, type SeedFailure } from '@bcos-ts/testing/simulator'
import { describe, expect, it } from 'vitest'
import { simulate } from '../src/simulation.ts'

const SEEDS = 320
const CHUNK = 40
const chunks = Array.from({ length: SEEDS / CHUNK }, (_, i) => 1 + i * CHUNK)

async function failuresOf(first: number, count: number): Promise<readonly SeedFailure[]> {
  const report = await runSeeds({
    first,
    count,
    run: async (seed) => {
      const { violation } = await simulate({ seed })
      if (violation !== undefined) throw violation
    },
  })
  return report.failures
}

describe('crashes, bad links, torn records and a liar: blocks stay agreed, valid, durable, and go on', () => {
  it.each(chunks)(`seeds from %i, ${CHUNK} of them`, async (first) => {
    expect(await failuresOf(first, CHUNK)).toEqual([])
  })

  it('a seed is a test: it goes the same way again', async () => {
    const [one, again] = [
      await simulate({ seed: 42, isTracing: true }),
      await simulate({ seed: 42, isTracing: true }),
    ]
    expect(one.trace.length).toBeGreaterThan(500)
    expect(again.trace).toEqual(one.trace)
  })
})

describe('real cryptography', () => {
  it.each(['standard', 'guomi'] as const)('the %s suite agrees on blocks too', async (name) => {
    const suites = await createNodeSuites()
    const { violation, height } = await simulate({ seed: 3, suite: suites[name] })
    expect(violation).toBeUndefined()
    expect(height).toBeGreaterThan(2)
  })
})

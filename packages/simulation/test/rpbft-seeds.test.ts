import { runSeeds } from '@bcos-ts/testing/simulator'
import { describe, expect, it } from 'vitest'
import { simulate } from '../src/simulation.ts'

const SEEDS = 160
const CHUNK = 40
const chunks = Array.from({ length: SEEDS / CHUNK }, (_, i) => 1 + i * CHUNK)

describe('rPBFT: whoever works and whoever fails, blocks stay agreed, valid, durable, rotate when due, and go on', () => {
  it.each(chunks)(`seeds from %i, ${CHUNK} of them`, async (first) => {
    const report = await runSeeds({
      first,
      count: CHUNK,
      run: async (seed) => {
        const { violation } = await simulate({ seed, isRotating: true })
        if (violation !== undefined) throw violation
      },
    })
    expect(report.failures).toEqual([])
  })
})

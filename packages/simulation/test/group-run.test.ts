import { describe, expect, it } from 'vitest'
import {
  adversaryNamed,
  ENGINES,
  FAULT_MIXES,
  type RunOptions,
  runGroups,
  summarize,
} from '../src/index.ts'

function options(change: Partial<RunOptions> = {}): RunOptions {
  const [engine] = ENGINES
  const [faults] = FAULT_MIXES
  if (engine === undefined || faults === undefined) throw new Error('no engine, or no mix')
  return { seed: 7, size: 4, adversaries: 'random', faults, hours: 0.01, engine, ...change }
}

describe('a run of one seed', () => {
  it('goes the same way again, line for line', async () => {
    const traces = [[], []] as string[][]
    for (const trace of traces) {
      await runGroups(options({ onTrace: (line) => void trace.push(line) }))
    }
    expect(traces[0]?.length).toBeGreaterThan(1000)
    expect(traces[1]).toEqual(traces[0])
  })

  it('has groups side by side on the same machines, each with a chain of its own', async () => {
    const report = await runGroups(options({ groups: 3 }))
    expect(report.violation).toBeUndefined()
    expect(report.groups).toBe(3)
    const alone = await runGroups(options())
    expect(report.blocks).toBeGreaterThan(alone.blocks)
  })

  it.each(ENGINES)('goes well with $name', async (engine) => {
    for (const seed of [1, 2]) {
      const report = await runGroups(options({ seed, engine, hours: 0.02 }))
      expect(report.violation).toBeUndefined()
      expect(report.transactions).toBeGreaterThan(5)
    }
  })

  it('counts what went wrong', async () => {
    const summary = summarize([await runGroups(options()), await runGroups(options({ seed: 8 }))])
    expect(summary.seeds).toBe(2)
    expect(summary.violations).toEqual([])
    expect(Object.keys(summary.faults)).toEqual(
      expect.arrayContaining(['crash', 'partition', 'storm', 'message lost', 'write torn']),
    )
    expect(summary.longestStuckMs).toBeLessThan(60_000)
  })
})

describe('a promise that is broken', () => {
  it('is told: blocks that are reported before they are durable', async () => {
    const plant = { isLedgerHasty: true }
    const faults = FAULT_MIXES.find(({ name }) => name === 'crashes')
    const report = await runGroups(options({ plant, hours: 0.15, ...(faults && { faults }) }))
    expect(report.violation?.invariant).toBe('durability')
  })

  it('is told: a fork by blocks that were signed and not committed', async () => {
    const plant = { isSyncCredulous: true }
    const faults = FAULT_MIXES.find(({ name }) => name === 'none')
    const kind = adversaryNamed('unfinished-blocks')
    const adversaries = kind === undefined ? [] : [kind]
    const violations: unknown[] = []
    for (let seed = 1; seed <= 4; seed++) {
      const run = { seed, plant, adversaries, hours: 0.01, ...(faults && { faults }) }
      violations.push((await runGroups(options(run))).violation?.invariant)
    }
    expect(violations).toContain('agreement')
  })

  it('is told: transactions that were taken and are not mined', async () => {
    const faults = FAULT_MIXES.find(({ name }) => name === 'none')
    const plant: RunOptions['plant'] = {
      alterHost: (host) => {
        const { pool } = host
        // Everybody takes transactions, and nobody ever seals most of them.
        const fetch: typeof pool.fetch = (limit, except) =>
          pool.fetch(limit, except).filter(({ hashText }) => hashText < '2')
        return {
          ...host,
          pool: {
            fetch,
            get: (hash) => pool.get(hash),
            import: (transaction, from) => pool.import(transaction, from),
            size: () => pool.size(),
            onAdded: (listener) => pool.onAdded(listener),
          },
        }
      },
    }
    const report = await runGroups(options({ adversaries: [], plant, ...(faults && { faults }) }))
    expect(report.violation?.invariant).toBe('progress')
    expect(report.violation?.message).toMatch(/; [1-9]\d* transactions not mined/)
  })

  it('is told: votes that are not on disk', async () => {
    const votes = { persist: () => Promise.resolve(), restore: () => [] }
    const plant: RunOptions['plant'] = { alterHost: (host) => ({ ...host, votes }) }
    const report = await runGroups(options({ plant, adversaries: [] }))
    expect(report.violation?.invariant).toBe('write-ahead')
  })
})

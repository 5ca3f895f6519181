import { describe, expect, it } from 'vitest'
import { SyncProgress } from './progress.ts'

describe('the progress of synchronisation', () => {
  it('is told every ten seconds, with the rate since the line before and the time that is left', () => {
    const progress = new SyncProgress()
    progress.begin(1000, 0)
    expect(progress.note({ number: 1400, known: 5000, nowMs: 9999 })).toBeUndefined()
    expect(progress.note({ number: 1500, known: 5000, nowMs: 10_000 })).toEqual({
      number: 1500,
      known: 5000,
      blocksPerSecond: 50,
      leftSeconds: 70,
    })
    expect(progress.note({ number: 1600, known: 5000, nowMs: 15_000 })).toBeUndefined()
    expect(progress.note({ number: 1700, known: 5200, nowMs: 30_000 })).toEqual({
      number: 1700,
      known: 5200,
      blocksPerSecond: 10,
      leftSeconds: 350,
    })
  })

  it('does not fall below nothing when the node is where it knew of', () => {
    const progress = new SyncProgress()
    progress.begin(0, 0)
    expect(progress.note({ number: 30, known: 20, nowMs: 20_000 })).toMatchObject({
      leftSeconds: 0,
    })
  })
})

import { describe, expect, it } from 'vitest'
import { SteadyClock } from './steady-clock.ts'

describe('steady clock', () => {
  it('goes with the clock below, and stands still where that is set back', () => {
    let nowMs = 1000
    const clock = new SteadyClock({ nowMs: () => nowMs })
    const after = (change: number): number => {
      nowMs += change
      return clock.nowMs()
    }
    expect([after(0), after(50), after(-3_600_000), after(10), after(10)]).toEqual([
      1000, 1050, 1050, 1060, 1070,
    ])
    // A jump forward costs one early timeout at most; it is taken as it is.
    expect(after(5000)).toBe(6070)
  })

  it('takes no part in a leap that is too large for who looks often', () => {
    let nowMs = 1000
    const clock = new SteadyClock({ nowMs: () => nowMs }, { leapMaxMs: 100 })
    const after = (change: number): number => {
      nowMs += change
      return clock.nowMs()
    }
    expect([
      after(0),
      after(100),
      after(3_600_000),
      after(10),
      after(-3_600_000),
      after(10),
    ]).toEqual([1000, 1100, 1100, 1110, 1110, 1120])
  })
})

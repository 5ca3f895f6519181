import { describe, expect, it } from 'vitest'
import { LanePayoff } from './lane-payoff.ts'

/** Blocks until lanes are tried again. */
function restOf(payoff: LanePayoff): number {
  let blocks = 0
  while (!payoff.mayTry()) blocks += 1
  return blocks
}

describe('lanes', () => {
  it('are used while they pay, but for a sample that goes in order', () => {
    const payoff = new LanePayoff()
    let tried = 0
    for (let block = 0; block < 160; block++) {
      if (!payoff.mayTry()) continue
      tried += 1
      payoff.note(100, 60)
    }
    expect(tried).toBe(150)
  })

  it('rest when they did not pay, longer each time, until they pay again', () => {
    const payoff = new LanePayoff()
    const rests: number[] = []
    for (let i = 0; i < 3; i++) {
      restOf(payoff)
      payoff.note(100, 99)
      rests.push(restOf(payoff))
    }
    expect(rests).toEqual([16, 32, 64])
    payoff.note(100, 50)
    restOf(payoff)
    payoff.note(100, 120)
    expect(restOf(payoff)).toBe(16)
  })
})

import { describe, expect, it } from 'vitest'
import { ExecutionProfile, kindOf } from './profile.ts'

const KIND = kindOf('ab'.repeat(20), Uint8Array.of(1, 2, 3, 4, 5))

/** How many calls in a row are kept out of lanes. */
function keptOut(profile: ExecutionProfile): number {
  let calls = 0
  while (!profile.mayRunBeside(KIND)) calls += 1
  return calls
}

describe('what is learnt of a kind of call', () => {
  it('is the same for all calls of a function, whatever their arguments', () => {
    expect(kindOf('ab'.repeat(20), Uint8Array.of(1, 2, 3, 4, 9, 9))).toBe(KIND)
    expect(kindOf('cd'.repeat(20), Uint8Array.of(1, 2, 3, 4, 5))).not.toBe(KIND)
  })

  it('is nothing before the first one, which therefore runs alone', () => {
    const profile = new ExecutionProfile()
    expect(profile.costOf(KIND)).toBe(0)
    expect(profile.mayRunBeside(KIND)).toBe(false)
  })

  it('follows what calls cost lately, and forgets a single slow one', () => {
    const profile = new ExecutionProfile()
    profile.noteCost(KIND, 100)
    profile.noteCost(KIND, 1100)
    expect(profile.costOf(KIND)).toBe(300)
    for (let i = 0; i < 30; i++) profile.noteCost(KIND, 100)
    expect(profile.costOf(KIND)).toBeLessThan(101)
  })

  it('keeps it out of lanes after a conflict, twice as long after each', () => {
    const profile = new ExecutionProfile()
    profile.noteCost(KIND, 100)
    expect(keptOut(profile)).toBe(0)
    profile.noteConflict(KIND)
    const first = keptOut(profile)
    expect(first).toBeGreaterThan(100)
    profile.noteConflict(KIND)
    // All transactions of one block conflict at once: that is one bad experience, not many.
    profile.noteConflict(KIND)
    expect(keptOut(profile)).toBe(2 * first)
  })
})

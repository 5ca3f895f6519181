import { describe, expect, it } from 'vitest'
import { committeeOf, leaderOf, NOT_A_SEALER } from './committee.ts'
import { maxFaulty, quorumOf } from './quorum.ts'

const ids = ['0a', '0b', '0c', '0d', '0e'].map((part) => part.repeat(64))

describe('quorum', () => {
  it.each([
    [1, 0, 1],
    [2, 0, 2],
    [3, 0, 3],
    [4, 1, 3],
    [7, 2, 5],
    [100, 33, 67],
  ])('of %i sealers: %i may fail, %i decide', (n, faulty, quorum) => {
    expect(maxFaulty(n)).toBe(faulty)
    expect(quorumOf(n)).toBe(quorum)
  })

  it('two quorums share an honest sealer, for every size', () => {
    for (let n = 1; n <= 200; n++) {
      expect(2 * quorumOf(n) - n).toBeGreaterThan(maxFaulty(n))
    }
  })
})

describe('committee', () => {
  it('goes round with view and height', () => {
    const sealers = ids.slice(0, 4)
    const committee = committeeOf({ sealers, workingSealers: sealers }, ids[2] ?? '')
    expect(committee.self).toBe(2)
    expect([0, 1, 2, 3, 4].map((view) => leaderOf(committee, view, 9))).toEqual([1, 2, 3, 0, 1])
  })

  it('numbers working sealers by their place among all sealers', () => {
    const workingSealers = [ids[1] ?? '', ids[4] ?? '']
    const committee = committeeOf({ sealers: ids, workingSealers }, ids[4] ?? '')
    expect(committee.working).toEqual([1, 4])
    expect(committee.quorum).toBe(2)
    expect([0, 1, 2].map((view) => leaderOf(committee, view, 0))).toEqual([1, 4, 1])
  })

  it('gives no index to a sealer that does not work, nor to an observer', () => {
    const workingSealers = ids.slice(0, 2)
    expect(committeeOf({ sealers: ids, workingSealers }, ids[3] ?? '').self).toBe(NOT_A_SEALER)
    expect(committeeOf({ sealers: ids, workingSealers }, 'ff'.repeat(64)).self).toBe(NOT_A_SEALER)
  })

  it('has no leader when nobody works', () => {
    const committee = committeeOf({ sealers: [], workingSealers: [] }, ids[0] ?? '')
    expect(leaderOf(committee, 0, 0)).toBe(NOT_A_SEALER)
  })
})

import { describe, expect, it } from 'vitest'
import { firstState, proposalNamed, voteOf } from '../../test/scenario.ts'
import type { PbftEvent, PbftState } from '../pbft/state.ts'
import { step } from '../pbft/step.ts'
import { progressOf } from './progress.ts'

/** Node 1 of four; node 0 leads. */
function after(...events: readonly PbftEvent[]): PbftState {
  return events.reduce((state, event) => step(state, event).state, firstState(1).state)
}

const peers = (nowMs: number, ...connected: readonly number[]): PbftEvent => ({
  type: 'peers',
  connected,
  nowMs,
})

const tell = (state: PbftState, pending = 0) => progressOf(state, { nowMs: 13_000, pending })

const prepare: PbftEvent = {
  type: 'prepare',
  deferUpTo: -1,
  nowMs: 1000,
  prepare: { height: 5, view: 0, index: 0, signer: '0'.repeat(128), proposal: proposalNamed('A') },
}
const executed: PbftEvent = {
  type: 'executed',
  proposalHash: 'a'.repeat(64),
  view: 0,
  nowMs: 1000,
  execution: {
    hash: 'ae'.repeat(32),
    sign: voteOf({ kind: 'sign', name: 'A', index: 1, view: 0, isBound: true }),
    bonds: { sign: 'sign-A', commit: 'commit-A' },
  },
}
const sign = (index: number): PbftEvent => ({
  type: 'vote',
  kind: 'sign',
  vote: voteOf({ kind: 'sign', name: 'A', index, view: 0, isBound: true }),
  deferUpTo: -1,
  nowMs: 1000,
})

describe('what a group lacks for its next block', () => {
  it('is nothing while no transaction waits', () => {
    expect(tell(after(peers(0, 0, 2, 3)))).toMatchObject({
      height: 5,
      stage: 'no proposal',
      missing: 'nothing: no transaction waits',
      quorum: 3,
    })
  })

  it('names a leader that says nothing', () => {
    expect(tell(after(peers(1000, 0, 2, 3)), 7).missing).toBe(
      'a proposal of the leader: node 00000000… has not proposed (not heard yet); 7 transactions wait',
    )
  })

  it('names the sealers without a session when there are too few', () => {
    expect(tell(after(peers(0, 0, 2, 3), peers(1000, 3))).missing).toBe(
      '2 of 3 sealers; node 00000000… is not connected since 12 s, node 22222222… is not connected since 12 s',
    )
  })

  it('names who has not signed, and since when it is away', () => {
    const state = after(peers(0, 0, 2, 3), prepare, executed, sign(0), peers(1000, 0, 2))
    const told = tell(state)
    expect(told.stage).toBe('collecting signs')
    expect(told.missing).toBe(
      '2 of 3 signs; node 22222222… is silent (not heard yet), node 33333333… is not connected since 12 s',
    )
    expect(told.sealers.map(({ hasSigned }) => hasSigned)).toEqual([true, true, false, false])
  })

  it('names who has not committed, and the lock', () => {
    const told = tell(after(peers(0, 0, 2, 3), prepare, executed, sign(0), sign(2)))
    expect(told.stage).toBe('collecting commits')
    expect(told.lock).toEqual({ view: 0, hash: 'a'.repeat(64) })
    expect(told.missing).toMatch(
      /^1 of 3 commits; node 00000000… is silent \(last heard 12 s ago\)/,
    )
  })

  it('names who does not ask for the next view', () => {
    const told = tell(after(peers(0, 2, 3), { type: 'timer', nowMs: 3000 }))
    expect(told).toMatchObject({ stage: 'changing the view', view: 0, toView: 1 })
    expect(told.missing).toMatch(/^1 of 3 requests for view 1 or above; node 00000000… /)
  })
})

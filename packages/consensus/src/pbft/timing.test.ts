import { describe, expect, it } from 'vitest'
import { firstState, proposalNamed } from '../../test/scenario.ts'
import type { PbftState, Round } from './state.ts'
import { deadlineMs, FETCH_RETRY_MS, TIMEOUT_MAX_MS } from './timing.ts'

const base: PbftState = { ...firstState(1).state, lastConsensusMs: 1000 }

function withRound(change: Partial<Round>): PbftState {
  const round: Round = {
    view: 0,
    index: 0,
    proposal: proposalNamed('A'),
    stage: 'executing',
    execution: undefined,
    isCommitSent: false,
    arrivedAtMs: 1500,
    executedAtMs: 1500,
    requests: 0,
    requestedAtMs: 1500,
    ...change,
  }
  return { ...base, round }
}

describe('patience (spec 04 §6.7)', () => {
  it('lasts three seconds from the last commit, view change or timeout', () => {
    expect(deadlineMs(base)).toBe(4000)
  })

  it('begins anew when a quorum has signed', () => {
    expect(deadlineMs({ ...base, lastQuorumMs: 2500 })).toBe(5500)
  })

  it('waits for an execution as long as the chain says, and three seconds after it', () => {
    const executing = withRound({ stage: 'executing' })
    expect(deadlineMs({ ...executing, consensusTimeoutMs: 20_000 })).toBe(21_500)
    expect(deadlineMs(withRound({ stage: 'executed', executedAtMs: 3000 }))).toBe(6000)
  })

  it('is not prolonged by a proposal of before the last timeout', () => {
    const late = withRound({ stage: 'executed', executedAtMs: 900, arrivedAtMs: 800 })
    expect(deadlineMs(late)).toBe(4000)
  })

  it('grows by half, up to ten seconds', () => {
    const waits = [0, 1, 2, 3, 20].map((changeCycle) => deadlineMs({ ...base, changeCycle }) - 1000)
    expect(waits).toEqual([3000, 4500, 6750, TIMEOUT_MAX_MS, TIMEOUT_MAX_MS])
  })

  it('is never cut below what the chain says', () => {
    const slow = { ...withRound({ stage: 'executing' }), consensusTimeoutMs: 30_000 }
    expect(deadlineMs({ ...slow, changeCycle: 3 }) - 1500).toBe(30_000)
  })

  it('asks again for missing transactions in the meantime', () => {
    const fetching = withRound({ stage: 'fetching', requestedAtMs: 1600 })
    expect(deadlineMs(fetching)).toBe(1600 + FETCH_RETRY_MS)
  })
})

import { NO_HASH, raftStep } from '@bcos-ts/consensus'
import { runSeeds } from '@bcos-ts/testing/simulator'
import { describe, expect, it } from 'vitest'
import type { Plant } from '../src/plan.ts'
import { simulate } from '../src/simulation.ts'

/** What the seeds find, until one of them finds something. */
async function firstFinding(plant: Plant, isAmbush: boolean): Promise<string | undefined> {
  let found: string | undefined
  await runSeeds({
    first: 1,
    count: 300,
    run: async (seed) => {
      if (found !== undefined) return
      const { violation } = await simulate({
        seed,
        plant,
        isRaft: true,
        ...(isAmbush && { isAmbush }),
      })
      found = violation?.message
    },
  })
  return found
}

/** Some of these are stopped by the engine's own assertions: they are part of the net. */
const plants: readonly (readonly [name: string, plant: Plant, finding: RegExp, isAmbush?: true])[] =
  [
    [
      'a vote for everybody who asks',
      {
        raftStep: (state, event) =>
          event.type === 'voteRequest' && event.message.term === state.term
            ? raftStep({ ...state, votedFor: undefined, lastLeaderTerm: 0 }, event)
            : raftStep(state, event),
      },
      /a vote is given once in a term|two votes|leads in term/,
    ],
    [
      'a block that is committed before a majority has accepted it',
      {
        raftStep: (state, event) =>
          event.type === 'sealed' || event.type === 'heartbeatResponse'
            ? raftStep({ ...state, quorum: 1 }, event)
            : raftStep(state, event),
      },
      /agreement|durability/,
      true,
    ],
    [
      'an answer that accepts nothing is taken for an acceptance, as in the reference',
      {
        raftStep: (state, event) => {
          if (event.type !== 'heartbeatResponse' || event.message.acceptedHash !== NO_HASH) {
            return raftStep(state, event)
          }
          const acceptedHash = state.entry?.proposal.hash ?? NO_HASH
          return raftStep(state, { ...event, message: { ...event.message, acceptedHash } })
        },
      },
      /agreement/,
      true,
    ],
    [
      'votes for candidates who lack what a majority may have accepted',
      {
        raftStep: (state, event) => {
          if (event.type !== 'voteRequest') return raftStep(state, event)
          const known = { height: state.head.number, acceptedTerm: state.term }
          return raftStep(state, { ...event, message: { ...event.message, ...known } })
        },
      },
      /agreement/,
      true,
    ],
    [
      'a block of a former term that is committed by counting',
      {
        raftStep: (state, event) => {
          const { state: next, effects } = raftStep(state, event)
          const isElected = state.role !== 'leader' && next.role === 'leader'
          if (!isElected || next.entry === undefined || state.entry === undefined) {
            return { state: next, effects }
          }
          // It is not accepted anew, and counts as it was.
          return {
            state: { ...next, entry: state.entry },
            effects: effects.filter(({ type }) => type !== 'persist'),
          }
        },
      },
      /acceptances of its own term|promises are kept/,
    ],
    [
      'votes that are not kept',
      {
        alterHost: (host) => ({
          ...host,
          votes: { persist: () => Promise.resolve(), restore: () => [] },
        }),
      },
      /write-ahead/,
    ],
    [
      'votes that leave before they are durable',
      {
        alterHost: (host) => ({
          ...host,
          votes: {
            restore: () => host.votes.restore(),
            persist: (record) => {
              void host.votes.persist(record)
              return Promise.resolve()
            },
          },
        }),
      },
      /write-ahead/,
    ],
    [
      'votes that are kept, but not read after a crash',
      { alterHost: (host) => ({ ...host, votes: { ...host.votes, restore: () => [] } }) },
      /two votes|write-ahead|agreement/,
    ],
    ['blocks that are reported before they are durable', { isLedgerHasty: true }, /durability/],
    [
      'heartbeats that are not sent',
      {
        raftStep: (state, event) => {
          const { state: next, effects } = raftStep(state, event)
          return { state: next, effects: effects.filter(({ type }) => type !== 'sendHeartbeat') }
        },
      },
      /progress/,
    ],
  ]

describe('the simulator finds mistakes planted in Raft', () => {
  const cases = plants.map(
    ([name, plant, finding, isAmbush = false]) => [name, plant, finding, isAmbush] as const,
  )
  it.each(cases)('%s', async (_, plant, finding, isAmbush) => {
    expect(await firstFinding(plant, isAmbush)).toMatch(finding)
  })
})

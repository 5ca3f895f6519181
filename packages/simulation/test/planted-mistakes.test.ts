import { step } from '@bcos-ts/consensus'
import { runSeeds } from '@bcos-ts/testing/simulator'
import { describe, expect, it } from 'vitest'
import type { Plant, SimulationOptions } from '../src/plan.ts'
import { simulate } from '../src/simulation.ts'

/** Where to look: mistakes that need a rare meeting of faults are looked for where these meet. */
type Where = Pick<SimulationOptions, 'isAmbush'> & { readonly first?: number }

/** What the seeds find, until one of them finds something. */
async function firstFinding(
  plant: Plant,
  { first = 1, ...options }: Where,
): Promise<string | undefined> {
  let found: string | undefined
  await runSeeds({
    first,
    count: 300,
    run: async (seed) => {
      if (found !== undefined) return
      const { violation } = await simulate({ seed, plant, ...options })
      found = violation?.message
    },
  })
  return found
}

/** Some of these are stopped by the engine's own assertions: they are part of the net. */
const plants: readonly (readonly [
  name: string,
  plant: Plant,
  finding: RegExp,
  where: Where | undefined,
])[] = [
  [
    'a quorum of two out of four',
    {
      step: (state, event) =>
        step({ ...state, committee: { ...state.committee, quorum: 2 } }, event),
    },
    /agreement|validity/,
    undefined,
  ],
  [
    'proposals are taken up and voted on in spite of a lock',
    {
      step: (state, event) => {
        const isConcerned = event.type === 'prepare' || event.type === 'executed'
        if (!isConcerned || state.lock === undefined) return step(state, event)
        const transition = step({ ...state, lock: undefined }, event)
        const lock = transition.state.lock ?? state.lock
        return { ...transition, state: { ...transition.state, lock } }
      },
    },
    /agreement/,
    { isAmbush: true, first: 120 },
  ],
  [
    'a lock that is forgotten when the view changes',
    {
      step: (state, event) => {
        const transition = step(state, event)
        const isKept = transition.state.view === state.view
        return isKept
          ? transition
          : { ...transition, state: { ...transition.state, lock: undefined } }
      },
    },
    /a lock is only replaced by a later one/,
    undefined,
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
    undefined,
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
    undefined,
  ],
  [
    'votes that are kept, but not read after a crash',
    { alterHost: (host) => ({ ...host, votes: { ...host.votes, restore: () => [] } }) },
    /two votes|write-ahead|agreement/,
    undefined,
  ],
  [
    'blocks that are reported before they are durable',
    { isLedgerHasty: true },
    /durability/,
    undefined,
  ],
  [
    'signatures that are not checked',
    {
      alterHost: (host) => ({ ...host, suite: { ...host.suite, verify: () => true } }),
    },
    /validity|agreement|progress/,
    { first: 170 },
  ],
  [
    'view changes that are not sent',
    {
      step: (state, event) => {
        const { state: next, effects } = step(state, event)
        return { state: next, effects: effects.filter(({ type }) => type !== 'sendViewChange') }
      },
    },
    /progress/,
    undefined,
  ],
]

describe('the simulator finds planted mistakes', () => {
  it.each(plants)('%s', async (_, plant, finding, where = {}) => {
    expect(await firstFinding(plant, where)).toMatch(finding)
  })
})

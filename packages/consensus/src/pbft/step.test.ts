import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstState, proposalNamed, voteOf } from '../../test/scenario.ts'
import { committeeOf, NOT_A_SEALER } from '../committee.ts'
import { HEIGHTS_AHEAD } from './checks.ts'
import { assertStep } from './invariants.ts'
import { FUTURE_PREPARES_MAX } from './round.ts'
import type { DurableVotes, PbftEvent, PbftState } from './state.ts'
import { step } from './step.ts'
import { deadlineMs } from './timing.ts'

const SEALERS = ['0', '1', '2', '3'].map((digit) => digit.repeat(128))
const HEAD_HASH = '4'.padStart(64, '0')
const executed = (name: string): string => `${name.toLowerCase()}e`.repeat(32)

const index = fc.integer({ min: 0, max: 4 })
const view = fc.integer({ min: 0, max: 12 })
const height = fc.integer({ min: 3, max: 9 })
const name = fc.constantFrom('A', 'B', 'C')
const nowMs = fc.integer({ min: 0, max: 60_000 })
const isBound = fc.boolean()

const prepareEvent: fc.Arbitrary<PbftEvent> = fc
  .record({ name, index, view, height, nowMs, isPartial: fc.boolean(), isEmpty: fc.boolean() })
  .map((one) => {
    const proposal = proposalNamed(one.isEmpty ? 'empty' : one.name, one.height)
    return {
      type: 'prepare',
      nowMs: one.nowMs,
      deferUpTo: -1,
      prepare: {
        height: one.height,
        view: one.view,
        index: one.index,
        signer: SEALERS[one.index] ?? '',
        proposal: one.isPartial && !one.isEmpty ? { ...proposal, block: undefined } : proposal,
      },
    }
  })

const voteEvent: fc.Arbitrary<PbftEvent> = fc
  .record({
    kind: fc.constantFrom('sign' as const, 'commit' as const),
    name,
    index,
    view,
    height,
    nowMs,
    isBound,
  })
  .map(({ kind, nowMs: now, height: at, ...one }) => {
    const vote = { ...voteOf({ kind, ...one }), height: at }
    return { type: 'vote', kind, vote, nowMs: now, deferUpTo: -1 }
  })

const viewChangeEvent: fc.Arbitrary<PbftEvent> = fc
  .record({ index, view, height, nowMs, from: index })
  .map((one) => ({
    type: 'viewChange',
    index: one.index,
    change: { height: one.height, view: one.view, hash: HEAD_HASH },
    from: one.from,
    nowMs: one.nowMs,
  }))

const executedEvent: fc.Arbitrary<PbftEvent> = fc
  .record({ name, view, nowMs, isBad: fc.boolean() })
  .map((one) => ({
    type: 'executed',
    proposalHash: proposalNamed(one.name).hash,
    view: one.view,
    execution: one.isBad
      ? undefined
      : {
          hash: executed(one.name),
          sign: voteOf({ kind: 'sign', name: one.name, index: 1, view: one.view, isBound: true }),
          bonds: { sign: `sign-${one.name}`, commit: `commit-${one.name}` },
        },
    nowMs: one.nowMs,
  }))

const lockProofEvent: fc.Arbitrary<PbftEvent> = fc
  .record({ name, view, nowMs, from: index })
  .map((one) => ({
    type: 'lockProof',
    lock: {
      view: one.view,
      proposal: proposalNamed(one.name),
      executedHash: executed(one.name),
      signs: [0, 2, 3].map((signer) =>
        voteOf({ kind: 'sign', name: one.name, index: signer, view: one.view, isBound: true }),
      ),
      isProvable: true,
    },
    from: one.from,
    nowMs: one.nowMs,
  }))

const ownEvent: fc.Arbitrary<PbftEvent> = fc.oneof(
  fc
    .record({ connected: fc.subarray([0, 2, 3]), nowMs })
    .map(({ connected, nowMs: now }): PbftEvent => ({
      type: 'peers',
      connected,
      nowMs: now,
    })),
  nowMs.map((now): PbftEvent => ({ type: 'timer', nowMs: now })),
  fc.record({ name, nowMs }).map((one): PbftEvent => ({
    type: 'filled',
    proposal: proposalNamed(one.name),
    nowMs: one.nowMs,
  })),
  fc.record({ name: fc.constantFrom('A', 'empty'), view, nowMs }).map((one): PbftEvent => ({
    type: 'proposed',
    view: one.view,
    proposal: proposalNamed(one.name),
    nowMs: one.nowMs,
  })),
)

const anyEvent = fc.oneof(
  { arbitrary: prepareEvent, weight: 3 },
  { arbitrary: voteEvent, weight: 6 },
  { arbitrary: viewChangeEvent, weight: 3 },
  { arbitrary: executedEvent, weight: 3 },
  { arbitrary: lockProofEvent, weight: 1 },
  { arbitrary: ownEvent, weight: 2 },
)

/** Plays events and lets every step be checked. */
function play(events: readonly PbftEvent[]): PbftState {
  let { state } = firstState(1)
  for (const event of events) {
    const transition = step(state, event)
    assertStep(state, transition)
    state = transition.state
  }
  return state
}

describe('whatever comes in whatever order', () => {
  it('breaks no promise and fills no memory', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 120 }), (events) => {
        const state = play(events)
        expect(state.future.length).toBeLessThanOrEqual(FUTURE_PREPARES_MAX)
        expect(state.votes.size).toBeLessThanOrEqual(1 + HEIGHTS_AHEAD)
        expect(state.viewChanges.size).toBeLessThanOrEqual(4)
      }),
      { numRuns: 400 },
    )
  })

  it('gives the same transition for the same state and event', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), anyEvent, (events, last) => {
        const state = play(events)
        expect(step(state, last)).toEqual(step(state, last))
      }),
    )
  })

  it('never signs two proposals in one view, and never sends a vote that is not on disk', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 120 }), (events) => {
        let { state } = firstState(1)
        let durable: DurableVotes | undefined
        const signed = new Map<number, string>()
        for (const event of events) {
          const transition = step(state, event)
          state = transition.state
          for (const effect of transition.effects) {
            if (effect.type === 'persist') durable = effect.votes
            if (effect.type !== 'sendSign') continue
            expect(durable?.view).toBe(effect.vote.view)
            expect(signed.get(effect.vote.view) ?? effect.vote.hash).toBe(effect.vote.hash)
            signed.set(effect.vote.view, effect.vote.hash)
          }
        }
      }),
    )
  })
})

const observer = (): PbftState => {
  const committee = committeeOf({ sealers: SEALERS, workingSealers: SEALERS }, 'f'.repeat(128))
  return { ...firstState(1).state, committee }
}

describe('a node that is no sealer', () => {
  it('takes no part and waits for nothing', () => {
    const state = observer()
    expect(state.committee.self).toBe(NOT_A_SEALER)
    expect(deadlineMs(state)).toBe(Infinity)
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(step(state, event)).toEqual({ state, effects: [] })
      }),
    )
  })

  it('takes part from the block on that makes it a sealer', () => {
    const head = { number: 5, hash: '5'.padStart(64, '0') }
    const { committee } = firstState(1).state
    const event = { type: 'head', head, committee, consensusTimeoutMs: 3000, nowMs: 10 } as const
    const { state } = step(observer(), event)
    expect(deadlineMs(state)).toBe(3010)
  })
})

describe('a changed committee', () => {
  it('starts with nothing that was counted by the old indices', () => {
    const vote = voteOf({ kind: 'sign', name: 'A', index: 2, view: 0, isBound: true })
    const ahead = { ...vote, height: 6 }
    const before = play([{ type: 'vote', kind: 'sign', vote: ahead, nowMs: 1, deferUpTo: -1 }])
    const head = { number: 5, hash: '5'.padStart(64, '0') }
    const next = (sealers: readonly string[]): PbftState =>
      step(before, {
        type: 'head',
        head,
        committee: committeeOf({ sealers, workingSealers: sealers }, SEALERS[1] ?? ''),
        consensusTimeoutMs: 3000,
        nowMs: 2,
      }).state
    expect(next(SEALERS).votes.get(6)?.sign.has(2)).toBe(true)
    expect(next(SEALERS.slice(0, 3)).votes.size).toBe(0)
  })
})

describe('prepares of later views', () => {
  const prepare = (at: number, letter: string, number = 5) => ({
    type: 'prepare' as const,
    nowMs: 1,
    deferUpTo: -1,
    prepare: {
      height: number,
      view: at,
      index: (at + number - 1) % 4,
      signer: SEALERS[(at + number - 1) % 4] ?? '',
      proposal: proposalNamed(letter, number),
    },
  })
  const kept = (...events: readonly PbftEvent[]): string[] =>
    play(events).future.map((one) => `${one.proposal.hash.at(0)}${one.view}`)

  it('are kept one of each sealer: the first of a view, and the latest view', () => {
    expect(kept(prepare(2, 'A'), prepare(2, 'B'))).toEqual(['a2'])
    expect(kept(prepare(2, 'A'), prepare(6, 'B'))).toEqual(['b6'])
    expect(kept(prepare(6, 'A'), prepare(2, 'B'))).toEqual(['a6'])
    expect(kept(prepare(2, 'A'), prepare(3, 'B'))).toEqual(['a2', 'b3'])
  })

  it('are not kept when they are far ahead', () => {
    expect(kept(prepare(8, 'A'), prepare(9, 'B'), prepare(0, 'C', 8))).toEqual(['a8'])
    expect(kept(prepare(0, 'A', 7))).toEqual(['a0'])
  })
})

describe('blocks left to synchronisation', () => {
  it('are not agreed on', () => {
    const prepare = {
      height: 5,
      view: 0,
      index: 0,
      signer: SEALERS[0] ?? '',
      proposal: proposalNamed('A'),
    }
    const { state } = firstState(1)
    const far = { type: 'prepare', prepare, nowMs: 1, deferUpTo: Infinity } as const
    expect(step(state, far).state).toBe(state)
    expect(step(state, { ...far, deferUpTo: 4 }).effects).toMatchObject([{ type: 'execute' }])
  })
})

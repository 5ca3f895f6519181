import { createHash } from 'node:crypto'
import { bench, describe } from 'vitest'
import { proposalNamed, voteOf } from '../../test/scenario.ts'
import { committeeOf } from '../committee.ts'
import { assertStep } from './invariants.ts'
import type { PbftState, Vote } from './state.ts'
import { startPbft, step } from './step.ts'

/** A round in which this node has executed the proposal and all other votes are still to come. */
function executedRound(size: number): PbftState {
  const sealers = Array.from({ length: size }, (_, i) => i.toString(16).padStart(128, '0'))
  const committee = committeeOf({ sealers, workingSealers: sealers }, sealers[1] ?? '')
  const head = { number: 4 * size, hash: '0'.repeat(64) }
  const nowMs = 1
  const first = startPbft({ committee, head, consensusTimeoutMs: 3000, nowMs, restored: undefined })
  const proposal = proposalNamed('A', head.number + 1)
  const header = { ...proposal.header, sealerList: sealers, parentHash: new Uint8Array(32) }
  const whole = { ...proposal, header, block: { ...proposal.block, header } }
  const prepare = {
    height: head.number + 1,
    view: 0,
    index: 0,
    signer: sealers[0] ?? '',
    proposal: whole,
  }
  const taken = step(first.state, { type: 'prepare', prepare, nowMs, deferUpTo: -1 })
  const sign = { ...vote('sign', 1), height: head.number + 1 }
  const bonds = { sign: 'sign-A', commit: 'commit-A' }
  const execution = { hash: sign.hash, sign, bonds }
  return step(taken.state, {
    type: 'executed',
    proposalHash: proposal.hash,
    view: 0,
    execution,
    nowMs,
  }).state
}

function vote(kind: 'sign' | 'commit', index: number): Vote {
  return voteOf({ kind, name: 'A', index, view: 0, isBound: true })
}

/** All signs and commits of the other sealers: the work of one block. Gives the number of steps. */
function playRound(start: PbftState): number {
  let state = start
  let steps = 0
  const height = state.head.number + 1
  for (const kind of ['sign', 'commit'] as const) {
    for (let index = 0; index < state.committee.sealers.length; index++) {
      if (index === 1) continue
      const event = { type: 'vote', kind, vote: { ...vote(kind, index), height } } as const
      const transition = step(state, { ...event, nowMs: 2, deferUpTo: -1 })
      assertStep(state, transition)
      state = transition.state
      steps++
    }
  }
  return steps
}

for (const size of [4, 16, 100]) {
  const start = executedRound(size)
  const steps = playRound(start)
  describe(`votes of ${size} sealers: ${steps} steps with their assertions`, () => {
    bench('step', () => void playRound(start))
    bench('sha256 of 200 bytes, as often (yardstick)', () => {
      const message = new Uint8Array(200)
      for (let i = 0; i < steps; i++) createHash('sha256').update(message).digest()
    })
  })
}

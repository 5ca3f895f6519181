import { createSimulatedSuite } from '@bcos-ts/testing/simulator'
import { describe, expect, it } from 'vitest'
import { proposalNamed } from '../../test/scenario.ts'
import { committeeOf } from '../committee.ts'
import { completeProposal, type CompleteProposal } from '../pbft/proposal.ts'
import { assertRaftStep } from './invariants.ts'
import { NO_HASH, VoteFlag, type VoteRequest } from './messages.ts'
import type { DurableRaft, RaftEffect, RaftEvent, RaftState } from './state.ts'
import { raftQuorum, raftStep, startRaft } from './step.ts'
import { LOYALTY_MS, raftDeadlineMs } from './timing.ts'

const suite = createSimulatedSuite()
const SEALERS = ['0a', '0b', '0c', '0d', '0e'].map((two) => two.repeat(64))
const HEAD = { number: 4, hash: '44'.repeat(32) }
const NEXT = { number: 5, hash: '55'.repeat(32) }

const proposalOf = (name: string): CompleteProposal => {
  const { block } = proposalNamed(name)
  const timestamp = BigInt(name.charCodeAt(0))
  return completeProposal({ ...block, header: { ...block.header, number: 5, timestamp } }, suite)
}
const X = proposalOf('X')
const Y = proposalOf('Y')

/** One node among five, index 1, fed by hand. */
class Node {
  state: RaftState
  nowMs = 0
  effects: RaftEffect[] = []

  constructor(restored?: DurableRaft, self = 1) {
    const committee = committeeOf(
      { sealers: SEALERS, workingSealers: SEALERS },
      SEALERS[self] ?? '',
    )
    this.state = startRaft({ committee, head: HEAD, nowMs: 0, chance: 0, restored })
  }

  feed(event: Record<string, unknown> & { readonly type: RaftEvent['type'] }): RaftEffect[] {
    const whole = { nowMs: this.nowMs, chance: 0, ...event } as RaftEvent
    const transition = raftStep(this.state, whole)
    assertRaftStep(this.state, transition)
    this.state = transition.state
    this.effects = [...transition.effects]
    return this.effects
  }

  heartbeat(from: number, term: number, proposal?: CompleteProposal, head = HEAD): RaftEffect[] {
    const message = {
      type: 'heartbeat',
      index: from,
      term,
      height: head.number,
      blockHash: head.hash,
      leader: from,
      block: new Uint8Array(0),
      blockNumber: 0,
    }
    return this.feed({ type: 'heartbeat', from, message, proposal })
  }

  request(from: number, change: Partial<VoteRequest>): number | undefined {
    const message = {
      type: 'voteRequest',
      index: from,
      term: 1,
      height: HEAD.number,
      blockHash: HEAD.hash,
      candidate: from,
      lastLeaderTerm: 0,
      lastBlockNumber: HEAD.number,
      acceptedTerm: 0,
      isTrial: false,
      ...change,
    }
    const answer = this.feed({ type: 'voteRequest', from, message }).find(
      (effect) => effect.type === 'answer',
    )
    return answer?.message.type === 'voteResponse' ? answer.message.flag : undefined
  }

  yes(from: number, flag: number, term = this.state.term): RaftEffect[] {
    const message = {
      type: 'voteResponse',
      index: from,
      term,
      height: HEAD.number,
      blockHash: HEAD.hash,
      flag,
      lastLeaderTerm: 0,
    }
    return this.feed({ type: 'voteResponse', from, message })
  }

  acceptance(from: number, acceptedHash: string, term = this.state.term): RaftEffect[] {
    const place = { index: from, term, height: HEAD.number, blockHash: HEAD.hash }
    const message = { type: 'heartbeatResponse', ...place, acceptedHash }
    return this.feed({ type: 'heartbeatResponse', from, message })
  }

  lead(): void {
    this.nowMs = raftDeadlineMs(this.state)
    this.feed({ type: 'timer' })
    for (const from of [2, 3]) this.yes(from, VoteFlag.firstVote)
    for (const from of [2, 3]) this.yes(from, VoteFlag.granted)
    if (this.state.role !== 'leader') throw new Error(`it is ${this.state.role}`)
  }
}

const types = (effects: readonly RaftEffect[]): string[] => effects.map(({ type }) => type)

describe('how many decide', () => {
  it('are more than half', () => {
    expect([1, 2, 3, 4, 5, 7].map(raftQuorum)).toEqual([1, 2, 2, 3, 3, 4])
  })
})

describe('an election', () => {
  it('begins with a question that binds nobody, takes a term when a majority would vote, and keeps it first', () => {
    const node = new Node()
    node.nowMs = 1000
    expect(types(node.feed({ type: 'timer' }))).toEqual(['broadcast'])
    expect(node.state).toMatchObject({ role: 'trial', term: 0, votedFor: undefined })
    node.yes(2, VoteFlag.firstVote)
    expect(types(node.yes(3, VoteFlag.firstVote))).toEqual(['persist', 'broadcast'])
    expect(node.state).toMatchObject({ role: 'candidate', term: 1, votedFor: 1 })
    node.yes(2, VoteFlag.granted)
    expect(types(node.yes(3, VoteFlag.granted))).toEqual(['sendHeartbeat'])
    expect(node.state).toMatchObject({ role: 'leader', leader: 1 })
  })

  it('is not won by votes of another term, or by the same voter twice', () => {
    const node = new Node()
    node.nowMs = 1000
    node.feed({ type: 'timer' })
    for (const from of [2, 3]) node.yes(from, VoteFlag.firstVote)
    node.yes(2, VoteFlag.granted)
    node.yes(2, VoteFlag.granted)
    node.yes(3, VoteFlag.granted, 0)
    expect(node.state.role).toBe('candidate')
  })

  it('gives one vote in a term, on disk before it is told, and tells it again', () => {
    const node = new Node()
    expect(node.request(2, {})).toBe(VoteFlag.granted)
    expect(types(node.effects)).toEqual(['persist', 'answer'])
    expect(node.request(3, {})).toBe(VoteFlag.discarded)
    expect(node.request(2, {})).toBe(VoteFlag.granted)
    const again = new Node({ term: 1, votedFor: 2, entry: undefined })
    expect(again.request(3, {})).toBe(VoteFlag.discarded)
  })

  it('does not disturb those who hear a leader', () => {
    const node = new Node()
    node.heartbeat(0, 3)
    expect(node.request(2, { term: 9, isTrial: true })).toBe(VoteFlag.leaderKnown)
    expect(node.request(2, { term: 9 })).toBe(VoteFlag.leaderKnown)
    expect(node.state.term).toBe(3)
    node.nowMs = LOYALTY_MS
    expect(node.request(2, { term: 9, isTrial: true })).toBe(VoteFlag.firstVote)
    expect(node.state.term).toBe(3)
    expect(node.request(2, { term: 9 })).toBe(VoteFlag.granted)
  })

  it('is not won by who lacks a block, or one that was accepted later', () => {
    const node = new Node({ term: 2, votedFor: undefined, entry: { term: 2, proposal: X } })
    expect(node.request(2, { term: 3, height: 3 })).toBe(VoteFlag.outdated)
    expect(node.request(2, { term: 4, acceptedTerm: 1 })).toBe(VoteFlag.outdated)
    expect(node.request(2, { term: 5, acceptedTerm: 2 })).toBe(VoteFlag.granted)
    expect(node.request(3, { term: 6, height: 5 })).toBe(VoteFlag.granted)
  })

  it('makes a leader of the past a follower, when it hears of a later term', () => {
    const node = new Node()
    node.lead()
    node.acceptance(2, NO_HASH, 7)
    expect(node.state).toMatchObject({ role: 'follower', term: 7 })
  })

  it('is called by nobody outside the sealers', () => {
    expect(raftDeadlineMs(new Node(undefined, 9).state)).toBe(Infinity)
  })
})

describe('a block', () => {
  it('is kept before it is shown, and committed when a majority has accepted it', () => {
    const node = new Node()
    node.lead()
    for (const from of [2, 3]) node.acceptance(from, NO_HASH)
    expect(types(node.feed({ type: 'sealed', term: 1, proposal: X }))).toEqual([
      'persist',
      'sendHeartbeat',
    ])
    // The answers to the heartbeat before accept nothing: the reference commits on one of them.
    expect(node.acceptance(2, NO_HASH)).toEqual([])
    expect(node.acceptance(3, Y.hash)).toEqual([])
    expect(node.acceptance(2, X.hash)).toEqual([])
    expect(node.acceptance(2, X.hash)).toEqual([])
    expect(types(node.acceptance(4, X.hash))).toEqual(['commit'])
  })

  it('is not sealed while a majority is elsewhere, or somebody ahead', () => {
    const node = new Node()
    node.lead()
    node.acceptance(2, NO_HASH)
    expect(node.feed({ type: 'sealed', term: 1, proposal: X })).toEqual([])
  })

  it('is accepted on disk before that is told, and anew in every term', () => {
    const node = new Node()
    expect(types(node.heartbeat(0, 1, X))).toEqual(['persist', 'persist', 'answer'])
    expect(node.effects.at(-1)).toMatchObject({ message: { acceptedHash: X.hash, term: 1 } })
    expect(types(node.heartbeat(0, 1, X))).toEqual(['answer'])
    // Another leader, who has not shown it yet: what a former one had accepted is not said to him.
    node.heartbeat(3, 2)
    expect(node.effects.at(-1)).toMatchObject({ message: { acceptedHash: NO_HASH, term: 2 } })
    node.heartbeat(3, 2, X)
    expect(node.effects.at(-1)).toMatchObject({ message: { acceptedHash: X.hash, term: 2 } })
  })

  it('of a former term is not committed by counting', () => {
    // Five nodes: X is accepted in term 1 by 1 and 2. Node 4 leads term 2 and has Y accepted by itself alone. Node 1
    // leads term 3, with an answer of term 1 still on its way.
    const node = new Node({ term: 2, votedFor: undefined, entry: { term: 1, proposal: X } })
    node.lead()
    expect(node.state).toMatchObject({ term: 3, entry: { term: 3 } })
    expect(node.acceptance(2, X.hash, 1)).toEqual([])
    expect(node.acceptance(3, X.hash, 2)).toEqual([])
    expect(node.acceptance(2, X.hash)).toEqual([])
    expect(types(node.acceptance(3, X.hash))).toEqual(['commit'])
  })

  it('that waits is taken for the one the leader has committed, when execution gives its hash', () => {
    const node = new Node()
    node.heartbeat(0, 1, X)
    node.heartbeat(0, 1, undefined, NEXT)
    expect(node.effects).toContainEqual({ type: 'commit', proposal: X, expected: NEXT.hash })
    expect(node.heartbeat(0, 1, undefined, NEXT).map(({ type }) => type)).toEqual(['answer'])
    node.feed({ type: 'mismatched', hash: NEXT.hash })
    // It is left to synchronisation then, and not executed with every heartbeat.
    expect(types(node.heartbeat(0, 1, undefined, NEXT))).toEqual(['answer'])
  })

  it('ends what was accepted at its height; the leader leads on, and those who follow say where they are', () => {
    const { committee } = new Node().state
    const node = new Node()
    node.heartbeat(0, 1, X)
    node.feed({ type: 'head', head: NEXT, committee })
    expect(node.state).toMatchObject({ entry: undefined, leader: 0 })
    expect(node.effects).toMatchObject([{ type: 'answer', to: 0, message: { height: 5 } }])
    const leader = new Node()
    leader.lead()
    expect(types(leader.feed({ type: 'head', head: NEXT, committee }))).toEqual(['sendHeartbeat'])
  })

  it('that changes the sealers ends the office of the leader they had elected', () => {
    const sealers = SEALERS.slice(0, 3)
    const committee = committeeOf({ sealers, workingSealers: sealers }, SEALERS[1] ?? '')
    const node = new Node()
    node.lead()
    node.feed({ type: 'head', head: NEXT, committee })
    expect(node.state).toMatchObject({ role: 'follower', quorum: 2, term: 2, leader: undefined })
  })
})

describe('a leader', () => {
  it('whom no majority answers leaves', () => {
    const node = new Node()
    node.lead()
    for (let i = 0; i < 4; i++) {
      node.nowMs += 250
      if (i < 3) node.acceptance(2, NO_HASH)
      node.feed({ type: 'timer' })
    }
    expect(node.state.role).toBe('follower')
  })
})

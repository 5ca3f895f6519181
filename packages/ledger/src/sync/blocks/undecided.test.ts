import type { NodeId } from '@bcos-ts/protocol'
import { describe, expect, it } from 'vitest'
import { GENESIS, Machine, only, reports, requests } from '../../../test/block-sync-machine.ts'
import type { BlockSyncEffect } from './state.ts'

const FAKE = 'hash of a block that nobody committed'
/** Longer than a node waits for certainty. */
const LONG_MS = 20_001

const applies = (effects: readonly BlockSyncEffect[]) =>
  effects.filter((effect) => effect.type === 'apply')
const proofRequests = (effects: readonly BlockSyncEffect[]) =>
  effects.filter((effect) => effect.type === 'requestProof')
const UNDECIDED = { type: 'undecided' } as const

/** A status that names a block of one's own choice. */
function name(machine: Machine, from: NodeId, number: number, latestHash: string) {
  const status = { number, genesisHash: GENESIS, latestHash, timeMs: machine.nowMs }
  return machine.feed({ type: 'status', from, status })
}

function deliver(machine: Machine, from: NodeId, number: number, hash: string) {
  const block = { number, hash, from, bytes: new Uint8Array(100) }
  return machine.feed({ type: 'blocks', from, blocks: [block] })
}

/** `b` alone names and shows a block 1, which is found undecided. */
function undecided(): { readonly machine: Machine; readonly effects: readonly BlockSyncEffect[] } {
  const machine = new Machine()
  const asked = only(requests(name(machine, 'b', 1, FAKE)))
  expect(asked).toMatchObject({ to: 'b', from: 1, count: 1 })
  const { knowledge } = only(applies(deliver(machine, 'b', 1, FAKE)))
  expect([...knowledge.claims]).toEqual([['b', FAKE]])
  const effects = machine.applied('b', UNDECIDED)
  return { machine, effects }
}

describe('a block that a quorum has signed and perhaps nobody committed', () => {
  it('waits, is told of once, and is not applied again before something is new', () => {
    const { machine, effects } = undecided()
    expect(reports(effects, 'undecided')).toHaveLength(1)
    for (let i = 0; i < 20; i++) expect(applies(machine.pass(200))).toEqual([])
    // The same words once more are nothing new.
    expect(applies(name(machine, 'b', 1, FAKE))).toEqual([])
    expect(requests(machine.pass(200))).toEqual([])
  })

  it('is applied again when another peer names it, or a different one', () => {
    const { machine } = undecided()
    const { knowledge } = only(applies(name(machine, 'c', 1, FAKE)))
    expect([...knowledge.claims]).toEqual([
      ['b', FAKE],
      ['c', FAKE],
    ])
    expect(reports(machine.applied('b', UNDECIDED), 'undecided')).toEqual([])
    const again = only(applies(name(machine, 'd', 1, 'another')))
    expect(again.knowledge.claims.get('d')).toBe('another')
  })

  it('is applied again when the block after it is there', () => {
    const { machine } = undecided()
    const asked = only(requests(name(machine, 'e', 2, 'two')))
    expect(asked).toMatchObject({ to: 'e', from: 2, count: 1 })
    const { knowledge } = only(applies(deliver(machine, 'e', 2, 'two')))
    expect(knowledge.next?.hash).toBe('two')
  })

  it('gives way to another when it is refused for that, and its sender is left alone', () => {
    const { machine } = undecided()
    for (const peer of ['c', 'd', 'e']) {
      name(machine, peer, 1, 'right')
      if (machine.state.applying === undefined) continue
      const isLast = peer === 'e'
      const effects = machine.applied('b', isLast ? { type: 'refused', reason: 'no' } : UNDECIDED)
      if (!isLast) continue
      expect(only(reports(effects, 'avoided'))).toMatchObject({ peer: 'b', isLie: true })
      const { to } = only(requests(effects))
      const { candidate } = only(applies(deliver(machine, to, 1, 'right')))
      expect(candidate.hash).toBe('right')
    }
    machine.applied('c')
    expect(machine.state.head.number).toBe(1)
  })

  it('is asked proofs for, of those that name it, and again of those that have sent none', () => {
    const { machine, effects } = undecided()
    expect(only(proofRequests(effects))).toMatchObject({ to: ['b'], hash: FAKE })
    expect(proofRequests(machine.pass(100))).toEqual([])
    expect(only(proofRequests(machine.pass(100)))).toMatchObject({ to: ['b'] })
    const proof = Uint8Array.of(1)
    // Of somebody who does not say that he has it, for another block, or without end: not wanted.
    const endless = new Uint8Array(2_000_000)
    const tooMuch = machine.feed({ type: 'proof', from: 'b', hash: FAKE, proof: endless })
    expect(applies(tooMuch)).toEqual([])
    expect(applies(machine.feed({ type: 'proof', from: 'c', hash: FAKE, proof }))).toEqual([])
    expect(applies(machine.feed({ type: 'proof', from: 'b', hash: 'other', proof }))).toEqual([])
    const { knowledge } = only(
      applies(machine.feed({ type: 'proof', from: 'b', hash: FAKE, proof })),
    )
    expect(knowledge.proof).toBe(proof)
    machine.applied('b', UNDECIDED)
    const second = machine.feed({ type: 'proof', from: 'b', hash: FAKE, proof: Uint8Array.of(2) })
    expect(applies(second)).toEqual([])
    expect(proofRequests(machine.pass(5000))).toEqual([])
  })

  it('is taken in the end when nobody shows another', () => {
    const { machine } = undecided()
    const effects = machine.pass(LONG_MS)
    expect(only(applies(effects)).isOverdue).toBe(true)
    expect(only(reports(effects, 'undecided'))).toMatchObject({ isOverdue: true, peer: 'b' })
    machine.nowMs += 1
    machine.applied('b')
    expect(machine.state.undecided).toBeUndefined()
  })

  it('waits on while somebody is ahead who has not shown his block of this height', () => {
    const { machine } = undecided()
    name(machine, 'e', 2, 'two')
    deliver(machine, 'e', 2, 'two')
    const asked = requests(machine.applied('b', UNDECIDED))
    // The block after it tells nothing: whoever is ahead shows his own of this height.
    expect(only(asked)).toMatchObject({ to: 'e', from: 1, count: 1 })
    const { knowledge } = only(applies(deliver(machine, 'e', 1, 'right')))
    expect(knowledge.claims.get('e')).toBe('right')
    machine.applied('b', UNDECIDED)
    expect(applies(machine.pass(LONG_MS - 1000))).toEqual([])
    expect(requests(name(machine, 'f', 3, 'three'))).toHaveLength(1)
    expect(applies(machine.pass(1500))).toEqual([])
    // He does not answer: he is left alone, and nobody else is ahead.
    expect(only(applies(machine.pass(7000))).isOverdue).toBe(true)
  })

  it('is gone when consensus commits a block of its height', () => {
    const { machine } = undecided()
    machine.commit(1)
    expect(machine.state.undecided).toBeUndefined()
    expect(machine.state.queue.size).toBe(0)
    expect(applies(machine.pass(LONG_MS))).toEqual([])
  })
})

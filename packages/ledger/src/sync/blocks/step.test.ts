import type { NodeId } from '@bcos-ts/protocol'
import { describe, expect, it } from 'vitest'
import {
  block,
  GENESIS,
  Machine,
  only,
  PEERS,
  point,
  reports,
  type Request,
  requests,
  SELF,
  stretch,
} from '../../../test/block-sync-machine.ts'
import { type BlockSyncEffect } from './state.ts'

describe('requests', () => {
  it('are for eight blocks at first, of up to four peers', () => {
    const machine = new Machine()
    const all: Request[] = []
    for (const peer of PEERS) all.push(...requests(machine.claim(peer, 100)))
    expect(all.map(({ from, count }) => [from, count])).toEqual([
      [1, 8],
      [9, 8],
      [17, 8],
      [25, 8],
    ])
    expect(new Set(all.map(({ to }) => to)).size).toBe(4)
  })

  it('ask nobody for more than it has', () => {
    const machine = new Machine()
    expect(requests(machine.claim('b', 3))).toMatchObject([{ to: 'b', from: 1, count: 3 }])
    expect(requests(machine.claim('c', 9))).toMatchObject([{ to: 'c', from: 4, count: 6 }])
  })

  it('grow with each full answer up to 32, and shrink when one does not come', () => {
    const machine = new Machine()
    const sizes: number[] = []
    let request = only(requests(machine.claim('b', 1000)))
    for (let i = 0; i < 4; i++) {
      sizes.push(request.count)
      request = only(requests(machine.answer(request)))
    }
    expect(sizes).toEqual([8, 16, 32, 32])
    machine.pass(30_000)
    const again = only(requests(machine.pass(30_000)))
    expect(again.count).toBe(16)
  })

  it('are smaller for large blocks, and wait while the queue is full', () => {
    const machine = new Machine({ queueBytesMax: 10_000_000 })
    const first = only(requests(machine.claim('b', 1000)))
    // Of eight blocks of two megabytes, five fit; the first of them is added at once.
    const second = only(requests(machine.answer(first, 2_000_000)))
    expect(second).toMatchObject({ from: 6, count: 1 })
    expect(requests(machine.answer(second, 2_000_000))).toEqual([])
    expect(machine.state.queueBytes).toBe(10_000_000)
    expect(requests(machine.applied('b'))).toMatchObject([{ from: 7, count: 1 }])
  })

  it('for the very next block are made however full the queue is', () => {
    const machine = new Machine({ queueBytesMax: 1000 })
    machine.answer(only(requests(machine.claim('b', 3))), 5000)
    expect(machine.state.queue.size).toBe(0)
    expect(requests(machine.applied('b'))).toMatchObject([{ from: 2, count: 1 }])
  })

  it('reach no further ahead than 256 blocks', () => {
    const machine = new Machine()
    let pending = PEERS.flatMap((peer) => requests(machine.claim(peer, 10_000)))
    for (let i = 0; i < 50 && pending.length > 0; i++) {
      pending = pending.flatMap((request) => requests(machine.answer(request)))
    }
    expect(machine.state.queue.size).toBe(255)
    expect(Math.max(...machine.state.queue.keys())).toBe(256)
  })

  it('are made again, of another peer, when no answer comes in time', () => {
    const machine = new Machine()
    const first = only(requests(machine.claim('b', 20)))
    machine.claim('c', 8)
    expect(requests(machine.pass(7900))).toEqual([])
    const effects = machine.pass(200)
    const [again] = requests(effects)
    expect([first.to, again?.to]).toEqual(['b', 'c'])
    expect(again?.from).toBe(1)
    expect(reports(effects, 'avoided')).toMatchObject([{ peer: 'b', isLie: false, forMs: 2000 }])
  })

  it('accept a late answer', () => {
    const machine = new Machine()
    const request = only(requests(machine.claim('b', 8)))
    machine.pass(8100)
    const effects = machine.answer(request)
    const applies = effects.filter(({ type }) => type === 'apply')
    expect(applies).toMatchObject([{ candidate: { number: 1, from: 'b' } }])
  })

  it('to one that is not connected any more go to another', () => {
    const machine = new Machine()
    machine.claim('b', 20)
    machine.claim('c', 20)
    const gone = only(machine.state.shards.filter(({ first }) => first === 1)).peer
    const connected = new Set(PEERS.filter((id) => id !== gone))
    machine.feed({ type: 'view', view: { ...machine.state.view, connected } })
    machine.claim('d', 20)
    const asked = machine.state.shards.filter(({ first }) => first === 1)
    expect(asked.map(({ peer }) => peer)).not.toContain(gone)
    expect(asked).toHaveLength(1)
  })
})

describe('blocks', () => {
  it('are added one after the other, in order', () => {
    const machine = new Machine()
    machine.claim('b', 16)
    machine.claim('c', 16)
    const [one, two] = machine.state.shards
    if (one === undefined || two === undefined) throw new Error('two requests are under way')
    const early = machine.feed({
      type: 'blocks',
      from: two.peer,
      blocks: stretch(9, 16).map((number) => block(number, two.peer)),
    })
    expect(early.filter(({ type }) => type === 'apply')).toEqual([])
    const begun = machine.feed({ type: 'blocks', from: one.peer, blocks: [block(1, one.peer)] })
    const begins = begun.filter(({ type }) => type === 'apply')
    expect(begins).toMatchObject([{ candidate: { number: 1 } }])
    const more = machine.feed({
      type: 'blocks',
      from: one.peer,
      blocks: stretch(2, 8).map((number) => block(number, one.peer)),
    })
    expect(more.filter(({ type }) => type === 'apply')).toEqual([])
    for (const number of stretch(2, 16)) {
      const applies = machine.applied(one.peer).filter(({ type }) => type === 'apply')
      expect(applies).toMatchObject([{ candidate: { number } }])
    }
    const end = machine.applied(two.peer)
    expect(reports(end, 'finished')).toEqual([{ type: 'finished', head: point(16) }])
    expect(machine.state.isDownloading).toBe(false)
  })

  it('that nobody was asked for are ignored', () => {
    const machine = new Machine()
    machine.claim('b', 3)
    machine.feed({ type: 'blocks', from: 'c', blocks: [block(1, 'c')] })
    machine.feed({ type: 'blocks', from: 'b', blocks: [block(4, 'b'), block(0, 'b')] })
    expect(machine.state.queue.size).toBe(0)
    expect(machine.state.applying).toBeUndefined()
  })

  it('of a liar are thrown away, all of them, and it is left alone ever longer', () => {
    const machine = new Machine()
    const pauses: number[] = []
    let asked = requests(machine.claim('b', 50))
    for (let i = 0; i < 6; i++) {
      machine.answer(only(asked))
      const effects = machine.applied('b', { type: 'refused', reason: 'it is wrong' })
      const [report] = reports(effects, 'avoided')
      if (report?.type !== 'avoided') throw new Error('nobody is left alone')
      expect(report.reason).toBe('block 1 is refused: it is wrong')
      pauses.push(report.forMs)
      expect(machine.state.queue.size).toBe(0)
      expect(machine.state.isDownloading).toBe(false)
      expect(requests(machine.pass(report.forMs - 1))).toEqual([])
      asked = requests(machine.pass(1))
    }
    expect(pauses).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000])
  })

  it('of others stay when those of a liar are thrown away', () => {
    const machine = new Machine()
    machine.claim('b', 16)
    machine.claim('c', 16)
    for (const { peer, first, last } of machine.state.shards) {
      const blocks = stretch(first, last).map((number) => block(number, peer))
      machine.feed({ type: 'blocks', from: peer, blocks })
    }
    const liar = 'b'
    const numbers = [...machine.state.queue.values()]
    const theirs = numbers.filter(({ from }) => from !== liar).map(({ number }) => number)
    expect(numbers.length).toBeGreaterThan(theirs.length)
    machine.applied(liar, { type: 'refused', reason: 'no' })
    expect([...machine.state.queue.keys()]).toEqual(theirs)
  })

  it('come from honest peers while a liar is left alone, even when it comes back', () => {
    const machine = new Machine()
    machine.answer(only(requests(machine.claim('b', 5))))
    machine.applied('b', { type: 'refused', reason: 'no' })
    const { view } = machine.state
    machine.feed({ type: 'view', view: { ...view, connected: new Set(['c']) } })
    machine.feed({ type: 'view', view })
    expect(requests(machine.claim('b', 5))).toEqual([])
    expect(requests(machine.claim('c', 5))).toMatchObject([{ to: 'c', from: 1 }])
  })

  it('that consensus adds meanwhile leave the queue', () => {
    const machine = new Machine()
    machine.answer(only(requests(machine.claim('b', 8))))
    const effects = machine.commit(3)
    expect([...machine.state.queue.keys()]).toEqual([4, 5, 6, 7, 8])
    expect(effects.filter(({ type }) => type === 'apply')).toEqual([])
    const next = machine.feed({ type: 'applied', number: 1, from: 'b', outcome: { type: 'stale' } })
    expect(next).toMatchObject([{ type: 'apply', candidate: { number: 4 } }])
  })

  it('that fail here are tried again after pauses that double', () => {
    const machine = new Machine()
    const pauses: number[] = []
    machine.answer(only(requests(machine.claim('b', 3))))
    for (let i = 0; i < 8; i++) {
      const effects = machine.applied('b', { type: 'failed', reason: 'disk full' })
      const [report] = reports(effects, 'obstacle')
      if (report?.type !== 'obstacle') throw new Error('nothing is reported')
      expect(report).toMatchObject({ number: 1, reason: 'disk full' })
      pauses.push(report.forMs)
      expect(requests(machine.pass(report.forMs - 1))).toEqual([])
      machine.answer(only(requests(machine.pass(1))))
    }
    expect(pauses).toEqual([10, 20, 40, 80, 160, 320, 600, 600].map((s) => s * 1000))
    expect(machine.state.distrust.size).toBe(0)
  })
})

describe('a block with another result here', () => {
  const differs = (hash: string) => ({ type: 'differs', hash, reason: 'other roots' }) as const

  it('halts the node: every peer is asked once for its block of that height, and nobody again', () => {
    const machine = new Machine()
    for (const peer of PEERS) machine.claim(peer, 100)
    const first = only(machine.state.shards.filter(({ first: from }) => from === 1)).peer
    machine.answer({ type: 'requestBlocks', to: first, from: 1, count: 8 })
    const effects = machine.applied(first, differs('x'))
    expect(reports(effects, 'halted')).toMatchObject([
      { number: 1, hash: 'x', reason: 'other roots' },
    ])
    expect(machine.state.queue.size).toBe(0)
    const asked = [...requests(effects)]
    for (let i = 0; i < 20; i++) {
      const request = asked.at(-1)
      const isNew = request !== undefined && machine.state.shards.length > 0
      if (!isNew) break
      expect(request).toMatchObject({ from: 1, count: 1 })
      machine.answer(request)
      const next = machine.applied(request.to, differs('x'))
      expect(reports(next, 'halted')).toEqual([])
      asked.push(...requests(next))
    }
    expect(asked.map(({ to }) => to).toSorted()).toEqual(PEERS.filter((id) => id !== first))
    expect(requests(machine.pass(3_600_000))).toEqual([])
    expect(machine.state.distrust.size).toBe(0)
  })

  it('is mentioned again every half an hour', () => {
    const machine = new Machine()
    machine.answer(only(requests(machine.claim('b', 3))))
    machine.applied('b', differs('x'))
    let reminders = 0
    for (let minute = 0; minute < 120; minute++) {
      reminders += reports(machine.pass(60_000), 'halted').length
    }
    expect(reminders).toBe(4)
  })

  it('is forgotten when a block of that height is added, and the node goes on', () => {
    const machine = new Machine()
    machine.answer(only(requests(machine.claim('b', 3))))
    const [request] = requests([...machine.applied('b', differs('x')), ...machine.claim('c', 3)])
    if (request === undefined) throw new Error('nobody is asked')
    expect(machine.answer(request)).toMatchObject([{ type: 'apply', candidate: { number: 1 } }])
    const effects = machine.applied('c')
    expect(reports(effects, 'resumed')).toMatchObject([{ number: 1 }])
    expect(machine.state.halt).toBeUndefined()
    expect(requests(effects)).not.toEqual([])
  })
})

describe('what is believed', () => {
  it('is what more sealers claim than may lie', () => {
    const machine = new Machine()
    machine.claim('b', 1_000_000)
    machine.claim('c', 900_000)
    expect(machine.known).toEqual(point(0).number === 0 ? { number: 0, hash: GENESIS } : point(0))
    machine.claim('d', 30)
    expect(machine.known).toEqual(point(30))
    machine.claim('e', 40)
    expect(machine.known).toEqual(point(40))
  })

  it('is a single peer whose blocks have turned out good', () => {
    const machine = new Machine()
    machine.answer(only(requests(machine.claim('b', 50))))
    expect(machine.known.number).toBe(0)
    machine.applied('b')
    expect(machine.known).toEqual(point(50))
    machine.pass(20_000)
    // It has not answered the next request: its word alone is worth nothing again.
    expect(machine.known.number).toBe(1)
  })

  it('is a single sealer where one cannot lie, and anybody where no sealer is known', () => {
    const two = new Machine({}, { sealers: [SELF, 'b'], consensusNodes: [SELF, 'b'] })
    two.claim('b', 9)
    expect(two.known).toEqual(point(9))
    const connected = new Set(['stranger'])
    const lost = new Machine({}, { connected })
    lost.claim('stranger', 9)
    expect(lost.known).toEqual(point(9))
  })

  it('is not what a peer claims that is left alone', () => {
    const machine = new Machine({}, { sealers: [SELF, 'b'], consensusNodes: [SELF, 'b'] })
    machine.claim('b', 500)
    expect(machine.known.number).toBe(500)
    machine.pass(10_000)
    expect(machine.known.number).toBe(0)
  })

  it('of strangers is only that they have more blocks, and not of too many', () => {
    const strangers = Array.from({ length: 400 }, (_, i) => `s${i}`)
    const machine = new Machine({}, { connected: new Set([...PEERS, ...strangers]) })
    machine.claim('s0', 0)
    expect(machine.state.peers.has('s0')).toBe(false)
    for (const stranger of strangers) machine.claim(stranger, 5)
    expect(machine.state.peers.size).toBeLessThan(300)
    machine.claim('unconnected', 5)
    expect(machine.state.peers.has('unconnected')).toBe(false)
  })
})

describe('a sealer that is one block behind', () => {
  it('waits for consensus a moment, and asks when it does not come', () => {
    const machine = new Machine()
    machine.claim('b', 0)
    expect(requests(machine.claim('b', 1))).toEqual([])
    expect(requests(machine.pass(1400))).toEqual([])
    expect(requests(machine.pass(100))).toMatchObject([{ from: 1, count: 1 }])
  })

  it('does not ask when consensus brings it', () => {
    const machine = new Machine()
    machine.claim('b', 0)
    machine.claim('b', 1)
    machine.pass(1000)
    machine.commit(1)
    machine.claim('b', 2)
    expect(requests(machine.pass(1000))).toEqual([])
  })

  it('asks at once for a block that a peer had when they met', () => {
    const machine = new Machine()
    machine.claim('b', 0)
    expect(requests(machine.claim('c', 1))).toMatchObject([{ to: 'c', from: 1, count: 1 }])
  })

  it('waits for consensus though a peer that does not deliver met it with more', () => {
    const machine = new Machine()
    const [asked] = requests(machine.claim('b', 1000))
    expect(asked).toMatchObject({ to: 'b' })
    machine.feed({ type: 'malformed', from: 'b', reason: 'garbage' })
    machine.commit(1)
    machine.claim('c', 1)
    expect(requests(machine.claim('c', 2))).toEqual([])
  })
})

describe('status', () => {
  const told = (effects: readonly BlockSyncEffect[]): readonly NodeId[] =>
    effects.flatMap((effect) => (effect.type === 'sendStatus' ? effect.to : []))

  it('goes to all on each block and every five seconds, when trees are off', () => {
    const machine = new Machine()
    machine.pass(0)
    expect(told(machine.commit(1)).toSorted()).toEqual(PEERS)
    expect(told(machine.pass(4999))).toEqual([])
    expect(told(machine.pass(1)).toSorted()).toEqual(PEERS)
  })

  it('goes along the tree, and to random peers each second', () => {
    const machine = new Machine({ isStatusByTree: true })
    machine.pass(1000)
    expect(told(machine.commit(1)).toSorted()).toEqual(PEERS)
    const heard = new Set<NodeId>()
    for (let i = 0; i < 20; i++) {
      machine.dice = i * 7919
      const gossip = told(machine.pass(1000))
      expect(gossip.length).toBeGreaterThanOrEqual(3)
      for (const id of gossip) heard.add(id)
    }
    expect(heard.size).toBe(PEERS.length)
  })

  it('does not go out for each block of a download', () => {
    const machine = new Machine()
    machine.answer(only(requests(machine.claim('b', 8))))
    let count = 0
    for (let i = 0; i < 7; i++) if (told(machine.applied('b')).length > 0) count += 1
    expect(count).toBeLessThanOrEqual(1)
  })

  it('is told to a member at once when it connects', () => {
    const machine = new Machine({}, { connected: new Set(['b']) })
    const connected = new Set(['b', 'c'])
    const effects = machine.feed({ type: 'view', view: { ...machine.state.view, connected } })
    expect(told(effects)).toContain('c')
  })
})

import { TokenBucket, utf8 } from '@bcos-ts/common'
import { protocolIdOf } from '@bcos-ts/protocol/ports'
import { NO_SKEW, SkewedClock } from '@bcos-ts/testing/simulator'
import { describe, expect, it } from 'vitest'
import { encodeFrame } from '../src/frame.ts'
import { memoryTransport } from '../src/memory/index.ts'
import type { Connection } from '../src/transport.ts'
import { endpointOf, identityOf, TestNetwork, type TestNode, textsOf } from './network.ts'

const PBFT = protocolIdOf(1, 8)
const idOf = (number: number): string => identityOf(number).nodeId

function collect(node: TestNode, protocolId = PBFT): string[] {
  const got: string[] = []
  node.register(protocolId, (message, from) => {
    got.push(
      `${from.slice(0, 2)} ${message.packetType} ${new TextDecoder().decode(message.payload)}`,
    )
  })
  return got
}

const message = (text: string, packetType = 0) => ({
  protocolId: PBFT,
  packetType,
  payload: utf8(text),
})

function connectedIds(node: TestNode): string[] {
  return node
    .peers()
    .map((peer) => peer.nodeId)
    .toSorted()
}

/** A peer that speaks raw bytes. */
async function stranger(net: TestNetwork, number: number, target: number): Promise<Connection> {
  const transport = memoryTransport({
    hub: net.hub,
    endpoint: endpointOf(number),
    self: identityOf(number),
  })
  const [connection] = await Promise.all([transport.dial(endpointOf(target)), net.time.pass(5)])
  return connection
}

describe('a chain that starts', () => {
  it('connects every node with every other within a second, each pair once', async () => {
    const net = new TestNetwork(5)
    const nodes = await net.chain(4)
    await net.time.pass(1000)
    for (const [number, node] of nodes.entries()) {
      expect(connectedIds(node)).toEqual([0, 1, 2, 3].filter((i) => i !== number).map(idOf))
    }
    await net.time.pass(60_000)
    for (const node of nodes) {
      expect(textsOf(node, 'Connection established')).toHaveLength(3)
      expect(textsOf(node, 'Connection closed')).toEqual([])
    }
  })

  it('loses no message while both ends of a pair dial each other', async () => {
    const net = new TestNetwork(5)
    const [a, b] = await net.two()
    const atA = collect(a)
    const atB = collect(b)
    const sent: string[] = []
    for (let i = 0; i < 800; i++) {
      await net.time.pass(10)
      if (!a.isConnected(idOf(1)) || !b.isConnected(idOf(0))) continue
      a.send(idOf(1), message(`${i}`))
      b.send(idOf(0), message(`${i}`))
      sent.push(`${i}`)
    }
    await net.time.pass(100)
    expect(sent.length).toBeGreaterThan(700)
    expect(atA).toEqual(sent.map((text) => `01 0 ${text}`))
    expect(atB).toEqual(sent.map((text) => `00 0 ${text}`))
  })

  it('reports sessions as users and monitors expect', async () => {
    const net = new TestNetwork()
    const [node] = await net.chain(2)
    await net.time.pass(10_500)
    const line = { level: 'info', badges: ['P2P', 'Service'], message: 'heartBeat' }
    expect(node && textsOf(node, 'heartBeat')).toEqual([
      { ...line, fields: { 'connected count': 1 } },
    ])
    expect(node && textsOf(node, 'Connection established')[0]?.fields).toEqual({
      nodeID: idOf(1),
      endpoint: endpointOf(1),
    })
  })
})

describe('connections', () => {
  it('come back soon after a peer returns', async () => {
    const net = new TestNetwork()
    const [a, b] = await net.two()
    await net.time.pass(20_000)
    const events: boolean[] = []
    a.onConnection(({ isConnected }) => void events.push(isConnected))
    await b.stop()
    await net.time.pass(1000)
    expect(a.isConnected(idOf(1))).toBe(false)
    await net.node({ number: 1 }, 2).start()
    await net.time.pass(2000)
    expect(a.isConnected(idOf(1))).toBe(true)
    expect(events).toEqual([false, true])
  })

  it('are not made with nodes outside the allow list, nor with denied ones', async () => {
    const net = new TestNetwork()
    const a = net.node({ number: 0, allowed: [idOf(1), idOf(2)], denied: [idOf(2).toUpperCase()] })
    await a.start()
    for (const number of [1, 2, 3]) await net.node({ number }).start()
    await net.time.pass(3000)
    expect(connectedIds(a)).toEqual([idOf(1)])
    a.setLists({ allowed: [idOf(3)] })
    expect(connectedIds(a)).toEqual([])
    await net.time.pass(15_000)
    expect(connectedIds(a)).toEqual([idOf(3)])
  })

  it('end at once when their node is denied, and begin again when it is not', async () => {
    const net = new TestNetwork()
    const [a, b, c] = await net.three()
    await net.time.pass(3000)
    expect(connectedIds(a)).toEqual([idOf(1), idOf(2)])
    a.setLists({ allowed: [idOf(1), idOf(2)], denied: [idOf(2).toUpperCase()] })
    expect(connectedIds(a)).toEqual([idOf(1)])
    await net.time.pass(30_000)
    expect(connectedIds(a)).toEqual([idOf(1)])
    expect([connectedIds(b), connectedIds(c)]).toEqual([[idOf(0), idOf(2)], [idOf(1)]])
    a.setLists({})
    await net.time.pass(15_000)
    expect(connectedIds(a)).toEqual([idOf(1), idOf(2)])
  })

  it('stay as they are when one entry of the new lists is no node id', async () => {
    const net = new TestNetwork()
    const [a] = await net.three()
    await net.time.pass(3000)
    for (const lists of [
      { allowed: [idOf(1), 'abc'], denied: [idOf(1)] },
      { denied: [idOf(1), `${idOf(2)}0`] },
    ]) {
      expect(() => a.setLists(lists)).toThrow(
        expect.objectContaining({ code: 'NETWORK_INVALID_NODE_ID' }),
      )
    }
    expect(connectedIds(a)).toEqual([idOf(1), idOf(2)])
  })

  it('follow the configured peers when these change', async () => {
    const net = new TestNetwork()
    const a = net.node({ number: 0, peers: [] })
    const b = net.node({ number: 1, peers: [] })
    await a.start()
    await b.start()
    await net.time.pass(20_000)
    expect(a.isConnected(idOf(1))).toBe(false)
    a.configurePeers([endpointOf(1)])
    expect(a.configuredPeers()).toEqual([endpointOf(1)])
    await net.time.pass(1000)
    expect(b.isConnected(idOf(0))).toBe(true)
    expect(() => a.configurePeers(['nowhere'])).toThrow(
      expect.objectContaining({ code: 'NETWORK_INVALID_ENDPOINT' }),
    )
    a.configurePeers([])
    await net.time.pass(1000)
    expect(a.isConnected(idOf(1))).toBe(true)
  })

  it('are closed when a peer falls silent or takes nothing, and the limit on sessions holds', async () => {
    const net = new TestNetwork()
    const a = net.node({ number: 0, peers: [], limits: { connectionsMax: 2 } })
    await a.start()
    const silent = await stranger(net, 7, 0)
    let end = ''
    silent.open({ onData: () => {}, onClose: (reason) => (end = reason) })
    await stranger(net, 8, 0)
    await expect(stranger(net, 9, 0)).rejects.toMatchObject({ code: 'NETWORK_DIAL_FAILED' })
    expect(connectedIds(a)).toEqual([idOf(7), idOf(8)])
    await net.time.pass(19_000)
    expect(connectedIds(a)).toEqual([idOf(7), idOf(8)])
    await net.time.pass(10_000)
    expect(connectedIds(a)).toEqual([])
    expect(end).toBe('closed by the peer')
    expect(textsOf(a, 'Connection closed').map(({ fields }) => fields['reason'])).toEqual([
      'nothing received for 20000 ms',
      'nothing received for 20000 ms',
    ])
  })

  it.each([3_600_000, -3_600_000])(
    'live and end as before when somebody sets the clock by %i ms',
    async (byMs) => {
      const net = new TestNetwork()
      const clock = new SkewedClock(net.time, NO_SKEW, 0)
      const a = net.node({ number: 0, peers: [], clock })
      const b = net.node({ number: 1, peers: [endpointOf(0)] })
      await a.start()
      await b.start()
      await net.time.pass(1000)
      clock.shift(byMs)
      await net.time.pass(60_000)
      expect(connectedIds(a)).toEqual([idOf(1)])
      expect(textsOf(a, 'Connection closed')).toEqual([])
      const silent = await stranger(net, 7, 0)
      silent.open({ onData: () => {}, onClose: () => {} })
      await net.time.pass(1000)
      clock.shift(byMs)
      await net.time.pass(15_000)
      expect(connectedIds(a)).toEqual([idOf(1), idOf(7)])
      await net.time.pass(15_000)
      expect(connectedIds(a)).toEqual([idOf(1)])
    },
  )

  it('make way for one that the peer begins anew, once two heartbeats are missed', async () => {
    const net = new TestNetwork()
    const a = net.node({ number: 0, peers: [] })
    await a.start()
    const ends: string[] = []
    const connectAnew = async (): Promise<void> => {
      const connection = await stranger(net, 7, 0)
      const name = `connection ${ends.length}`
      ends.push(`${name} is open`)
      const index = ends.length - 1
      connection.open({ onData: () => {}, onClose: () => (ends[index] = `${name} is over`) })
      await net.time.pass(10)
    }
    await connectAnew()
    await net.time.pass(6000)
    await connectAnew()
    expect(ends).toEqual(['connection 0 is open', 'connection 1 is over'])
    await net.time.pass(6000)
    await connectAnew()
    expect(ends).toEqual(['connection 0 is over', 'connection 1 is over', 'connection 2 is open'])
    expect(connectedIds(a)).toEqual([idOf(7)])
    await net.time.pass(15_000)
    expect(connectedIds(a)).toEqual([idOf(7)])
  })

  it('survive a partition of the network', async () => {
    const net = new TestNetwork()
    const [a, b, c] = await net.three()
    await net.time.pass(3000)
    net.hub.partition((from, to) => from === endpointOf(0) || to === endpointOf(0))
    await net.time.pass(30_000)
    expect([a, b, c].map((node) => connectedIds(node).length)).toEqual([0, 1, 1])
    net.hub.partition(() => false)
    await net.time.pass(15_000)
    expect([a, b, c].map((node) => connectedIds(node).length)).toEqual([2, 2, 2])
  })
})

describe('messages', () => {
  it('reach the module and group they name, in order, and nobody else', async () => {
    const net = new TestNetwork()
    const [a, b, c] = await net.three()
    await net.time.pass(1000)
    const group1 = collect(b)
    const group2 = collect(b, protocolIdOf(2, 8))
    const atC = collect(c)
    for (let i = 0; i < 5; i++) a.send(idOf(1), message(`m${i}`, i))
    a.send(idOf(9), message('to nobody'))
    a.send(idOf(0), message('to itself'))
    a.multicast([idOf(1), idOf(2), idOf(0)], message('x'.repeat(5000)))
    await net.time.pass(50)
    expect(group1.slice(0, 5)).toEqual([0, 1, 2, 3, 4].map((i) => `00 ${i} m${i}`))
    expect(group1[5]).toBe(`00 0 ${'x'.repeat(5000)}`)
    expect(atC).toEqual([group1[5]])
    expect(group2).toEqual([])
    expect(a.metrics.snapshot()['p2p_bytes_out_g1_m8']).toBeGreaterThan(80)
  })

  it('use up the permits of their group, and are sent all the same', async () => {
    const net = new TestNetwork()
    const limiter = new TokenBucket({ permitsPerSecond: 100 }, net.time)
    const outgoing = (groupId: number) => (groupId === 1 ? [limiter] : [])
    const a = net.node({ number: 0, outgoing }, 2)
    const b = net.node({ number: 1 }, 2)
    const got = collect(b)
    for (const node of [a, b]) await node.start()
    await net.time.pass(2000)
    expect(limiter.tryAcquire()).toBe(true)
    for (let i = 0; i < 10; i++) a.send(idOf(1), message(`m${i}`))
    await net.time.pass(100)
    expect(got).toHaveLength(10)
    expect(limiter.tryAcquire()).toBe(false)
  })

  it('stop when a module is taken away', async () => {
    const net = new TestNetwork()
    const [a, b] = await net.two()
    await net.time.pass(1000)
    const got: number[] = []
    const remove = b.register(PBFT, ({ packetType }) => void got.push(packetType))
    a.send(idOf(1), message('', 1))
    await net.time.pass(10)
    remove()
    a.send(idOf(1), message('', 2))
    await net.time.pass(10)
    expect(got).toEqual([1])
  })

  it('are dropped when they are longer than a frame', async () => {
    const net = new TestNetwork()
    const [a, b] = await net.two({ isCompressing: false })
    await net.time.pass(1000)
    const got = collect(b)
    a.send(idOf(1), { ...message(''), payload: new Uint8Array(104_857_600) })
    a.send(idOf(1), message('after'))
    await net.time.pass(10)
    expect(got).toEqual(['00 0 after'])
  })
})

async function victim() {
  const net = new TestNetwork()
  const [a, b] = await net.two({ sendQueueBytesMax: 100_000 })
  await net.time.pass(1000)
  return { net, a, b }
}

describe('a hostile peer', () => {
  it('that sends garbage loses its session, and nobody else does', async () => {
    const { net, a, b } = await victim()
    const got = collect(a)
    let state = 1
    for (let round = 0; round < 2000; round++) {
      const enemy = await stranger(net, 9, 0)
      enemy.open({ onData: () => {}, onClose: () => {} })
      const garbage = new Uint8Array(round % 100).map(() => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
        return state >>> 16
      })
      enemy.write(garbage)
      enemy.write(new Uint8Array(20).fill(0xff))
      await net.time.pass(5)
      // Bytes that begin like a long frame are waited for, until the peer goes.
      enemy.close('done')
      await net.time.pass(5)
      expect(connectedIds(a)).toEqual([idOf(1)])
    }
    const reasons = textsOf(a, 'Connection closed').map(({ fields }) => `${fields['reason']}`)
    expect(reasons).toHaveLength(2000)
    const refused = reasons.filter((reason) => reason.startsWith('invalid P2P frame: '))
    expect(refused.length).toBeGreaterThan(1900)
    b.send(idOf(0), message('still here'))
    await net.time.pass(10)
    expect(got).toEqual(['01 0 still here'])
  })

  it('that does not read is cut off before much gathers for it', async () => {
    const { net, a } = await victim()
    await stranger(net, 9, 0)
    for (let i = 0; i < 200; i++) {
      a.send(idOf(9), { ...message(''), payload: new Uint8Array(1000) })
    }
    expect(a.isConnected(idOf(9))).toBe(false)
    expect(textsOf(a, 'Connection closed')[0]?.fields['reason']).toMatch(
      /^slow peer: 10\d{4} bytes/,
    )
    await net.time.pass(10)
  })

  it('that answers nothing it was asked, or is the node itself, does no harm', async () => {
    const { net, a } = await victim()
    const enemy = await stranger(net, 9, 0)
    enemy.open({ onData: () => {}, onClose: () => {} })
    for (const protocolId of [-PBFT, -2, -1, 0, PBFT, -0x8000_0000]) {
      const frame = { protocolId, packetType: 3, seq: 2, payload: utf8('9\tx') }
      enemy.write(encodeFrame(frame, { isCompressing: false }))
    }
    await net.time.pass(10)
    expect(a.isConnected(idOf(9))).toBe(true)
    expect(a.peers().find((peer) => peer.nodeId === idOf(9))?.topics).toEqual([])
    const impostor = await stranger(net, 0, 0)
    let end = ''
    impostor.open({ onData: () => {}, onClose: (reason) => (end = reason) })
    await net.time.pass(10)
    expect(end).toBe('closed by the peer')
    expect(a.isConnected(idOf(0))).toBe(false)
  })
})

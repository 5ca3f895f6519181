import { TokenBucket, utf8 } from '@bcos-ts/common'
import type { Block } from '@bcos-ts/protocol'
import { ChannelType as Type, encodeChannelFrame } from '@bcos-ts/protocol/channel'
import type { GroupChange } from '@bcos-ts/protocol/ports'
import { NO_SKEW, SkewedClock } from '@bcos-ts/testing/simulator'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { channelNodes } from './channel.ts'
import type { TestClient, TextFrame } from './client.ts'

const SEQ = '5'.repeat(32)
const KEY = 'ab'.repeat(64)

const frame = (type: number, text: string, seq = SEQ): TextFrame => ({ type, seq, result: 0, text })

const rpcRequest = (method: string, params: readonly unknown[] = [], id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', method, params, id })

/** Texts that came to a client, oldest first. */
const texts = (client: TestClient): string[] => client.received.map(({ text }) => text)

async function one(init: Parameters<typeof channelNodes>[1] = {}) {
  const { time, nodes } = await channelNodes(1, init)
  const [node] = nodes
  if (node === undefined) throw new Error('no node')
  const exchange = async (client: TestClient, ...sent: readonly TextFrame[]) => {
    client.received.length = 0
    for (const each of sent) client.send(each)
    await time.pass(100)
    return texts(client)
  }
  return { ...node, time, exchange }
}

function commit(service: { chain: { append(block: Block, hash: Uint8Array): void } }, like: Block) {
  return (number: number): void => {
    const header = { ...like.header, number }
    service.chain.append({ ...like, header }, new Uint8Array(32).fill(number))
  }
}

describe('a session', () => {
  it('speaks the first version until it shakes hands, and the last one it agreed on', async () => {
    const { listener, exchange } = await one()
    const client = listener.connect()
    const handshake = (body: unknown) =>
      exchange(client, frame(Type.handshake, JSON.stringify(body)))
    const heartbeat = (text: string) => exchange(client, frame(Type.heartbeat, text))
    expect(await heartbeat('0')).toEqual(['1'])
    expect(await heartbeat('')).toEqual([])
    expect(await heartbeat('{"heartBeat":0}')).toEqual([])
    const agreed = '{"nodeVersion":"2.9.0","protocol":2}\n'
    expect(await handshake({ minimumSupport: 2, maximumSupport: 2 })).toEqual([agreed])
    expect(await heartbeat('')).toEqual(['{"heartBeat":1}\n'])
    for (const body of ['x', [], { maximumSupport: '3' }, { minimumSupport: null }]) {
      expect(await handshake(body)).toEqual([])
    }
    expect(await heartbeat('0')).toEqual(['{"heartBeat":1}\n'])
    expect(await handshake({})).toEqual(['{"nodeVersion":"2.9.0","protocol":1}\n'])
    expect(await heartbeat('0')).toEqual(['1'])
    expect(client.isClosed).toBe(false)
    await handshake({ minimumSupport: 4, maximumSupport: 9 })
    expect(client.isClosed).toBe(true)
    const other = listener.connect()
    other.send(frame(Type.handshake, '{"maximumSupport":0}'))
    expect(other.isClosed).toBe(true)
  })

  it('ends after a minute without traffic, but lives as long as anything moves', async () => {
    const { time, listener } = await one()
    const idle = listener.connect()
    const alive = listener.connect()
    for (let i = 0; i < 6; i++) {
      await time.pass(20_000)
      // An empty heartbeat of version 1 is not even answered.
      alive.send(frame(Type.heartbeat, ''))
    }
    expect([idle.isClosed, alive.isClosed]).toEqual([true, false])
  })

  it.each([3_600_000, -3_600_000])(
    'lives and ends as before when somebody sets the clock by %i ms',
    async (byMs) => {
      let clock = new SkewedClock({ nowMs: () => 0 }, NO_SKEW, 0)
      const { time, nodes } = await channelNodes(1, {}, (world) => {
        clock = new SkewedClock(world, NO_SKEW, 0)
        return clock
      })
      const client = nodes[0]?.listener.connect()
      await time.pass(20_000)
      clock.shift(byMs)
      await time.pass(30_000)
      expect(client?.isClosed).toBe(false)
      await time.pass(15_000)
      expect(client?.isClosed).toBe(true)
    },
  )

  it('ends when its client announces too much, or less than a header', async () => {
    const { listener } = await one()
    for (const length of [0, 41, 104_857_601, 0xffff_ffff]) {
      const client = listener.connect()
      const header = new Uint8Array(4)
      new DataView(header.buffer).setUint32(0, length)
      client.sendBytes(header)
      expect(client.isClosed).toBe(true)
    }
  })

  it('ends when its client does not read what it asks for', async () => {
    const { listener, logs } = await one({ sendQueueBytesMax: 10_000 })
    const client = listener.connect()
    client.isReading = false
    for (let i = 0; i < 500 && !client.isClosed; i++) {
      client.send(frame(Type.heartbeat, '0'))
    }
    expect(client.isClosed).toBe(true)
    const record = logs.find((each) => each.message === 'Client disconnected')
    expect(record?.fields['reason']).toMatch(/^slow client: 10\d{3} bytes/)
  })

  it('ends when all clients together leave too many frames unfinished', async () => {
    const { listener } = await one({ receiveBytesMax: 100_000 })
    const clients = Array.from({ length: 5 }, () => listener.connect())
    const unfinished = encodeChannelFrame({
      type: Type.rpc,
      seq: SEQ,
      result: 0,
      data: new Uint8Array(60_000),
    }).subarray(0, 40_000)
    for (const client of clients) client.sendBytes(unfinished.slice())
    expect(clients.map(({ isClosed }) => isClosed)).toEqual([false, false, true, true, true])
    const [first, second] = clients
    first?.sendBytes(new Uint8Array(20_042))
    second?.leave()
    const late = listener.connect()
    late.sendBytes(unfinished.slice())
    expect(late.isClosed).toBe(false)
  })

  it('sends one frame at a time, also when many are asked for at once', async () => {
    const { listener, exchange } = await one()
    const client = listener.connect()
    const requests = Array.from({ length: 50 }, (_, i) =>
      frame(Type.rpc, rpcRequest('getGroupList', [], i), String(i).padStart(32, '0')),
    )
    await exchange(client, ...requests)
    expect(client.received.map(({ seq }) => seq)).toEqual(requests.map(({ seq }) => seq))
    expect(client.writes).toEqual(requests.map(() => 1))
  })
})

describe('requests over the channel', () => {
  it('are bounded for the node and for each group, but the version can always be asked for', async () => {
    const clock = { nowMs: () => 0 }
    const three = { tryAcquire: () => left-- > 0, acquire: () => 0 }
    let left = 3
    const { listener, exchange } = await one({
      nodeLimit: three,
      groupLimit: (groupId) =>
        groupId === 2 ? new TokenBucket({ permitsPerSecond: 1 }, clock) : undefined,
    })
    const client = listener.connect()
    const ask = (method: string, ...params: readonly unknown[]) =>
      exchange(client, frame(Type.rpc, rpcRequest(method, params, 7)))
    const over = (method: string) =>
      `{"error":{"code":-40011,"message":"${method} Over QPS limit"},"id":7,"jsonrpc":"2.0"}\n`
    expect(await ask('getBlockNumber', 1)).toEqual(['{"id":7,"jsonrpc":"2.0","result":"0x1a3"}\n'])
    expect(await ask('getBlockNumber', 2)).toEqual([over('getBlockNumber')])
    expect(await ask('getGroupList')).toHaveLength(1)
    expect(await ask('getGroupList')).toEqual([over('getGroupList')])
    expect((await ask('getClientVersion'))[0]).toContain('"Supported Version":"2.9.0"')
  })

  it('are refused to clients whose key is not on the list of a group, one by one in a batch', async () => {
    const { listener, exchange } = await one({ isSdkAllowed: (_groupId, key) => key === KEY })
    const request = frame(
      Type.rpc,
      `[${rpcRequest('getBlockNumber', [1], 42)},${rpcRequest('getGroupList', [], 43)}]`,
    )
    const good =
      '[{"id":42,"jsonrpc":"2.0","result":"0x1a3"},{"id":43,"jsonrpc":"2.0","result":[1]}]\n'
    expect(await exchange(listener.connect(KEY), request)).toEqual([good])
    // An RSA certificate yields no key, and then nothing is restricted.
    expect(await exchange(listener.connect(), request)).toEqual([good])
    const [refused = ''] = await exchange(listener.connect('cd'.repeat(64)), request)
    expect(JSON.parse(refused)).toEqual([
      {
        error: {
          code: -40_012,
          message: 'getBlockNumber The SDK is not allowed to access this group',
        },
        id: 42,
        jsonrpc: '2.0',
      },
      { id: 43, jsonrpc: '2.0', result: [1] },
    ])
  })
})

describe('block notices', () => {
  it('go to the sessions that subscribed the group, in the form of their version', async () => {
    const { time, listener, service } = await one()
    const like = service.chain.block(1)
    if (like === undefined) throw new Error('not recorded')
    const [first, third, other] = [listener.connect(), listener.connect(), listener.connect()]
    third.send(frame(Type.handshake, '{"minimumSupport":1,"maximumSupport":3}'))
    for (const client of [first, third]) client.send(frame(Type.subscribe, '["_block_notify_1"]'))
    other.send(frame(Type.subscribe, '["_block_notify_2"]'))
    const next = commit(service, like)
    next(420)
    await time.pass(100)
    const zeros = '0'.repeat(32)
    const notice = (body: string) => frame(Type.blockNotify, `\u0010_block_notify_1${body}`, zeros)
    expect(first.received).toEqual([notice('1,420')])
    expect(third.received.at(-1)).toEqual(notice('{"blockNumber":420,"groupID":1}\n'))
    expect(other.received).toEqual([])
    first.send(frame(Type.subscribe, '[]'))
    next(421)
    await time.pass(100)
    expect(first.received).toHaveLength(1)
  })

  it('begin and end with their group', async () => {
    const { time, listener, service, server } = await one()
    await server.stop()
    const like = service.chain.block(1)
    const group = service.group(1)
    if (like === undefined || group === undefined) throw new Error('not recorded')
    let tell: (event: GroupChange) => void = () => {}
    service.groups = () => []
    service.onGroupChange = (listen) => {
      tell = listen
      return () => {}
    }
    await server.start()
    const client = listener.connect()
    client.send(frame(Type.subscribe, '["_block_notify_1"]'))
    const next = commit(service, like)
    next(420)
    tell({ group, isRunning: true })
    next(421)
    tell({ group, isRunning: false })
    next(422)
    await time.pass(100)
    expect(texts(client)).toEqual(['\u0010_block_notify_11,421'])
  })
})

describe('topics', () => {
  it('of all sessions together are those of the node, as lists replace each other', async () => {
    const { listener, amop } = await one()
    const [a, b] = [listener.connect(), listener.connect()]
    a.send(frame(Type.subscribe, '["x","y","消息"]'))
    b.send(frame(Type.subscribe, '["y",7,null]'))
    expect(amop.topics()).toEqual(['x', 'y', '消息', '7', 'null'])
    a.send(frame(Type.subscribe, 'not json'))
    a.send(frame(Type.subscribe, `["${'t'.repeat(255)}","z"]`))
    expect(amop.topics()).toEqual(['z', 'y', '7', 'null'])
    b.leave()
    expect(amop.topics()).toEqual(['z'])
    a.send(frame(Type.subscribe, 'null'))
    expect(amop.topics()).toEqual([])
    expect(amop.publications).toBe(5)
  })
})

describe('AMOP', () => {
  const message = (type: number, text: string) => frame(type, `\u0002t${text}`)
  const subscribe = frame(Type.subscribe, '["t"]')

  async function two(init: Parameters<typeof channelNodes>[1] = {}) {
    const { time, nodes } = await channelNodes(2, init)
    const [near, far] = nodes
    if (near === undefined || far === undefined) throw new Error('no nodes')
    return { time, near, far, sender: near.listener.connect() }
  }

  it('asks the sessions of a node one after the other, and says so when all are silent', async () => {
    const { time, far, sender } = await two()
    const silent = [far.listener.connect(), far.listener.connect()]
    for (const client of silent) client.send(subscribe)
    sender.send(message(Type.amopRequest, 'mute'))
    await time.pass(11_000)
    for (const client of silent) {
      expect(client.received).toEqual([message(Type.amopRequest, 'mute')])
    }
    expect(sender.received).toEqual([{ ...message(Type.amopResponse, 'mute'), result: 104 }])
  })

  it('takes the answer of whoever gives one, also the sender itself', async () => {
    const { time, far, sender } = await two()
    const silent = far.listener.connect()
    const lively = far.listener.connect()
    for (const client of [silent, lively]) client.send(subscribe)
    sender.send(message(Type.amopRequest, 'hello'))
    await time.pass(6000)
    lively.send(message(Type.amopResponse, 'hi'))
    await time.pass(10)
    expect(sender.received).toEqual([message(Type.amopResponse, 'hi')])
    for (const client of [silent, lively]) client.leave()
    sender.send(subscribe)
    sender.received.length = 0
    sender.send(message(Type.amopRequest, 'to myself'))
    await time.pass(10)
    sender.send(message(Type.amopResponse, 'from myself'))
    await time.pass(10)
    expect(sender.received).toEqual([
      message(Type.amopRequest, 'to myself'),
      message(Type.amopResponse, 'from myself'),
    ])
  })

  it('finds out at once when a session ends while it is asked', async () => {
    const { time, far, sender } = await two()
    const dying = far.listener.connect()
    dying.send(subscribe)
    sender.send(message(Type.amopRequest, 'x'))
    await time.pass(10)
    dying.leave()
    await time.pass(10)
    expect(sender.received).toEqual([{ ...message(Type.amopResponse, 'x'), result: 104 }])
  })

  it('is refused when bandwidth runs out', async () => {
    const none = { tryAcquire: () => false, acquire: () => 0 }
    const { time, far, sender } = await two({ bandwidth: none })
    far.listener.connect().send(subscribe)
    sender.send(message(Type.amopRequest, 'x'))
    sender.send(message(Type.amopMulticast, 'x'))
    await time.pass(10)
    const refused = { ...frame(Type.amopResponse, ''), result: 103 }
    expect(sender.received).toEqual([refused, refused])
  })

  it('brings clients nothing but what AMOP sends, whatever a neighbour puts into a message', async () => {
    const { time, far, sender } = await two()
    const victim = far.listener.connect()
    victim.send(subscribe)
    const { local } = far.amop
    for (const type of [Type.receipt, Type.rpc, Type.amopResponse, 0xffff]) {
      const bytes = encodeChannelFrame({ type, seq: SEQ, result: 0, data: utf8('\u0002tforged') })
      local?.deliverAll(bytes)
      await local?.deliver(bytes)
    }
    for (const bytes of [new Uint8Array(0), new Uint8Array(100), utf8('x'.repeat(60))]) {
      local?.deliverAll(bytes)
      await local?.deliver(bytes)
    }
    sender.send(frame(Type.amopRequest, ''))
    sender.send(frame(Type.amopMulticast, '\u0009t'))
    await time.pass(100)
    expect(victim.received).toEqual([])
    expect(sender.received).toEqual([])
  })

  it('has private topics checked by a publisher, and passes the outcome on', async () => {
    const { time, near } = await two()
    const topic = '#!$TopicNeedVerify_priv'
    const topicForCertificate = `#!$VerifyChannel_${topic}_${'0a'.repeat(16)}`
    const publishers = [near.listener.connect(), near.listener.connect()]
    for (const each of publishers) each.send(frame(Type.subscribe, `["#!$PushChannel_${topic}"]`))
    near.amop.challenge({ nodeId: KEY, topic, topicForCertificate })
    await time.pass(5100)
    const text = `{"nodeId":"${KEY}","topic":"${topic}","topicForCert":"${topicForCertificate}"}\n`
    const request = frame(Type.topicCertificate, text, `${'0'.repeat(31)}1`)
    // The first gave no sign, so the second was asked.
    for (const { received } of publishers) expect(received).toEqual([request])
    const [, second] = publishers
    second?.send({ ...request, text: '' })
    const status = (checkResult: unknown, nodeId: unknown = KEY) =>
      frame(Type.topicStatus, JSON.stringify({ checkResult, nodeId, topic }))
    for (const each of [status(0), status(1), status('0'), status(0, 7)]) second?.send(each)
    second?.send(frame(Type.topicStatus, 'x'))
    await time.pass(5100)
    expect(near.amop.verified).toEqual([
      { nodeId: KEY, topic, isVerified: true },
      { nodeId: KEY, topic, isVerified: false },
    ])
    expect(publishers.map(({ received }) => received.length)).toEqual([1, 1])
  })
})

describe('a storm of nonsense', () => {
  const types = fc.constantFrom(...Object.values(Type), 0, 0x77, 0xffff)
  const names = fc.constantFrom('getBlockByNumber', 'call', 'sendRawTransaction', 'nope')
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc.json().map((json) => `\u0001${json}`),
    fc.string().map((text) => `\u0003ab${text}`),
    fc
      .record({ jsonrpc: fc.constant('2.0'), method: names, params: fc.jsonValue(), id: fc.nat() })
      .map((request) => JSON.stringify(request)),
    fc
      .record({
        filterID: fc.string(),
        groupID: fc.jsonValue(),
        addresses: fc.jsonValue(),
        topics: fc.jsonValue(),
      })
      .map((request) => `\u0001${JSON.stringify(request)}`),
  )

  it('breaks nothing: tens of thousands of frames, and the next request is answered', async () => {
    const { time, listener, exchange } = await one()
    const storm = fc.array(fc.record({ type: types, text: body, seq: fc.constant(SEQ) }), {
      minLength: 50,
      maxLength: 200,
      size: 'max',
    })
    const survive = async (frames: readonly { type: number; text: string; seq: string }[]) => {
      const client = listener.connect()
      for (const each of frames) if (!client.isClosed) client.send({ ...each, result: 0 })
      await time.pass(20_000)
      client.leave()
    }
    await fc.assert(fc.asyncProperty(storm, survive), { numRuns: 250 })
    const answer = await exchange(listener.connect(), frame(Type.rpc, rpcRequest('getGroupList')))
    expect(answer).toEqual(['{"id":1,"jsonrpc":"2.0","result":[1]}\n'])
  })

  it('leaves nothing behind', async () => {
    const { listener, exchange, amop } = await one({ receiveBytesMax: 1_000_000 })
    const garbage = fc.uint8Array({ maxLength: 2000, size: 'max' })
    const survive = (bytes: Uint8Array) => {
      const client = listener.connect()
      client.send(frame(Type.subscribe, '["t"]'))
      client.sendBytes(bytes)
      client.leave()
    }
    fc.assert(fc.property(garbage, survive), { numRuns: 5000 })
    expect(amop.topics()).toEqual([])
    // Had unfinished frames been counted for ever, nobody could connect any more.
    const answer = await exchange(listener.connect(), frame(Type.heartbeat, '0'))
    expect(answer).toEqual(['1'])
  })
})

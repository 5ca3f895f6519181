import { toHex } from '@bcos-ts/common'
import type { Block, LogEntry } from '@bcos-ts/protocol'
import { ChannelType as Type } from '@bcos-ts/protocol/channel'
import { describe, expect, it } from 'vitest'
import { isMatch, parseEventRequest } from '../src/events/filter.ts'
import { channelNodes } from './channel.ts'
import type { TestClient } from './client.ts'

const ADDRESS = '12'.repeat(20)
const OTHER = '34'.repeat(20)
const TOPIC = new Uint8Array(32).fill(7)

const log = (address: string, ...topics: readonly Uint8Array[]): LogEntry => ({
  address,
  topics,
  data: new Uint8Array(0),
})

const request = (members: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ filterID: 'f', groupID: 1, addresses: [], topics: [], ...members })

describe('a filter', () => {
  it.each([
    [{ groupID: '1' }, 1],
    [{ groupID: '0x1' }, 1],
    [{ groupID: 32_767 }, 32_767],
  ])('is of the group in %j', (members, groupId) => {
    expect(parseEventRequest(request(members))?.groupId).toBe(groupId)
  })

  it.each([
    [{ fromBlock: 'latest', toBlock: 5 }, undefined, 5],
    [{ fromBlock: '0x10', toBlock: 'latest' }, 16, undefined],
    [{ fromBlock: '12' }, 12, undefined],
  ])('covers the blocks in %j', (members, fromBlock, toBlock) => {
    expect(parseEventRequest(request(members))).toMatchObject({ fromBlock, toBlock })
  })

  it.each([
    'x',
    '[]',
    '{}',
    request({ filterID: '' }),
    request({ filterID: 7 }),
    request({ groupID: 0 }),
    request({ groupID: 32_768 }),
    request({ groupID: 'one' }),
    request({ groupID: undefined }),
    request({ addresses: undefined }),
    request({ topics: undefined }),
    request({ addresses: ['0x12'] }),
    request({ addresses: [null] }),
    request({ addresses: {} }),
    request({ topics: [[], [], [], [], []] }),
    request({ topics: [[7]] }),
    request({ topics: [`0x${'zz'.repeat(32)}`] }),
    request({ fromBlock: '-1' }),
    request({ fromBlock: {} }),
    request({ toBlock: `0x${'f'.repeat(30)}` }),
    request({ addresses: Array.from({ length: 10_001 }, () => `0x${ADDRESS}`) }),
  ])('is not %s', (text) => {
    expect(parseEventRequest(text)).toBeUndefined()
  })

  it('wants logs of its addresses, or of any', () => {
    const pattern = (addresses: unknown) => parseEventRequest(request({ addresses }))?.pattern
    const wants = (addresses: unknown, address: string) => {
      const one = pattern(addresses)
      return one !== undefined && isMatch(log(address), one)
    }
    expect(wants([], OTHER)).toBe(true)
    expect(wants(`0x${ADDRESS.toUpperCase()}`, ADDRESS)).toBe(true)
    expect(wants([ADDRESS, OTHER], OTHER)).toBe(true)
    expect(wants([ADDRESS], OTHER)).toBe(false)
  })

  it('wants logs with its topics at their places', () => {
    const topic = `0x${toHex(TOPIC)}`
    const other = `0x${'00'.repeat(32)}`
    const wants = (topics: unknown, one: LogEntry): boolean => {
      const pattern = parseEventRequest(request({ topics }))?.pattern
      return pattern !== undefined && isMatch(one, pattern)
    }
    const two = log(ADDRESS, TOPIC, TOPIC)
    expect(wants([], log(ADDRESS))).toBe(true)
    expect(wants([null, topic], two)).toBe(true)
    expect(wants([[other, topic]], two)).toBe(true)
    expect(wants(topic, two)).toBe(true)
    expect(wants([[], [], []], two)).toBe(true)
    expect(wants([other], two)).toBe(false)
    expect(wants([topic, topic, topic], two)).toBe(false)
    expect(wants(null, two)).toBe(false)
  })
})

/** A node whose blocks 0 to 30 each hold one log of one address. */
async function chainOfLogs(init: Parameters<typeof channelNodes>[1] = {}) {
  const { time, nodes } = await channelNodes(1, init)
  const [node] = nodes
  const like = node?.service.chain.block(29)
  if (node === undefined || like === undefined) throw new Error('not recorded')
  const receipt = like.receipts[0]
  if (receipt === undefined) throw new Error('not recorded')
  const blockOf = (number: number): Block => ({
    ...like,
    header: { ...like.header, number },
    receipts: [{ ...receipt, logs: [log(ADDRESS, TOPIC)] }],
  })
  const append = (number: number): void =>
    node.service.chain.append(blockOf(number), new Uint8Array(32).fill(number))
  for (let number = 0; number <= 30; number++) append(number)
  let calls = 0
  const call = async (client: TestClient, type: number, members: object): Promise<unknown> => {
    calls += 1
    const seq = String(calls).padStart(32, '0')
    client.send({ type, seq, result: 0, text: `\u0001${request({ ...members })}` })
    await time.pass(1)
    const answer = client.received.findLast((one) => one.seq === seq)
    return answer === undefined ? undefined : JSON.parse(answer.text.slice(1)).result
  }
  const pushes = (client: TestClient): unknown[] =>
    client.received
      .filter(({ type }) => type === Type.eventPush)
      .map(({ text }) => JSON.parse(text))
      .map(({ filterID, logs, result }) => [
        filterID,
        result,
        logs?.map(({ blockNumber }: { blockNumber: string }) => Number(blockNumber)) ?? null,
      ])
  return { ...node, time, append, call, pushes }
}

describe('events', () => {
  it('of the past come in portions, and then the end is told', async () => {
    const { listener, call, pushes, time } = await chainOfLogs()
    const client = listener.connect()
    const members = { fromBlock: 3, toBlock: '9' }
    expect(await call(client, Type.registerEvent, members)).toBe(0)
    await time.pass(100)
    expect(pushes(client)).toEqual([
      ['f', 0, [3, 4, 5]],
      ['f', 0, [6, 7, 8]],
      ['f', 0, [9]],
      ['f', 1, null],
    ])
    expect(client.received.at(-1)?.text).toBe('{"filterID":"f","logs":null,"result":1}\n')
    expect(await call(client, Type.unregisterEvent, {})).toBe(-41_007)
  })

  it('from now on begin with the latest block and go on without end', async () => {
    const { listener, call, pushes, append, time } = await chainOfLogs()
    const client = listener.connect()
    await call(client, Type.registerEvent, { fromBlock: 'latest' })
    await time.pass(100)
    append(31)
    append(32)
    await time.pass(100)
    append(33)
    await time.pass(100)
    expect(pushes(client)).toEqual([
      ['f', 0, [30]],
      ['f', 0, [31, 32]],
      ['f', 0, [33]],
    ])
  })

  it('are waited for when they lie ahead', async () => {
    const { listener, call, pushes, append, time } = await chainOfLogs()
    const client = listener.connect()
    expect(await call(client, Type.registerEvent, { fromBlock: 32, toBlock: 32 })).toBe(0)
    append(31)
    await time.pass(100)
    expect(pushes(client)).toEqual([])
    append(32)
    await time.pass(100)
    expect(pushes(client)).toEqual([
      ['f', 0, [32]],
      ['f', 1, null],
    ])
  })

  it('stop when the client says so, for its own filters only, and when it goes', async () => {
    const { listener, call, pushes, append, time } = await chainOfLogs()
    const [a, b] = [listener.connect(), listener.connect()]
    await call(a, Type.registerEvent, {})
    await call(b, Type.registerEvent, {})
    expect(await call(listener.connect(), Type.unregisterEvent, {})).toBe(-41_007)
    expect(await call(a, Type.unregisterEvent, {})).toBe(0)
    expect(await call(a, Type.unregisterEvent, {})).toBe(-41_007)
    await time.pass(100)
    b.leave()
    append(31)
    await time.pass(100)
    expect([pushes(a), pushes(b)]).toEqual([[], [['f', 0, [30]]]])
  })

  it('are refused for groups that are not there, ranges that cannot be, and strangers', async () => {
    const { listener, call } = await chainOfLogs({
      isSdkAllowed: (_groupId, key) => key === 'good',
      eventLimitsOf: () => ({ blockRangeMax: 10, blocksPerPass: 3 }),
    })
    const client = listener.connect('good')
    const code = (members: object) => call(client, Type.registerEvent, members)
    expect(await code({ groupID: 2 })).toBe(-41_002)
    expect(await code({ fromBlock: 9, toBlock: 8 })).toBe(-41_003)
    expect(await code({ fromBlock: 'latest', toBlock: 29 })).toBe(-41_003)
    expect(await code({ fromBlock: 20 })).toBe(-41_003)
    expect(await code({ fromBlock: 21 })).toBe(0)
    expect(await code({ fromBlock: 40 })).toBe(0)
    expect(await code({ topics: undefined })).toBe(-41_001)
    const stranger = listener.connect('bad')
    expect(await call(stranger, Type.registerEvent, {})).toBe(-41_006)
    expect(await call(stranger, Type.unregisterEvent, {})).toBe(-41_006)
  })

  it('rest while a client is not allowed to see the group, and go on where they were', async () => {
    let isAllowed = true
    const { listener, call, pushes, append, time } = await chainOfLogs({
      isSdkAllowed: () => isAllowed,
    })
    const client = listener.connect('key')
    await call(client, Type.registerEvent, { fromBlock: 30 })
    await time.pass(100)
    isAllowed = false
    append(31)
    await time.pass(100)
    isAllowed = true
    append(32)
    await time.pass(100)
    isAllowed = false
    append(33)
    await time.pass(5000)
    isAllowed = true
    // No further block comes: the filter goes on all the same.
    await time.pass(2000)
    expect(pushes(client)).toEqual([
      ['f', 0, [30]],
      ['f', 0, [31, 32]],
      ['f', 0, [33]],
    ])
  })

  it('reach a thousand filters of a client, and no more', async () => {
    const { listener, call, pushes, append, time } = await chainOfLogs()
    const client = listener.connect()
    const members = { fromBlock: 31, toBlock: 31 }
    for (let i = 0; i < 1000; i++) {
      expect(await call(client, Type.registerEvent, { ...members, filterID: `f${i}` })).toBe(0)
    }
    expect(await call(client, Type.registerEvent, members)).toBe(-41_001)
    expect(await call(listener.connect(), Type.registerEvent, members)).toBe(0)
    append(31)
    await time.pass(5000)
    expect(pushes(client)).toHaveLength(2000)
    expect(await call(client, Type.registerEvent, members)).toBe(0)
  })
})

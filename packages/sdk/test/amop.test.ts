import { fromUtf8, toHex, utf8 } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { describe, expect, it, vi } from 'vitest'
import { type AmopMessage, failoverTransport, generateAccount } from '../src/index.ts'
import { atEnd, clientOf, setup, transportTo, until } from './support.ts'
import { createMemoryHub, startTestNode, type TestNode } from './test-node.ts'

const SECRET = new Uint8Array(32).fill(9)
const PUBLIC_KEY = toHex(standardSuite.keyPair(SECRET).publicKey)
/** Neighbours hear of topics at most five seconds later. */
const PATIENT = 30_000

/** Two nodes that are connected, and one client of each. */
async function two() {
  const hub = createMemoryHub()
  const nodes: TestNode[] = []
  for (const number of [0, 1]) {
    const node = await startTestNode({ groups: [], hub, number, size: 2 })
    atEnd(() => node.stop())
    nodes.push(node)
  }
  const [near, far] = nodes
  if (near === undefined || far === undefined) throw new Error('no nodes')
  await until('they see each other', () => near.service.network.peers().length === 1)
  const sender = clientOf(transportTo(near, 'channel')).amop
  const receiver = clientOf(transportTo(far, 'websocket')).amop
  const isKnown = (topic: string) => () => near.service.amop.countSubscribers(topic) > 0
  return { near, far, sender, receiver, isKnown }
}

const textOf = async (answer: Promise<Uint8Array>) => fromUtf8(await answer)

describe('messages between applications', () => {
  it(
    'reach one subscriber at another node, and its answer comes back',
    { timeout: PATIENT },
    async () => {
      const { sender, receiver, far, isKnown } = await two()
      const heard: AmopMessage[] = []
      const stop = receiver.subscribe('greetings', (message) => {
        heard.push(message)
        return `hello, ${fromUtf8(message.payload)}`
      })
      await until('the topic is known', isKnown('greetings'))
      expect(await textOf(sender.send('greetings', 'world'))).toBe('hello, world')
      expect(heard).toEqual([{ topic: 'greetings', payload: utf8('world'), isBroadcast: false }])
      await sender.broadcast('greetings', 'all')
      await until('it came', () => heard.length === 2)
      expect(heard[1]).toEqual({ topic: 'greetings', payload: utf8('all'), isBroadcast: true })
      // A connection that is lost is made again, with its topics.
      far.dropClients()
      await until('it listens again', () => far.service.amop.topics().length === 0)
      await until('it listens again', () => far.service.amop.topics().includes('greetings'))
      await until('the topic is known', isKnown('greetings'))
      expect(await textOf(sender.send('greetings', 'again'))).toBe('hello, again')
      stop()
      await until('nobody listens', () => far.service.amop.topics().length === 0)
    },
  )

  it('that nobody takes end in an error that says why', { timeout: PATIENT }, async () => {
    const { sender, receiver, isKnown } = await two()
    const failure = (amopCode: number) => ({ code: 'SDK_AMOP_FAILED', details: { amopCode } })
    await expect(sender.send('nobody', 'x')).rejects.toMatchObject(failure(100))
    receiver.subscribe('silent', () => undefined)
    receiver.subscribe('broken', () => {
      throw new Error('mine')
    })
    await until('the topics are known', isKnown('broken'))
    const sent = [
      sender.send('silent', 'x', { timeoutMs: 300 }),
      sender.send('broken', 'x'),
    ] as const
    await expect(sent[0]).rejects.toMatchObject(failure(102))
    await expect(sent[1]).rejects.toMatchObject(failure(104))
    await expect(sender.send('t'.repeat(255), 'x')).rejects.toMatchObject({
      code: 'SDK_INVALID_TOPIC',
    })
    expect(() => receiver.subscribe('t'.repeat(255), () => {})).toThrow(/254 bytes/)
  })

  it(
    'on a private topic go to those whose key the publisher knows',
    { timeout: 60_000 },
    async () => {
      const { sender, receiver, near, isKnown } = await two()
      const topic = 'salaries'
      const heard: string[] = []
      receiver.subscribePrivate(topic, SECRET, ({ payload, topic: name }) => {
        heard.push(`${name}: ${fromUtf8(payload)}`)
        return 'thanks'
      })
      await expect(sender.sendPrivate(topic, 'early')).rejects.toMatchObject({
        details: { amopCode: 100 },
      })
      sender.publishPrivate(topic, [`04${PUBLIC_KEY}`])
      await until('it was checked', isKnown('#!$TopicNeedVerify_salaries'))
      expect(await textOf(sender.sendPrivate(topic, '100'))).toBe('thanks')
      await sender.broadcastPrivate(topic, '200')
      await until('it came', () => heard.length === 2)
      expect(heard).toEqual(['salaries: 100', 'salaries: 200'])
      // A key that is not on the list.
      const stranger = clientOf(transportTo(near, 'channel'))
      stranger.amop.publishPrivate('plans', [generateAccount(standardSuite).publicKey])
      receiver.subscribePrivate('plans', SECRET, () => 'never')
      const verdict = vi.spyOn(near.service.amop, 'setVerified')
      await until('the node was told', () => verdict.mock.calls.length > 0)
      expect(verdict.mock.lastCall?.[2]).toBe(false)
      await expect(stranger.amop.sendPrivate('plans', 'x')).rejects.toMatchObject({
        details: { amopCode: 100 },
      })
    },
  )

  it(
    'come once to an application that is connected to several nodes',
    { timeout: PATIENT },
    async () => {
      const { near, far, sender, isKnown } = await two()
      const both = failoverTransport([transportTo(near, 'websocket'), transportTo(far, 'channel')])
      const heard: string[] = []
      clientOf(both).amop.subscribe('news', ({ payload }) => {
        heard.push(fromUtf8(payload))
        return 'ok'
      })
      await until('both nodes have it', () => far.service.amop.topics().includes('news'))
      await until('the topic is known', () => near.service.amop.countSubscribers('news') === 2)
      expect(isKnown('news')()).toBe(true)
      await sender.broadcast('news', 'one')
      await sender.broadcast('news', 'two')
      await sender.send('news', 'three')
      await until('all came', () => heard.includes('three'))
      expect(heard).toEqual(['one', 'two', 'three'])
    },
  )

  it('need a connection on which nodes speak first', async () => {
    const { client } = await setup('http')
    expect(() => client.amop).toThrow(/webSocketTransport or channelTransport/)
  })
})

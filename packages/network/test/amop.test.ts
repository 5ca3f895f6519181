import { concatBytes, fromUtf8, utf8 } from '@bcos-ts/common'
import type { AmopLocal, TopicCertificateRequest } from '@bcos-ts/protocol/ports'
import { describe, expect, it } from 'vitest'
import { identityOf, TestNetwork, type TestNode } from './network.ts'

const idOf = (number: number): string => identityOf(number).nodeId

/** A stand-in for a channel frame: the type where it is looked for, then text. */
function channelFrame(type: number, text: string): Uint8Array {
  return concatBytes(new Uint8Array(4), Uint8Array.of(type >> 8, type & 0xff), utf8(text))
}

const textOf = (frame: Uint8Array | undefined): string | undefined =>
  frame === undefined ? undefined : fromUtf8(frame.subarray(6))

/** The applications of one node. */
class Applications implements AmopLocal {
  readonly delivered: string[] = []
  readonly challenges: TopicCertificateRequest[] = []
  answer: (text: string) => Promise<Uint8Array>

  constructor(name: string) {
    this.answer = (text) => Promise.resolve(channelFrame(0x31, `${name} got ${text}`))
  }

  deliver(frame: Uint8Array): Promise<Uint8Array> {
    this.delivered.push(textOf(frame) ?? '')
    return this.answer(textOf(frame) ?? '')
  }

  deliverAll(frame: Uint8Array): void {
    this.delivered.push(`all ${textOf(frame)}`)
  }

  requestCertificate(request: TopicCertificateRequest): void {
    this.challenges.push(request)
  }
}

const SILENCE = (): Promise<Uint8Array> => new Promise(() => {})

async function three() {
  const net = new TestNetwork()
  const nodes = await net.three()
  const apps = [new Applications('n0'), new Applications('n1'), new Applications('n2')] as const
  for (const [number, app] of apps.entries()) nodes[number]?.amop.attach(app)
  await net.time.pass(1000)
  const send = async (node: TestNode, topic: string, text: string, waitMs = 100) => {
    const sent = node.amop.unicast(topic, channelFrame(0x30, text))
    await net.time.pass(waitMs)
    return textOf(await sent)
  }
  return { net, nodes, apps, send }
}

describe('AMOP', () => {
  it('finds a subscriber at a neighbour once its topics were announced', async () => {
    const { net, nodes, apps, send } = await three()
    const [a, b] = nodes
    b.amop.publish(['weather', 'news', 'weather'])
    expect(b.amop.topics()).toEqual(['weather', 'news'])
    expect(await send(a, 'weather', 'early')).toBeUndefined()
    await net.time.pass(5100)
    expect(a.amop.countSubscribers('weather')).toBe(1)
    expect(a.peers().find(({ nodeId }) => nodeId === idOf(1))?.topics).toEqual(['weather', 'news'])
    expect(await send(a, 'weather', 'rain?')).toBe('n1 got rain?')
    b.amop.publish([])
    await net.time.pass(5100)
    expect(await send(a, 'weather', 'late')).toBeUndefined()
    expect(apps[1].delivered).toEqual(['rain?'])
  })

  it('delivers on the own node, and everywhere at once when multicast', async () => {
    const { net, nodes, apps, send } = await three()
    for (const node of nodes) node.amop.publish(['all'])
    nodes[0].amop.publish(['all', 'mine'])
    await net.time.pass(5100)
    const [a] = nodes
    expect(await send(a, 'mine', 'x')).toBe('n0 got x')
    expect(a.amop.countSubscribers('all')).toBe(3)
    a.amop.multicast('all', channelFrame(0x35, 'to all'))
    await net.time.pass(100)
    for (const app of apps) expect(app.delivered).toContain('all to all')
    const answers = new Set<string | undefined>()
    for (let i = 0; i < 40; i++) answers.add(await send(a, 'all', 'q'))
    expect(answers).toEqual(new Set(['n0 got q', 'n1 got q', 'n2 got q']))
  })

  it('takes the next subscriber when one is silent or goes, and gives up when none is left', async () => {
    const { net, nodes, apps, send } = await three()
    const [a, b, c] = nodes
    b.amop.publish(['t'])
    c.amop.publish(['t'])
    await net.time.pass(5100)
    apps[1].answer = SILENCE
    for (let i = 0; i < 4; i++) expect(await send(a, 't', 'hello', 31_000)).toBe('n2 got hello')
    apps[2].answer = SILENCE
    expect(await send(a, 't', 'hello', 61_000)).toBeUndefined()
    const sent = a.amop.unicast('t', channelFrame(0x30, 'dying'))
    await net.time.pass(100)
    await b.stop()
    await c.stop()
    await net.time.pass(100)
    expect(await sent).toBeUndefined()
  })

  it('accepts an answer that a reference node marks as a request', async () => {
    const { net, nodes, apps } = await three()
    const [a, b] = nodes
    b.amop.publish(['t'])
    await net.time.pass(5100)
    apps[1].answer = SILENCE
    const sent = a.amop.unicast('t', channelFrame(0x30, 'q'))
    await net.time.pass(10)
    // The numbers of a node's requests count up from 2; whichever this one has, it will be among these.
    const defect = channelFrame(0x31, 'all failed')
    for (let seq = 2; seq < 100; seq++) {
      b.send(idOf(0), { protocolId: 1, packetType: 0, payload: defect })
    }
    await net.time.pass(10)
    expect(textOf(await sent)).toBe('all failed')
    expect(apps[0].delivered.length).toBeLessThan(98)
  })

  it('uses a private topic only after its check, which is asked for in the own rhythm', async () => {
    const { net, nodes, apps, send } = await three()
    const [a, b] = nodes
    const topic = '#!$TopicNeedVerify_T'
    const topicForCertificate = `#!$VerifyChannel_${topic}_${'0f'.repeat(16)}`
    b.amop.publish([topic, topicForCertificate])
    await net.time.pass(16_000)
    expect(await send(a, topic, 'secret')).toBeUndefined()
    expect(apps[0].challenges[0]).toEqual({ nodeId: idOf(1), topic, topicForCertificate })
    expect(apps[0].challenges.length).toBeLessThanOrEqual(3)
    expect(await send(a, topicForCertificate, 'challenge')).toBe('n1 got challenge')
    a.amop.setVerified(idOf(1), topic, true)
    expect(await send(a, topic, 'secret')).toBe('n1 got secret')
    a.amop.setVerified(idOf(9), topic, true)
  })

  it('drops requests when no application server is there', async () => {
    const net = new TestNetwork()
    const [a, b] = await net.two()
    const detach = b.amop.attach(new Applications('n1'))
    b.amop.publish(['t'])
    await net.time.pass(6000)
    detach()
    const sent = a.amop.unicast('t', channelFrame(0x30, 'q'))
    await net.time.pass(31_000)
    expect(await sent).toBeUndefined()
  })
})

import { createServer } from 'node:net'
import { deflateSync } from 'node:zlib'
import { fromUtf8, isBcosError, utf8 } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { ChannelType, EventCode, PUSH_SEQ } from '@bcos-ts/protocol/channel'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { channelTransport } from '../src/channel.ts'
import { Client, generateAccount, httpTransport, type Transport } from '../src/index.ts'
import { webSocketTransport } from '../src/websocket.ts'
import { FakeNode, recorded, textOf } from './fake-node.ts'
import { atEnd, until } from './support.ts'
import { credentialsOf, startTestNode } from './test-node.ts'

function clientWith(answer: (method: string) => unknown): Client {
  const transport: Transport = {
    request: (method) => Promise.resolve(answer(method)),
    close: () => Promise.resolve(),
  }
  return new Client({ transport, suite: standardSuite, chainId: 1, pollMs: 5 })
}

const QUESTIONS: readonly ((client: Client) => Promise<unknown>)[] = [
  (client) => client.getBlockNumber(),
  (client) => client.getSealerList(),
  (client) => client.getConsensusStatus(),
  (client) => client.getSyncStatus(),
  (client) => client.getTotalTransactionCount(),
  (client) => client.getPendingTransactions(),
  (client) => client.getCode('0x1'),
  (client) => client.getBlockByNumber(1),
  (client) => client.getFullBlock(1),
  (client) => client.getBlockHeaderByNumber(1, true),
  (client) => client.getTransactionByHash('0x1'),
  (client) => client.getTransactionReceipt('0x1'),
  (client) => client.getTransactionByHashWithProof('0x1'),
  (client) => client.getTransactionReceiptByHashWithProof('0x1'),
  (client) => client.getBatchReceiptsByBlockNumberAndRange(1),
  (client) => client.call('0x1', '0x2', new Uint8Array(0)),
  (client) => client.node.getClientVersion(),
  (client) => client.node.getNodeInfo(),
  (client) => client.node.getPeers(),
  (client) => client.node.queryGroupStatus(1),
]

describe('what a node answers', () => {
  it('ends in a value or in a typed error, whatever it is', async () => {
    const values = fc.oneof(fc.jsonValue(), fc.constantFrom(null, undefined, '', '0x', [{}], [[]]))
    const survive = async (value: unknown) => {
      const client = clientWith(() => value)
      for (const ask of QUESTIONS) {
        const error: unknown = await ask(client).then(
          () => undefined,
          (reason: unknown) => reason,
        )
        expect(error === undefined || isBcosError(error, 'SDK_INVALID_ANSWER'), String(error)).toBe(
          true,
        )
      }
    }
    await fc.assert(fc.asyncProperty(values, survive), { numRuns: 300 })
  })

  it('unpacks to a bounded text only', async () => {
    const bomb = deflateSync(new Uint8Array(300_000_000))
    const client = clientWith(() => bomb.toString('base64'))
    await expect(client.getBatchReceiptsByBlockNumberAndRange(1)).rejects.toThrow(/does not unpack/)
    for (const packed of ['!', 'AAAA', deflateSync('{').toString('base64')]) {
      const answer = clientWith(() => packed).getBatchReceiptsByBlockNumberAndRange(1)
      await expect(answer).rejects.toMatchObject({ code: 'SDK_INVALID_ANSWER' })
    }
  })

  it('may be no JSON at all', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'))
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    atEnd(() => server.close())
    const address = server.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    const transport = httpTransport({ url: `http://127.0.0.1:${port}` })
    await expect(transport.request('getPeers', [])).rejects.toMatchObject({
      code: 'SDK_INVALID_ANSWER',
    })
  })
})

describe('a connection', () => {
  function connected(): { node: FakeNode; client: Client } {
    const node = new FakeNode()
    const client = new Client({
      transport: node.link({ timeoutMs: 200 }),
      suite: standardSuite,
      chainId: 1,
    })
    atEnd(() => client.close())
    return { node, client }
  }

  it('on which nonsense comes is made again, and what was subscribed goes on', async () => {
    const { node, client } = connected()
    node.onFrame = (frame) => {
      const isQuestion = frame.type === ChannelType.rpc
      if (isQuestion) node.send({ ...frame, data: utf8('{"id":1,"jsonrpc":"2.0","result":"0x7"}') })
      if (frame.type === ChannelType.registerEvent)
        node.answer(frame, 'n12-event-register-response')
    }
    const heights: number[] = []
    client.transport.push?.onBlock(1, (height) => void heights.push(height))
    const errors: string[] = []
    const watched = client.watchEvents({ from: 0 }, () => {}, {
      onError: (error) => void errors.push(error.message),
    })
    await until('it watches', () => node.of(ChannelType.registerEvent).length === 1)
    const { filterID } = JSON.parse(textOf(node.of(ChannelType.registerEvent)[0]!, true))
    const push = (text: string) =>
      node.send({ type: ChannelType.eventPush, seq: PUSH_SEQ, result: 0, data: utf8(text) })
    const nonsense: readonly (() => void)[] = [
      () => node.sendBytes(new Uint8Array(4).fill(255)),
      () => node.sendBytes(new Uint8Array(42)),
      () => push('{'),
      () => node.leave(),
    ]
    for (const [index, break_] of nonsense.entries()) {
      break_()
      await until('it watches again', () => node.of(ChannelType.registerEvent).length === index + 2)
      await until('it subscribed again', () => node.connections === index + 2)
    }
    expect(errors).toHaveLength(nonsense.length)
    // What belongs to nobody is passed over.
    push(JSON.stringify({ filterID: 'unknown', logs: null, result: EventCode.completed }))
    push(JSON.stringify({ filterID, logs: null, result: EventCode.completed }))
    for (const type of [0x12, 0x30, 0x31, 0x37, 0x1000, 0x1001, 0x7777]) {
      for (const text of [
        '',
        '{}',
        '\u0009t',
        '\u0010_block_notify_1x',
        '\u0010_block_notify_1{}',
      ]) {
        node.send({ type, seq: PUSH_SEQ, result: 0, data: utf8(text) })
      }
    }
    node.push('j12-block-notify-v3')
    expect(heights.at(-1)).toBe(39)
    expect(new Set(heights)).toEqual(new Set([7, 39]))
    watched.stop()
  })

  it('ends the watch when logs cannot be read', async () => {
    const { node, client } = connected()
    node.onFrame = (frame) => {
      if (frame.type !== ChannelType.registerEvent) return
      node.answer(frame, 'n12-event-register-response')
      const { filterID } = JSON.parse(textOf(frame, true))
      const data = utf8(JSON.stringify({ filterID, logs: [{ address: 5 }], result: 0 }))
      node.send({ type: ChannelType.eventPush, seq: PUSH_SEQ, result: 0, data })
    }
    const { ended } = client.watchEvents({ from: 0 }, () => {})
    await expect(ended).rejects.toMatchObject({ code: 'SDK_INVALID_ANSWER' })
  })

  it('that does not shake hands, or does not answer, is given up in time', async () => {
    const mute = new FakeNode()
    const handshake = recorded('j04-handshake-response')
    mute.answer = () => {}
    const client = new Client({ transport: mute.link({ timeoutMs: 50 }) })
    atEnd(() => client.close())
    await expect(client.getBlockNumber()).rejects.toThrow(/no handshake/)
    const { node, client: other } = connected()
    await expect(other.getBlockNumber()).rejects.toThrow(/nothing within 200 ms/)
    expect(node.connections).toBe(1)
    expect(fromUtf8(handshake.data)).toContain('protocol')
  })

  it('is refused to and by those of another chain', async () => {
    const node = await startTestNode({ groups: [] })
    atEnd(() => node.stop())
    const dial = (name: string, ca: string) => {
      const { key, certificate } = credentialsOf(name)
      const init = { host: '127.0.0.1', port: node.channelPort, key, certificate }
      const transport = channelTransport({ ...init, ca: credentialsOf(ca).ca, timeoutMs: 2000 })
      atEnd(() => transport.close())
      return transport.request('getGroupList', [])
    }
    expect(await dial('sdk', 'sdk')).toEqual([])
    for (const [name, ca] of [
      ['sdk of another chain', 'sdk'],
      ['sdk', 'sdk of another chain'],
      ['sdk of another agency', 'sdk'],
    ] as const) {
      await expect(dial(name, ca)).rejects.toMatchObject({ code: 'SDK_NO_CONNECTION' })
    }
  })

  it('over TLS may use RSA certificates, and may lead to several nodes', async () => {
    const node = await startTestNode({ groups: [], certificate: 'node, RSA' })
    atEnd(() => node.stop())
    const endpoints = ['127.0.0.1:1', `127.0.0.1:${node.channelPort}`]
    const transport = channelTransport({ endpoints, ...credentialsOf('sdk, RSA') })
    atEnd(() => transport.close())
    expect(await transport.request('getGroupList', [])).toEqual([])
  })

  it('to where no node is fails with the address', async () => {
    const account = generateAccount(standardSuite)
    for (const transport of [
      webSocketTransport({ url: 'ws://127.0.0.1:1' }),
      channelTransport({ host: '127.0.0.1', port: 1, ...credentialsOf('sdk') }),
    ]) {
      const client = new Client({ transport, suite: standardSuite, chainId: 1 })
      atEnd(() => client.close())
      await expect(client.send(account, { data: new Uint8Array(0) })).rejects.toMatchObject({
        code: 'SDK_NO_CONNECTION',
        details: { wasSent: false, url: expect.stringContaining('127.0.0.1:1') as unknown },
      })
    }
  })
})

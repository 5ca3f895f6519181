import { fromHex, fromUtf8, toHex, utf8 } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { ChannelType, splitTopic } from '@bcos-ts/protocol/channel'
import { describe, expect, it } from 'vitest'
import exchanges from '../../rpc/vectors/exchanges.json' with { type: 'json' }
import methods from '../../rpc/vectors/methods.json' with { type: 'json' }
import { AmopClient, Client, type EventLog, type Transport } from '../src/index.ts'
import { readFullyProvenReceipt } from '../src/json/proof.ts'
import { FakeNode, recorded, textOf } from './fake-node.ts'
import { atEnd, until } from './support.ts'

function connected(): { node: FakeNode; client: Client } {
  const node = new FakeNode()
  const client = new Client({ transport: node.link(), suite: standardSuite, chainId: 1 })
  atEnd(() => client.close())
  return { node, client }
}

/** Answers requests by their JSON-RPC method with recorded frames, and pushes what should follow. */
function script(node: FakeNode, answers: Readonly<Record<string, readonly string[]>>): void {
  node.onFrame = (frame) => {
    if (frame.type !== ChannelType.rpc) return
    const { method } = JSON.parse(textOf(frame))
    for (const name of answers[String(method)] ?? []) node.answer(frame, name)
  }
}

const jsonOf = (name: string, hasTopic = false): unknown =>
  JSON.parse(textOf(recorded(name), hasTopic))
const rawOf = (name: string): string => {
  const { params } = JSON.parse(textOf(recorded(name)))
  return String(params[1])
}

describe('a client and what real nodes sent', () => {
  it('shakes hands as SDKs do', async () => {
    const { node, client } = connected()
    script(node, { getClientVersion: ['j02-getClientVersion-response'] })
    expect(await client.node.getClientVersion()).toMatchObject({
      version: '2.9.1',
      supportedVersion: '2.9.0',
      chainId: 1n,
    })
    const [handshake, request] = node.received
    expect(handshake).toMatchObject({ type: 0x14, result: 0 })
    expect(handshake?.seq).toMatch(/^[0-9a-f]{32}$/)
    const offer = JSON.parse(textOf(handshake!))
    expect(offer).toEqual({ ...Object(jsonOf('j03-handshake-request')), clientType: 'bcos-ts' })
    expect(JSON.parse(textOf(request!))).toMatchObject({ jsonrpc: '2.0', params: [] })
  })

  it('takes a pushed receipt, whether it comes behind the answer or before it', async () => {
    const raw = rawOf('j14-sendRawTransactionAndGetProof-request')
    for (const order of [
      ['j11-sendRawTransaction-response', 'j15-receipt-push-with-proof'],
      ['j15-receipt-push-with-proof', 'j11-sendRawTransaction-response'],
    ]) {
      const { node, client } = connected()
      script(node, { sendRawTransactionAndGetProof: order })
      const { receipt, transactionProof, receiptProof } =
        await client.sendRawTransactionAndGetProof(raw)
      expect(receipt).toMatchObject({ blockNumber: 0x29, status: 0, statusMessage: 'None' })
      expect(transactionProof?.at(-1)).toEqual({ left: [], right: [] })
      expect(receiptProof).toHaveLength(transactionProof?.length ?? 0)
    }
  })

  it.each([
    'n10-receipt-push',
    'n10b-receipt-push-with-log',
    'n10c-receipt-push-reverted',
    'j13-receipt-push',
    'c20-transaction-v2-push',
  ])('reads receipt %s', (name) => {
    const { receipt } = readFullyProvenReceipt('push', jsonOf(name))
    expect(receipt).toMatchObject({ transactionHash: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
  })

  it('takes the zero receipt of a refusal for what it is', async () => {
    const { node, client } = connected()
    script(node, {
      sendRawTransaction: ['j17-duplicate-nonce-response', 'j18-failure-receipt-push'],
      getTransactionReceipt: ['null'],
    })
    node.onFrame = ((before) => (frame) => {
      const isQuestion =
        frame.type === ChannelType.rpc && textOf(frame).includes('getTransactionReceipt')
      if (!isQuestion) return before(frame)
      node.send({ ...frame, data: utf8('{"id":1,"jsonrpc":"2.0","result":null}') })
    })(node.onFrame)
    await expect(client.transactRaw(rawOf('j16-duplicate-nonce-request'))).rejects.toMatchObject({
      code: 'SDK_TRANSACTION_REFUSED',
      details: { status: 15, reason: 'NonceCheckFail' },
    })
  })

  it('hears of blocks in the words of every version', async () => {
    const { node, client } = connected()
    const heights: number[] = []
    const stop = client.transport.push?.onBlock(1, (height) => void heights.push(height))
    await until('it subscribed', () => node.of(ChannelType.subscribe).length > 0)
    expect(textOf(node.of(ChannelType.subscribe)[0]!)).toBe(
      textOf(recorded('j09-subscribe-topics')),
    )
    for (const name of ['n09-block-notify-v1', 'j12-block-notify-v3', 'c21-block-notify-v2'])
      node.push(name)
    expect(heights).toEqual([51, 39, 99])
    stop?.()
    await until('it ended', () => node.of(ChannelType.subscribe).length > 1)
    expect(textOf(node.of(ChannelType.subscribe)[1]!)).toBe('[]')
  })

  it('asks for events as SDKs do, and takes them', async () => {
    const { node, client } = connected()
    const seen: EventLog[] = []
    const { addresses } = Object(jsonOf('n11-event-register-request', true))
    const subscription = client.watchEvents(
      { from: 1, to: 60, addresses, topics: [] },
      (logs) => void seen.push(...logs),
    )
    await until('it asked', () => node.of(ChannelType.registerEvent).length > 0)
    const [register] = node.of(ChannelType.registerEvent)
    const { filterID, ...filter } = JSON.parse(textOf(register!, true))
    const { filterID: _, ...like } = Object(jsonOf('j21-event-register-bounded', true))
    expect(filter).toEqual({ ...like, fromBlock: '1', toBlock: '60', addresses })
    expect(filterID).toMatch(/^[0-9a-f]{32}$/)
    // Logs may come before the answer.
    for (const name of ['n13-event-push', 'j23-event-push-completed']) {
      const push = { ...Object(jsonOf(name)), filterID }
      node.send({ ...recorded(name), data: utf8(JSON.stringify(push)) })
      if (name.startsWith('n13')) node.answer(register!, 'j22-event-register-bounded-response')
    }
    await subscription.ended
    const [log] = Object(jsonOf('n13-event-push')).logs
    expect(seen).toMatchObject([
      {
        address: log.address,
        blockNumber: Number(log.blockNumber),
        transactionHash: log.transactionHash,
        topics: log.topics.map(fromHex),
      },
    ])
  })

  it('unpacks receipts of a block', async () => {
    const { node, client } = connected()
    script(node, { getBatchReceiptsByBlockNumberAndRange: ['j20-batch-receipts-response'] })
    const block = await client.getBatchReceiptsByBlockNumberAndRange(1)
    expect(block).toMatchObject({ blockNumber: 1, receiptCount: block.receipts.length })
    const request = JSON.parse(textOf(node.of(ChannelType.rpc)[0]!))
    expect(request.params).toEqual([1, '0x1', '0', '-1', true])
  })

  it('sends and answers messages between applications', async () => {
    const { node, client } = connected()
    const outcomes = [
      'j30-amop-unicast-reply-to-sender',
      'j32-amop-no-subscriber-reply',
      'c41-amop-silent-subscriber-response',
    ]
    node.onFrame = (frame) => {
      if (frame.type === ChannelType.amopRequest) node.answer(frame, outcomes.shift() ?? '')
      if (frame.type === ChannelType.amopMulticast) node.answer(frame, 'j35-amop-multicast-ack')
    }
    expect(fromUtf8(await client.amop.send('hello', 'unicast'))).toBe('resp!')
    expect(node.of(ChannelType.amopRequest)[0]?.data).toEqual(
      recorded('j27-amop-unicast-request').data,
    )
    for (const amopCode of [100, 104]) {
      await expect(client.amop.send('t9', 'mute')).rejects.toMatchObject({ details: { amopCode } })
    }
    await client.amop.broadcast('hello', 'multi')
    expect(node.of(ChannelType.amopMulticast)[0]?.data).toEqual(
      recorded('j33-amop-multicast-request').data,
    )
    client.amop.subscribe('hello', () => 'resp!')
    await until('it listens', () => node.of(ChannelType.subscribe).length > 0)
    node.send(recorded('j28-amop-unicast-delivery'))
    await until('it answered', () => node.of(ChannelType.amopResponse).length > 0)
    expect(node.of(ChannelType.amopResponse)).toEqual([
      recorded('j29-amop-unicast-reply-from-subscriber'),
    ])
  })

  it('lets subscribers of a private topic prove themselves, and checks those of others', async () => {
    const { node, client } = connected()
    const challengeReply = recorded('j41-private-challenge-reply')
    const signature = splitTopic(challengeReply.data)?.payload ?? new Uint8Array(0)
    const challenge = standardSuite.hash(utf8(textOf(recorded('j40-private-challenge'), true)))
    const publicKey = standardSuite.recover(signature, challenge)
    if (publicKey === undefined) throw new Error('the recorded signature is good')
    // The draw that makes the recorded challenge.
    const random = { bytes: () => fromHex('841e8745cbdf4b788e5ba58a3b7917d4') }
    const link = new FakeNode()
    const publisher = link.link({
      random: { bytes: (n) => (n === 16 ? random.bytes() : new Uint8Array(n)) },
    })
    atEnd(() => publisher.close())
    link.onFrame = (frame) => {
      if (frame.type === ChannelType.amopRequest) link.answer(frame, 'j41-private-challenge-reply')
    }
    new AmopClient(publisher).publishPrivate('priv', [publicKey])
    await until('it publishes', () => link.of(ChannelType.subscribe).length > 0)
    expect(textOf(link.of(ChannelType.subscribe)[0]!)).toBe(
      '["#!$PushChannel_#!$TopicNeedVerify_priv"]',
    )
    link.send(recorded('j38-topic-cert-request'))
    await until('it gave a verdict', () => link.of(ChannelType.topicStatus).length > 0)
    expect(link.of(ChannelType.topicCertificate)).toEqual([recorded('j39-topic-cert-ack')])
    const [asked] = link.of(ChannelType.amopRequest)
    expect(asked?.data).toEqual(recorded('j40-private-challenge').data)
    expect(JSON.parse(textOf(link.of(ChannelType.topicStatus)[0]!))).toEqual(
      jsonOf('j42-update-topic-status'),
    )

    const secret = new Uint8Array(32).fill(3)
    client.amop.subscribePrivate('priv', secret, () => 'ok')
    await until('it listens', () => node.of(ChannelType.subscribe).length > 0)
    const topics: string[] = JSON.parse(textOf(node.of(ChannelType.subscribe)[0]!))
    expect(topics).toEqual([
      '#!$TopicNeedVerify_priv',
      expect.stringMatching(/^#!\$VerifyChannel_#!\$TopicNeedVerify_priv_[0-9a-f]{32}$/),
    ])
    const { seq } = recorded('j40-private-challenge')
    const question = `${String.fromCodePoint((topics[1]?.length ?? 0) + 1)}${topics[1]}0123`
    node.send({ type: ChannelType.amopRequest, seq, result: 0, data: utf8(question) })
    await until('it answered', () => node.of(ChannelType.amopResponse).length > 0)
    const proof = splitTopic(node.of(ChannelType.amopResponse)[0]!.data)?.payload
    expect(proof).toHaveLength(65)
    expect(standardSuite.recover(proof!, standardSuite.hash(utf8('0123')))).toEqual(
      standardSuite.keyPair(secret).publicKey,
    )
    expect(toHex(publicKey)).toHaveLength(128)
  })
})

/** The call of the client that asks what was asked of a real node. */
const CALLS: Readonly<
  Record<string, (client: Client, params: readonly never[]) => Promise<unknown>>
> = {
  getBlockNumber: (client) => client.getBlockNumber(),
  getPbftView: (client) => client.getPbftView(),
  getSealerList: (client) => client.getSealerList(),
  getObserverList: (client) => client.getObserverList(),
  getGroupPeers: (client) => client.getGroupPeers(),
  getConsensusStatus: (client) => client.getConsensusStatus(),
  getSyncStatus: (client) => client.getSyncStatus(),
  getTotalTransactionCount: (client) => client.getTotalTransactionCount(),
  getPendingTransactions: (client) => client.getPendingTransactions(),
  getPendingTxSize: (client) => client.getPendingTxSize(),
  getSystemConfigByKey: (client, [, key]) => client.getSystemConfigByKey(key!),
  getBlockByNumber: (client, [, , full]) =>
    full === true ? client.getFullBlock(1) : client.getBlockByNumber(1),
  getBlockByHash: (client, [, , full]) =>
    full === true ? client.getFullBlock('0x1') : client.getBlockByHash('0x1'),
  getBlockHeaderByNumber: (client) => client.getBlockHeaderByNumber(1, true),
  getBlockHeaderByHash: (client) => client.getBlockHeaderByHash('0x1', true),
  getBlockHashByNumber: (client) => client.getBlockHashByNumber(1),
  getTransactionByHash: (client) => client.getTransactionByHash('0x1'),
  getTransactionByBlockHashAndIndex: (client) => client.getTransactionByBlockHashAndIndex('0x1', 0),
  getTransactionByBlockNumberAndIndex: (client) => client.getTransactionByBlockNumberAndIndex(1, 0),
  getTransactionReceipt: (client) => client.getTransactionReceipt('0x1'),
  getTransactionByHashWithProof: (client) => client.getTransactionByHashWithProof('0x1'),
  getTransactionReceiptByHashWithProof: (client) =>
    client.getTransactionReceiptByHashWithProof('0x1'),
  getCode: (client) => client.getCode('0x1'),
  call: (client) => client.call('0x1', '0x2', new Uint8Array(0)),
  getClientVersion: (client) => client.node.getClientVersion(),
  getNodeInfo: (client) => client.node.getNodeInfo(),
  getPeers: (client) => client.node.getPeers(),
  getNodeIDList: (client) => client.node.getNodeIDList(),
  getGroupList: (client) => client.node.getGroupList(),
  queryPeers: (client) => client.node.queryPeers(),
}

interface Exchange {
  readonly label?: string
  readonly request: { readonly method: string; readonly params?: unknown }
  readonly response: { readonly result?: unknown }
}

it('has a method for every method of JSON-RPC', () => {
  const { client } = connected()
  const has = (owner: object, name: string) =>
    name in owner && typeof Reflect.get(owner, name) === 'function'
  const missing = methods.cases
    .map(({ method }) => method)
    .filter((name) => !has(client, name) && !has(client.node, name))
  expect(missing).toEqual(['rpc_modules'])
})

describe('answers of a real node', () => {
  const all: readonly Exchange[] = exchanges.cases
  const cases = all
    .filter(({ request, response }) => response.result !== undefined && CALLS[request.method])
    .map(({ request, response }, index) => ({
      request,
      response,
      name: `${request.method} ${index}`,
    }))

  it('are there for most methods', () => {
    expect(new Set(cases.map(({ request }) => request.method)).size).toBeGreaterThan(20)
  })

  it.each(cases)('$name', async ({ request, response }) => {
    const { result } = response
    const transport: Transport = {
      request: (method) => {
        expect(method).toBe(request.method)
        return Promise.resolve(result)
      },
      close: () => Promise.resolve(),
    }
    const client = new Client({ transport, suite: standardSuite, chainId: 1 })
    const params: readonly never[] = Array.isArray(request.params)
      ? (request.params as never[])
      : []
    const read = await CALLS[request.method]?.(client, params)
    if (result === null) expect(read).toBeUndefined()
    else expect(read).toBeDefined()
  })
})

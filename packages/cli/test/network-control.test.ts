import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { utf8 } from '@bcos-ts/common'
import { ChannelType } from '@bcos-ts/protocol/channel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ChannelClient } from '../src/doctor/channel-client.ts'
import { until } from '../src/local-chain/node-process.ts'
import { allConnected } from '../src/local-chain/node-process.ts'
import { startTestChain, type TestChain } from './chain-kit.ts'

/** The first node limits requests and bandwidth; the second compresses nothing. */
const SETTINGS: readonly ((config: string) => string)[] = [
  (config) =>
    config
      .replace(';limit_req=1000', 'limit_req=30')
      .replace(';outgoing_bandwidth_limit=2', 'outgoing_bandwidth_limit=1'),
  (config) => config.replace('[p2p]', '[p2p]\n    enable_compress=false'),
]

let chain: TestChain

beforeAll(async () => {
  chain = await startTestChain({
    isRsaChannel: false,
    prepare: ({ nodes }) => {
      SETTINGS.forEach((change, index) => edit(join(nodes[index]!.folder, 'config.ini'), change))
      edit(join(nodes[2]!.folder, 'conf', 'group.1.ini'), (text) =>
        text.replace(';limit_req=1000', 'limit_req=3'),
      )
    },
  })
}, 120_000)

afterAll(() => chain.dispose(), 60_000)

function edit(file: string, change: (text: string) => string): void {
  const text = readFileSync(file, 'utf8')
  const changed = change(text)
  expect(changed, file).not.toBe(text)
  writeFileSync(file, changed)
}

const folderOf = (index: number): string => chain.nodes[index]!.folder
const configOf = (index: number): string => join(folderOf(index), 'config.ini')
const nodeIdOf = (index: number): string =>
  readFileSync(join(folderOf(index), 'conf', 'node.nodeid'), 'utf8').trim()

function logOf(index: number): string {
  const place = join(folderOf(index), 'log')
  return readdirSync(place)
    .toSorted()
    .map((name) => readFileSync(join(place, name), 'utf8'))
    .join('')
}

/** Makes a signal file and waits until the node has taken it. */
async function signal(index: number, name: string): Promise<void> {
  const file = `${configOf(index)}.${name}`
  writeFileSync(file, '')
  await until(`node${index} takes ${name}`, 10_000, () => !existsSync(file))
}

function connect(index: number): Promise<ChannelClient> {
  const text = (name: string): string => readFileSync(join(chain.sdkFolder, name), 'utf8')
  return ChannelClient.connect(
    { host: '127.0.0.1', port: chain.endpoints[index]!.channel },
    { key: text('sdk.key'), certificate: text('sdk.crt'), ca: text('ca.crt') },
  )
}

const request = (method: string, params: readonly unknown[] = [], id = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params })

async function codeOf(client: ChannelClient, text: string): Promise<number | undefined> {
  const answer: { readonly error?: { readonly code: number } } = JSON.parse(await client.rpc(text))
  return answer.error?.code
}

describe('lists of nodes in config.ini', () => {
  it('take effect while the node runs: a denied node loses its session, and gets it back', async () => {
    const denied = nodeIdOf(3)
    edit(configOf(1), (text) => text.replace(';crl.0=', `crl.0=${denied.toUpperCase()}`))
    await signal(1, 'reset_certificate_whitelist')
    await until('node3 is out', 10_000, async () => (await chain.nodes[1]!.peerCount()) === 2)
    await until('node3 knows', 10_000, async () => (await chain.nodes[3]!.peerCount()) === 2)
    expect(logOf(1)).toContain('reason=not in the allow list, or in the deny list')
    edit(configOf(1), (text) => text.replace(/crl\.0=.*/, ';crl.0='))
    await signal(1, 'reset_certificate_whitelist')
    await allConnected(chain.nodes)
  }, 60_000)

  it('stay as they were when an entry is no node id, and the log says which', async () => {
    edit(configOf(1), (text) => text.replace(';cal.0=', 'cal.0=node3'))
    await signal(1, 'reset_certificate_whitelist')
    await until('the log says so', 10_000, () => logOf(1).includes('CONFIG_INVALID_VALUE'))
    expect(logOf(1)).toMatch(/config\.ini:\d+: certificate_whitelist\.cal\.0 is "node3"/)
    expect(await chain.nodes[1]!.peerCount()).toBe(3)
    edit(configOf(1), (text) => text.replace('cal.0=node3', ';cal.0='))
  }, 60_000)
})

describe('peers added and erased at run time', () => {
  it('are dialled, stand in config.ini, and leave no other byte changed', async () => {
    const before = readFileSync(configOf(2), 'utf8')
    const client = await connect(2)
    const change = async (method: string, peers: readonly string[]): Promise<unknown> =>
      JSON.parse(await client.rpc(request(method, [peers])))
    const done = { result: { code: '0x0' } }
    const strangers = ['127.0.0.1:1', '[::1]:30300']
    expect(await change('addPeers', strangers)).toMatchObject(done)
    const added = readFileSync(configOf(2), 'utf8')
    const lines = ['    node.4=127.0.0.1:1', '    node.5=[::1]:30300'].join('\n')
    expect(added).toBe(before.replace(/( *node\.3=.*)/, `$1\n${lines}`))
    expect(await client.rpc(request('queryPeers'))).toContain('"127.0.0.1:1"')
    const bad = ['127.0.0.1:1\nlisten_port=1']
    expect(await change('addPeers', bad)).not.toMatchObject(done)
    expect(readFileSync(configOf(2), 'utf8')).toBe(added)
    expect(await change('erasePeers', strangers)).toMatchObject(done)
    expect(readFileSync(configOf(2), 'utf8')).toBe(before)
    client.close()
  }, 60_000)
})

describe('the list of SDKs of a group', () => {
  it('takes effect while the node runs, for open sessions and for event filters', async () => {
    const settings = join(folderOf(3), 'conf', 'group.1.ini')
    const own = readFileSync(join(chain.sdkFolder, 'sdk.publickey'), 'utf8').trim()
    const client = await connect(3)
    const ask = (): Promise<number | undefined> => codeOf(client, request('getBlockNumber', [1]))
    expect(await ask()).toBeUndefined()
    edit(settings, (text) => text.replace(';public_key.0=', `public_key.0=${nodeIdOf(0)}`))
    await signal(3, 'reset_allowlist')
    await until('the client is refused', 10_000, async () => (await ask()) === -40_012)
    expect(await codeOf(client, request('getClientVersion'))).toBeUndefined()
    const batch = `[${request('getClientVersion')},${request('getBlockNumber', [1], 7)}]`
    expect(JSON.parse(await client.rpc(batch))).toMatchObject([
      { id: 1, result: {} },
      { id: 7, error: { code: -40_012 } },
    ])
    const filter = { filterID: 'f', groupID: '1', fromBlock: '0', toBlock: 'latest' }
    const register = utf8(`\u0001${JSON.stringify({ ...filter, addresses: [], topics: [] })}`)
    const refused = await client.ask(ChannelType.registerEvent, register)
    expect(refused.text).toContain('-41006')
    edit(settings, (text) => text.replace(/public_key\.0=.*/, `public_key.0=${own}`))
    await signal(3, 'reset_allowlist')
    await until('the client is let in', 10_000, async () => (await ask()) === undefined)
    expect((await client.ask(ChannelType.registerEvent, register)).text).toContain('"result":0')
    client.close()
  }, 60_000)
})

describe('limits', () => {
  it('on requests to the node refuse the rest with the id of the request', async () => {
    const client = await connect(0)
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, id) => ({
        id,
        answer: JSON.parse(await client.rpc(request('getGroupList', [], id))) as {
          readonly id: number
          readonly error?: unknown
        },
      })),
    )
    expect(answers.every(({ id, answer }) => answer.id === id)).toBe(true)
    const refused = answers.filter(({ answer }) => answer.error !== undefined)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.length).toBeLessThan(200)
    expect(refused[0]?.answer.error).toEqual({
      code: -40_011,
      message: 'getGroupList Over QPS limit',
    })
    const elements = Array.from({ length: 50 }, (_, id) => request('getGroupList', [], id))
    const batch: readonly { readonly error?: unknown }[] = JSON.parse(
      await client.rpc(`[${elements.join(',')}]`),
    )
    expect(batch.filter(({ error }) => error !== undefined).length).toBeGreaterThan(0)
    expect(await codeOf(client, request('getClientVersion'))).toBeUndefined()
    client.close()
  }, 60_000)

  it('on requests to a group leave others, and HTTP, alone', async () => {
    const client = await connect(2)
    const codes = await Promise.all(
      Array.from({ length: 30 }, () => codeOf(client, request('getBlockNumber', [1]))),
    )
    expect(codes).toContain(-40_011)
    expect(await codeOf(client, request('getGroupList'))).toBeUndefined()
    const heights = await Promise.all(Array.from({ length: 30 }, () => chain.nodes[2]!.height()))
    expect(heights).not.toContain(undefined)
    client.close()
  }, 60_000)

  it('on bandwidth refuse messages of SDKs with 103, and let small ones through later', async () => {
    const client = await connect(0)
    const topic = (bytes: number): Uint8Array => utf8(`\u0002t${'x'.repeat(bytes)}`)
    // More than a rested node has gathered permits for.
    const answer = await client.ask(ChannelType.amopRequest, topic(24_000_000))
    expect([answer.type, answer.result, answer.text]).toEqual([ChannelType.amopResponse, 103, ''])
    await until('a small message passes', 30_000, async () => {
      return (await client.ask(ChannelType.amopRequest, topic(10))).result === 100
    })
    client.close()
  }, 60_000)

  it('let nodes that compress and nodes that do not agree on blocks', async () => {
    const { client } = chain.nodes[1]!
    const body = 'ab'.repeat(5000)
    const receivers: ChannelClient[] = []
    for (const index of [1, 3]) {
      const receiver = await connect(index)
      receiver.tell(ChannelType.subscribe, utf8(JSON.stringify([`t${index}`])))
      receivers.push(receiver)
    }
    await until('topics are known', 30_000, async () => {
      const peers = JSON.stringify(await client.request('getPeers'))
      return peers.includes('t3')
    })
    receivers[0]?.tell(0x35, utf8(`\u0003t3${body}`))
    await until('a long message comes uncompressed', 10_000, () =>
      receivers[1]!.pushed.some(({ text }) => text.includes(body)),
    )
    receivers[1]?.tell(0x35, utf8(`\u0003t1${body}`))
    await until('a long message comes compressed', 20_000, () =>
      receivers[0]!.pushed.some(({ text }) => text.includes(body)),
    )
    for (const receiver of receivers) receiver.close()
  }, 90_000)
})

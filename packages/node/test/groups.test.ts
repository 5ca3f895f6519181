import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { to0x, utf8 } from '@bcos-ts/common'
import { parseGenesisFile } from '@bcos-ts/node'
import { genesisHash } from '@bcos-ts/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { genesisText } from '../src/groups/group-template.ts'
import { Cluster, type ClusterNode, suites, until } from './cluster.ts'

const RECORDINGS = join(import.meta.dirname, '..', 'vectors', 'recordings', 'groups')
const DAG_TRANSFER = '5002'.padStart(40, '0')

interface RecordedExchange {
  readonly label: string
  readonly node: number
  readonly request: { readonly method: string; readonly params: readonly unknown[] }
  readonly response: {
    readonly result?: unknown
    readonly error?: { readonly message: string }
  }
}

interface RecordedBlock {
  readonly number: number
  readonly hash: string
  readonly transactions: readonly {
    readonly raw: string
    readonly receipt: { readonly output: string; readonly status: string; readonly gasUsed: string }
  }[]
}

const exchanges: readonly RecordedExchange[] = JSON.parse(
  readFileSync(join(RECORDINGS, 'management.json'), 'utf8'),
)
const blocks: readonly RecordedBlock[] = gunzipSync(
  readFileSync(join(RECORDINGS, 'group2', 'blocks.jsonl.gz')),
)
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
const recordedIds: readonly string[] = JSON.parse(
  readFileSync(join(RECORDINGS, 'genesis', 'nodeids.json'), 'utf8'),
)

function send(node: ClusterNode, groupId: number): void {
  node.submit(groupId, DAG_TRANSFER, utf8('\0\0\0\0'))
}

/** Bodies of all blocks of a group, by number. */
function hashesOf(node: ClusterNode, groupId: number): readonly string[] {
  return Array.from({ length: node.heightOf(groupId) + 1 }, (_, number) =>
    node.hashAt(groupId, number),
  )
}

describe('a generated genesis file', () => {
  it('describes the group that the recorded chain made of the same request', () => {
    const generate = exchanges.find(({ label }) => label === 'generate')!
    const params: { readonly timestamp: string; readonly sealers: readonly string[] } = JSON.parse(
      JSON.stringify(generate.request.params[1]),
    )
    const text = genesisText({
      groupId: 2,
      timestamp: BigInt(params.timestamp),
      sealers: params.sealers,
      isFreeStorage: false,
      consensus: 'pbft',
    })
    const { genesis } = parseGenesisFile(text, 'group.2.genesis')
    expect(to0x(genesisHash(genesis, suites.standard))).toBe(blocks[0]!.hash)
  })
})

describe('the recorded life of a group', () => {
  const cluster = new Cluster({ size: 4, groups: { 1: [0, 1, 2, 3] } })

  beforeAll(() => cluster.start(), 60_000)
  afterAll(() => cluster.stop(), 60_000)

  /** The same request to nodes of other names. */
  function translated<T>(value: T): T {
    let text = JSON.stringify(value)
    for (const [index, id] of recordedIds.entries()) {
      text = text.replaceAll(id, cluster.nodes[index]!.nodeId)
    }
    const result: T = JSON.parse(text)
    return result
  }

  it('is answered word for word', async () => {
    for (const { label, node, request, response } of exchanges) {
      if (request.method.endsWith('Peers') || label.startsWith('genesis block')) continue
      if (label === 'remove running') await mineRecordedBlocks()
      const { method, params } = translated(request)
      const answer = await cluster.nodes[node]!.ask(method, ...params)
      if (response.error === undefined) {
        expect(answer['result'], label).toEqual(translated(response.result))
      } else {
        const { message, ...error } = response.error
        expect(answer['error'], label).toMatchObject(error)
        const words = /= (InvalidGroupId, txHash=.*)/.exec(message)?.[1] ?? message
        expect(JSON.stringify(answer['error']), label).toContain(words)
      }
    }
  }, 120_000)

  /** The transactions of the recording, with the results of the recording. */
  async function mineRecordedBlocks(): Promise<void> {
    for (const { number, transactions } of blocks.slice(1, 3)) {
      for (const { raw } of transactions) {
        expect(cluster.nodes[1]!.submitRaw(2, raw).status).toBe(0)
      }
      await cluster.allReach(2, number)
      const receipts = cluster.nodes[1]!.blockAt(2, number)?.receipts ?? []
      expect(receipts.map(({ output }) => to0x(output))).toEqual(
        transactions.map(({ receipt }) => receipt.output),
      )
      expect(receipts.map(({ status, gasUsed }) => [BigInt(status), gasUsed])).toEqual(
        transactions.map(({ receipt }) => [BigInt(receipt.status), BigInt(receipt.gasUsed)]),
      )
    }
  }
})

describe('a node in three groups', () => {
  const cluster = new Cluster({
    size: 4,
    groups: { 1: [0, 1, 2, 3], 2: [0, 1, 2, 3], 3: [0, 1, 2, 3] },
  })

  beforeAll(() => cluster.start(), 60_000)
  afterAll(() => cluster.stop(), 60_000)

  it('keeps the two others going while one is stopped, removed, recovered and started', async () => {
    const [node, other] = cluster.nodes
    if (node === undefined || other === undefined) throw new Error('there are four nodes')
    const steps = ['stopGroup', 'removeGroup', 'recoverGroup', 'startGroup']
    send(other, 2)
    await cluster.allReach(2, 1)
    for (const [index, step] of steps.entries()) {
      expect(await node.result(step, 2)).toMatchObject({ code: '0x0' })
      for (const groupId of [1, 3]) {
        send(node, groupId)
        await cluster.allReach(groupId, index + 1)
      }
      if (step === 'startGroup') continue
      expect(await node.ask('getBlockNumber', 2)).toMatchObject({ error: { code: -40_001 } })
      expect(await node.result('getGroupList')).toEqual([1, 3])
      send(other, 2)
      await cluster.allReach(2, index + 2, cluster.nodes.slice(1))
    }
    await cluster.allReach(2, 4)
    send(node, 2)
    await cluster.allReach(2, 5)
    for (const groupId of [1, 2, 3]) {
      const [first, ...rest] = cluster.nodes.map((one) => hashesOf(one, groupId))
      for (const hashes of rest) expect(hashes).toEqual(first)
    }
  }, 120_000)

  it('remembers over a restart which of them are to run', async () => {
    const node = cluster.nodes[3]!
    await node.result('stopGroup', 3)
    await node.result('stopGroup', 2)
    await node.result('removeGroup', 2)
    await node.stop()
    await node.start()
    await cluster.connected()
    expect(await node.result('getGroupList')).toEqual([1])
    expect(await node.result('queryGroupStatus', 2)).toMatchObject({ status: 'DELETED' })
    expect(await node.result('queryGroupStatus', 3)).toMatchObject({ status: 'STOPPED' })
    expect(await node.result('startGroup', 3)).toMatchObject({ code: '0x0' })
    const height = cluster.nodes[0]!.heightOf(3)
    send(cluster.nodes[0]!, 3)
    await cluster.allReach(3, height + 1)
  }, 120_000)

  it('answers "stopping" to whoever comes while a group stops', async () => {
    const node = cluster.nodes[1]!
    const answers = await Promise.all([
      node.result('stopGroup', 1),
      until('it stops', () => node.running.service.group(1) === undefined).then(async () =>
        node.result('startGroup', 1),
      ),
    ])
    expect(answers[0]).toMatchObject({ code: '0x0' })
    expect(['0x0', '0xd']).toContain(JSON.parse(JSON.stringify(answers[1])).code)
    await node.result('startGroup', 1)
    expect(await node.result('queryGroupStatus', 1)).toMatchObject({ status: 'RUNNING' })
  }, 60_000)
})

describe('groups of different members', () => {
  const cluster = new Cluster({ size: 4, groups: { 1: [0, 1, 2, 3] } })

  beforeAll(() => cluster.start(), 60_000)
  afterAll(() => cluster.stop(), 60_000)

  it('are made while the network runs, and only members hold a byte of them', async () => {
    const members = cluster.nodes.slice(0, 3)
    const sealers = members.map(({ nodeId }) => nodeId)
    const params = { timestamp: '1795327204000', sealers }
    for (const node of members) {
      expect(await node.result('generateGroup', 7, params)).toMatchObject({ code: '0x0' })
      expect(await node.result('startGroup', 7)).toMatchObject({ code: '0x0' })
    }
    send(members[0]!, 7)
    await cluster.allReach(7, 1, members)
    const stranger = cluster.nodes[3]!
    expect(await stranger.ask('getBlockNumber', 7)).toMatchObject({ error: { code: -40_001 } })
    expect(existsSync(join(stranger.folder, 'data', 'group7'))).toBe(false)
  }, 60_000)

  it('take in the node that puts the genesis file into its folder, without a restart', async () => {
    const [first] = cluster.nodes
    const joining = cluster.nodes[3]!
    const name = 'group.7.genesis'
    const genesis = readFileSync(join(first!.folder, 'conf', name), 'utf8')
    writeFileSync(join(joining.folder, 'conf', name), genesis)
    writeFileSync(join(joining.folder, 'conf', 'group.7.ini'), '')
    await joining.running.groups.startNew()
    expect(await joining.result('queryGroupStatus', 7)).toMatchObject({ status: 'RUNNING' })
    // Outside the group it is served nothing, and serves nothing.
    expect(await joining.ask('getBlockNumber', 7)).toMatchObject({ error: { code: -40_009 } })
    expect(joining.heightOf(7)).toBe(0)
  }, 60_000)

  it('say why a group cannot be started, and stay as they were', async () => {
    const node = cluster.nodes[2]!
    const genesis = join(node.folder, 'conf', 'group.9.genesis')
    writeFileSync(genesis, readFileSync(join(node.folder, 'conf', 'group.7.genesis'), 'utf8'))
    const start = async () => node.result('startGroup', 9)
    expect(await start()).toEqual({
      code: '0xc',
      message: 'Group config file for group 9 not found',
    })
    writeFileSync(join(node.folder, 'conf', 'group.9.ini'), '')
    expect(await start()).toMatchObject({
      code: '0x1',
      message: expect.stringContaining('group.id is 7, but the file is named for group 9'),
    })
    expect(await node.result('generateGroup', 9, aloneIn(node))).toMatchObject({ code: '0x9' })
    await node.result('stopGroup', 7)
    writeFileSync(join(node.folder, 'data', 'group7', '.group_status'), 'RESTING')
    expect(await node.result('queryGroupStatus', 7)).toEqual({
      code: '0x1',
      message: 'Please check `.group_status` file of the group',
      status: 'UNKNOWN',
    })
    for (const operation of ['startGroup', 'stopGroup', 'removeGroup', 'recoverGroup']) {
      expect(await node.result(operation, 7)).toMatchObject({ code: '0x1' })
    }
    await node.stop()
    await expect(node.start()).rejects.toMatchObject({ code: 'CONFIG_OTHER_GROUP' })
    rmSync(genesis)
    await node.start()
    expect(await node.result('getGroupList')).toEqual([1])
  }, 60_000)
})

function aloneIn({ nodeId }: ClusterNode) {
  return { timestamp: '1', sealers: [nodeId] }
}

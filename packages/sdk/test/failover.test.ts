import { standardSuite } from '@bcos-ts/crypto'
import { describe, expect, it } from 'vitest'
import {
  Contract,
  DagTransfer,
  failoverTransport,
  generateAccount,
  NoConnectionError,
  type Transport,
} from '../src/index.ts'
import { atEnd, clientOf, NOTES_ABI, notesCode, transportTo, TRANSPORTS, until } from './support.ts'
import { testGroup, type TestGroup } from './test-chain.ts'
import { startTestNode, type TestNode } from './test-node.ts'

const account = generateAccount(standardSuite)

async function nodeWith(...groups: readonly TestGroup[]): Promise<TestNode> {
  const node = await startTestNode({ groups })
  atEnd(() => node.stop())
  return node
}

/** A transport that notes what goes over it, and answers as it is told. */
class ScriptedTransport implements Transport {
  readonly asked: string[] = []
  readonly #answer: (method: string, params: readonly unknown[]) => unknown

  constructor(answer: (method: string, params: readonly unknown[]) => unknown) {
    this.#answer = answer
  }

  request(method: string, params: readonly unknown[]): Promise<unknown> {
    this.asked.push(method)
    return Promise.resolve().then(() => this.#answer(method, params))
  }

  close = (): Promise<void> => Promise.resolve()
}

const gone = (wasSent: boolean) => () => {
  throw new NoConnectionError('test', 'gone', { wasSent })
}

const at = (height: number) => (method: string) => (method === 'getGroupList' ? [1] : `0x${height}`)

describe.each(TRANSPORTS)('two nodes over %s', (name) => {
  it('serve as one while one of them is away', async () => {
    const group = await testGroup()
    const [first, second] = [await nodeWith(group), await nodeWith(group)]
    const transport = failoverTransport([transportTo(first, name), transportTo(second, name)])
    const client = clientOf(transport)
    const notes = await Contract.deploy({ client, account, abi: NOTES_ABI }, notesCode())
    const [blocks, keys]: [number[], bigint[]] = [[], []]
    client.watchBlocks((number) => void blocks.push(number), { from: 0 })
    notes.events('Noted', ({ args }) => void keys.push(args.key), { from: 0, onError: () => {} })
    for (let key = 1n; key <= 20n; key++) {
      if (key === 8n) await first.stop()
      await notes.send('note', key, 0)
    }
    await until('all came', () => blocks.length >= 22 && keys.length >= 20)
    expect(blocks).toEqual(Array.from({ length: 22 }, (_, i) => i))
    expect(keys).toEqual(Array.from({ length: 20 }, (_, i) => BigInt(i + 1)))
  })
})

describe('several nodes', () => {
  it('are asked about the groups that they have', async () => {
    const [one, two] = [await testGroup('standard', 1), await testGroup('standard', 2)]
    const nodes = [await nodeWith(one), await nodeWith(two)]
    const transport = failoverTransport(nodes.map((node) => transportTo(node, 'channel')))
    const client = clientOf(transport)
    for (const groupId of [1, 2]) {
      const dag = new DagTransfer({ client: client.group(groupId), account })
      expect(await dag.userAdd('a', groupId)).toMatchObject({ code: 0 })
      expect(await dag.userBalance('a')).toBe(BigInt(groupId))
      await client.group(groupId).watchEvents({ from: 0, to: 1 }, () => {}).ended
    }
    await expect(client.group(3).getBlockNumber()).rejects.toMatchObject({
      details: { rpcCode: -40_001 },
    })
  })

  it('are asked in the order of the caller, those that lag or failed after the others', async () => {
    const [slow, good, spare] = [at(10), at(100), at(100)].map(
      (answer) => new ScriptedTransport(answer),
    )
    if (slow === undefined || good === undefined || spare === undefined) throw new Error('three')
    let nowMs = 0
    const transport = failoverTransport([slow, good, spare], { clock: { nowMs: () => nowMs } })
    await transport.request('getBlockNumber', [1])
    await until('all were asked', () => spare.asked.length === 2)
    for (const each of [slow, good, spare]) each.asked.length = 0
    nowMs = 1
    await transport.request('getPbftView', [1])
    expect([slow.asked, good.asked, spare.asked]).toEqual([[], ['getPbftView'], []])
    // What is about a node goes to the first.
    await transport.request('getPeers', [1])
    expect(slow.asked).toEqual(['getPeers'])
  })

  it('are tried one after the other when that cannot do anything twice', async () => {
    const read = async (first: Transport, method: string) => {
      const second = new ScriptedTransport(at(1))
      const transport = failoverTransport([first, second])
      await transport.request(method, [1, '0x']).catch(() => {})
      return second.asked.includes(method)
    }
    const [silent, unreachable] = [gone(true), gone(false)]
    expect(await read(new ScriptedTransport(silent), 'getCode')).toBe(true)
    expect(await read(new ScriptedTransport(unreachable), 'sendRawTransaction')).toBe(true)
    const busy = new ScriptedTransport((method) =>
      method === 'sendRawTransaction' ? silent() : at(1)(method),
    )
    expect(await read(busy, 'sendRawTransaction')).toBe(false)
  })

  it('that are all away end in an error', async () => {
    const transport = failoverTransport([
      new ScriptedTransport(gone(false)),
      new ScriptedTransport(gone(false)),
    ])
    await expect(transport.request('getBlockNumber', [1])).rejects.toMatchObject({
      code: 'SDK_NO_CONNECTION',
    })
    await expect(failoverTransport([]).request('getPeers', [])).rejects.toThrow(/no node was given/)
  })
})

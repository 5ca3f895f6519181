import { silentLogger } from '@bcos-ts/common'
import { ChannelType } from '@bcos-ts/protocol/channel'
import { describe, expect, it } from 'vitest'
import { JsonRpc } from '../src/json-rpc.ts'
import { channelNodes } from './channel.ts'
import { HTTP_CALLER } from './rpc.ts'
import { suite, TestService } from './service.ts'

const REQUEST = '{"jsonrpc":"2.0","method":"getBlockNumber","params":[1],"id":1}'

/** A node on which every look at the chain takes five milliseconds; before the given one, somebody sets its clock back. */
function slowRpc(setBackAt = Infinity): { rpc: JsonRpc; count: () => number } {
  let nowMs = 10_000_000
  let count = 0
  const service = new TestService()
  service.chain.height = () => {
    nowMs += 5
    count += 1
    if (count === setBackAt) nowMs -= 3_600_000
    return 7
  }
  const clock = { nowMs: () => nowMs }
  return { rpc: new JsonRpc({ node: service, suite }, silentLogger, { clock }), count: () => count }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

describe('many requests', () => {
  it.each([
    ['of one batch', 1, Infinity],
    ['of many clients', 20, Infinity],
    ['while somebody sets the clock back', 20, 3],
  ])('%s leave the node its turns', async (_, clients, setBackAt) => {
    const { rpc, count } = slowRpc(setBackAt)
    const text =
      clients === 1 ? `[${Array.from({ length: 20 }, () => REQUEST).join(',')}]` : REQUEST
    const answers = Promise.all(
      Array.from({ length: clients }, () => rpc.handle(text, HTTP_CALLER)),
    )
    const progress: number[] = []
    while (count() < 20) {
      progress.push(count())
      await nextTurn()
    }
    // One of them fills a turn, so everything else had its turn in between.
    expect(new Set(progress).size).toBeGreaterThanOrEqual(9)
    expect(await answers).toHaveLength(clients)
  })

  it('of one session are answered in their order, and do not hold up another session', async () => {
    const { time, nodes } = await channelNodes(1)
    const [node] = nodes
    if (node === undefined) throw new Error('no node')
    const [greedy, modest] = [node.listener.connect(), node.listener.connect()]
    const seqOf = (i: number): string => String(i).padStart(32, '0')
    const order: string[] = []
    node.service.network.peers = () => {
      order.push('greedy')
      return []
    }
    node.service.chain.height = () => {
      order.push('modest')
      return 7
    }
    const slow = REQUEST.replace('getBlockNumber', 'getPeers')
    for (let i = 1; i <= 100; i++) {
      greedy.send({ type: ChannelType.rpc, seq: seqOf(i), result: 0, text: slow })
    }
    modest.send({ type: ChannelType.rpc, seq: seqOf(1), result: 0, text: REQUEST })
    await time.pass(1000)
    expect(greedy.received.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 100 }, (_, i) => seqOf(i + 1)),
    )
    expect(order.indexOf('modest')).toBeLessThan(5)
  })

  it('of one session that wait for too long end it', async () => {
    const { nodes } = await channelNodes(1)
    const client = nodes[0]?.listener.connect()
    const text = ' '.repeat(30_000_000)
    for (let i = 0; i < 6; i++) {
      client?.send({ type: ChannelType.rpc, seq: '1'.repeat(32), result: 0, text })
    }
    expect(client?.isClosed).toBe(true)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allConnected, until } from '../src/local-chain/node-process.ts'
import { startTestChain, type TestChain } from './chain-kit.ts'
import { account, allReach, DAG_TRANSFER, expectEqualBlocks, heightOf, Load } from './load.ts'

let chain: TestChain

beforeAll(async () => {
  chain = await startTestChain()
}, 120_000)

afterAll(() => chain.dispose(), 60_000)

describe('four nodes under load', () => {
  it.each([0, 3])(
    'go on when node%i is killed, and it catches up when it is back',
    async (victim) => {
      const load = new Load(chain)
      const other = victim === 0 ? 1 : 0
      await until('blocks come', 30_000, async () => (await heightOf(chain, other)) >= 2)
      await chain.nodes[victim]!.kill()
      const before = await heightOf(chain, other)
      await until(
        'three more blocks',
        30_000,
        async () => (await heightOf(chain, other)) >= before + 3,
      )
      chain.nodes[victim]!.start()
      await allConnected(chain.nodes)
      await load.stop()
      const height = await heightOf(chain, other)
      await allReach(chain, height)
      await expectEqualBlocks(chain, height)
      expect(load.delivered.size).toBeGreaterThan(0)
    },
    180_000,
  )

  it('lose nothing that was acknowledged when all are killed at once', async () => {
    const load = new Load(chain)
    const start = await heightOf(chain, 0)
    await until(
      'five blocks under load',
      60_000,
      async () => (await heightOf(chain, 0)) >= start + 5,
    )
    await Promise.all(chain.nodes.map((node) => node.kill()))
    const acknowledged = new Map(load.delivered)
    for (const node of chain.nodes) node.start()
    await allConnected(chain.nodes)
    await load.stop()
    await allReach(chain, Math.max(...acknowledged.values()))
    for (const [hash, blockNumber] of acknowledged) {
      for (const { client } of chain.nodes) {
        expect((await client.getTransactionReceipt(hash))?.blockNumber, hash).toBe(blockNumber)
      }
    }
    expect(acknowledged.size).toBeGreaterThan(0)
    const height = await heightOf(chain, 0)
    await allReach(chain, height)
    await expectEqualBlocks(chain, height)
    const after = await chain.nodes[2]!.client.send(account, {
      to: DAG_TRANSFER,
      data: new Uint8Array(4),
    })
    expect(after.blockNumber).toBeGreaterThan(height - 1)
  }, 240_000)
})

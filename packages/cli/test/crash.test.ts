import { systemRandom } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { accountOf } from '@bcos-ts/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allConnected, until } from '../src/local-chain/node-process.ts'
import { startTestChain, type TestChain } from './chain-kit.ts'

const DAG_TRANSFER = '5002'.padStart(40, '0')
const account = accountOf(systemRandom.bytes(32), standardSuite)

let chain: TestChain

beforeAll(async () => {
  chain = await startTestChain()
}, 120_000)

afterAll(() => chain.dispose(), 60_000)

/** Clients that send and wait for receipts until they are stopped; a client whose node is gone tries again. */
class Load {
  /** Transactions whose receipts were delivered. */
  readonly delivered = new Map<string, number>()
  #isOn = true
  #end: () => void = () => {}
  readonly #ended: Promise<void>
  readonly #clients: Promise<void>[]

  constructor({ nodes }: TestChain) {
    this.#ended = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#clients = nodes.map((_, index) => this.#run(index))
  }

  async #run(index: number): Promise<void> {
    const { client } = chain.nodes[index]!
    while (this.#isOn) {
      try {
        const hash = await client.submit(account, { to: DAG_TRANSFER, data: systemRandom.bytes(8) })
        // What only waited in a pool is gone with its node: nobody waits for it after the end.
        const receipt = await Promise.race([client.waitForReceipt(hash), this.#ended])
        if (receipt !== undefined) this.delivered.set(receipt.transactionHash, receipt.blockNumber)
      } catch {
        await new Promise((resolve) => void setTimeout(resolve, 200))
      }
    }
  }

  async stop(): Promise<void> {
    this.#isOn = false
    this.#end()
    await Promise.all(this.#clients)
  }
}

async function heightOf(index: number): Promise<number> {
  return (await chain.nodes[index]!.height()) ?? -1
}

async function allReach(height: number): Promise<void> {
  await until(`all nodes reach block ${height}`, 60_000, async () => {
    const heights = await Promise.all(chain.nodes.map((node) => node.height()))
    return heights.every((one) => one !== undefined && one >= height)
  })
}

async function expectEqualBlocks(height: number): Promise<void> {
  for (let number = 0; number <= height; number++) {
    const hashes = await Promise.all(
      chain.nodes.map(({ client }) => client.getBlockHashByNumber(number)),
    )
    expect(new Set(hashes).size, `hashes of block ${number}`).toBe(1)
  }
}

describe('four nodes under load', () => {
  it.each([0, 3])(
    'go on when node%i is killed, and it catches up when it is back',
    async (victim) => {
      const load = new Load(chain)
      const other = victim === 0 ? 1 : 0
      await until('blocks come', 30_000, async () => (await heightOf(other)) >= 2)
      await chain.nodes[victim]!.kill()
      const before = await heightOf(other)
      await until('three more blocks', 30_000, async () => (await heightOf(other)) >= before + 3)
      chain.nodes[victim]!.start()
      await allConnected(chain.nodes)
      await load.stop()
      const height = await heightOf(other)
      await allReach(height)
      await expectEqualBlocks(height)
      expect(load.delivered.size).toBeGreaterThan(0)
    },
    180_000,
  )

  it('lose nothing that was acknowledged when all are killed at once', async () => {
    const load = new Load(chain)
    const start = await heightOf(0)
    await until('five blocks under load', 60_000, async () => (await heightOf(0)) >= start + 5)
    await Promise.all(chain.nodes.map((node) => node.kill()))
    const acknowledged = new Map(load.delivered)
    for (const node of chain.nodes) node.start()
    await allConnected(chain.nodes)
    await load.stop()
    await allReach(Math.max(...acknowledged.values()))
    for (const [hash, blockNumber] of acknowledged) {
      for (const { client } of chain.nodes) {
        expect((await client.getTransactionReceipt(hash))?.blockNumber, hash).toBe(blockNumber)
      }
    }
    expect(acknowledged.size).toBeGreaterThan(0)
    const height = await heightOf(0)
    await allReach(height)
    await expectEqualBlocks(height)
    const after = await chain.nodes[2]!.client.send(account, {
      to: DAG_TRANSFER,
      data: new Uint8Array(4),
    })
    expect(after.blockNumber).toBeGreaterThan(height - 1)
  }, 240_000)
})

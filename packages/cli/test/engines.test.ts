import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LocalChain } from '../src/local-chain/local-chain.ts'
import { allConnected, until } from '../src/local-chain/node-process.ts'
import { startTestChain, type TestChain } from './chain-kit.ts'
import { account, allReach, DAG_TRANSFER, expectEqualBlocks, heightOf, Load } from './load.ts'

function alterGenesis({ nodes }: LocalChain, change: (text: string) => string): void {
  for (const { folder } of nodes) {
    const file = join(folder, 'conf', 'group.1.genesis')
    writeFileSync(file, change(readFileSync(file, 'utf8')))
  }
}

/** All nodes answer with the same blocks, also those that were acknowledged before everybody was killed. */
async function expectNothingLost(chain: TestChain, load: Load): Promise<void> {
  await load.stop()
  const last = Math.max(await heightOf(chain, 0), ...load.delivered.values())
  await allReach(chain, last)
  await expectEqualBlocks(chain, last)
  expect(load.delivered.size).toBeGreaterThan(0)
  for (const [hash, blockNumber] of load.delivered) {
    const { client } = chain.nodes[1]!
    expect((await client.getTransactionReceipt(hash))?.blockNumber, hash).toBe(blockNumber)
  }
}

async function killAndRestart(chain: TestChain, victims: readonly number[]): Promise<void> {
  const load = new Load(chain)
  const other = [0, 1, 2, 3].find((index) => !victims.includes(index))
  const watched = other ?? 0
  const before = await heightOf(chain, watched)
  await until('blocks come', 60_000, async () => (await heightOf(chain, watched)) >= before + 2)
  await Promise.all(victims.map((index) => chain.nodes[index]!.kill()))
  if (other !== undefined) {
    const after = await heightOf(chain, watched)
    await until('blocks go on', 90_000, async () => (await heightOf(chain, watched)) >= after + 3)
  }
  for (const index of victims) chain.nodes[index]!.start()
  await allConnected(chain.nodes)
  await expectNothingLost(chain, load)
  const { blockNumber } = await chain.nodes[2]!.client.send(account, {
    to: DAG_TRANSFER,
    data: new Uint8Array(4),
  })
  expect(blockNumber).toBeGreaterThan(before)
}

describe('four processes with rPBFT, all of which work, for four blocks at a time', () => {
  let chain: TestChain
  beforeAll(async () => {
    chain = await startTestChain({
      consensus: 'rpbft',
      prepare: (made) =>
        alterGenesis(made, (text) => text.replace('epoch_block_num=1000', 'epoch_block_num=4')),
    })
  }, 180_000)
  afterAll(() => chain.dispose(), 60_000)

  it('go on without one of them, which catches up', () => killAndRestart(chain, [2]), 300_000)

  it('lose nothing when all are killed', () => killAndRestart(chain, [0, 1, 2, 3]), 300_000)
})

describe('four processes with rPBFT, three of which work', () => {
  let chain: TestChain
  beforeAll(async () => {
    chain = await startTestChain({
      consensus: 'rpbft',
      prepare: (made) =>
        alterGenesis(made, (text) =>
          text
            .replace('epoch_sealer_num=4', 'epoch_sealer_num=3')
            .replace('epoch_block_num=1000', 'epoch_block_num=2'),
        ),
    })
  }, 180_000)
  afterAll(() => chain.dispose(), 60_000)

  it('rotate under load, and after everybody was killed', async () => {
    await killAndRestart(chain, [0, 1, 2, 3])
    const { client } = chain.nodes[0]!
    while ((await heightOf(chain, 0)) <= 5) {
      await client.send(account, { to: DAG_TRANSFER, data: new Uint8Array(4) })
    }
    const height = await heightOf(chain, 0)
    const committees = new Set<string>()
    for (let number = 1; number <= height; number++) {
      const { sealerList } = await client.getBlockHeaderByNumber(number, true)
      committees.add(sealerList.join())
    }
    expect(committees.size).toBeGreaterThan(1)
    const [working, all] = [await client.getEpochSealersList(), await client.getSealerList()]
    expect([working.length, all.length]).toEqual([3, 4])
  }, 300_000)
})

describe('four processes with Raft', () => {
  let chain: TestChain
  beforeAll(async () => {
    chain = await startTestChain({ consensus: 'raft' })
  }, 180_000)
  afterAll(() => chain.dispose(), 60_000)

  const leader = async (): Promise<number> => {
    let found = -1
    await until('a leader is known', 60_000, async () => {
      const views = await Promise.all(chain.nodes.map(({ client }) => client.getConsensusStatus()))
      found = views.findIndex(({ nodeId }) => nodeId === views[0]?.leaderId)
      return found >= 0
    })
    return found
  }

  it('elect another when the leader is killed', async () => {
    await killAndRestart(chain, [await leader()])
  }, 300_000)

  it('go on when a follower is killed', async () => {
    await killAndRestart(chain, [((await leader()) + 1) % 4])
  }, 300_000)

  it('lose nothing when all are killed', () => killAndRestart(chain, [0, 1, 2, 3]), 300_000)
})

import { silentLogger } from '@bcos-ts/common'
import { createMemoryStorage } from '@bcos-ts/storage-crud'
import { describe, expect, it } from 'vitest'
import { longSync, mineLong } from './long-sync.ts'
import { World } from './world.ts'

const BLOCKS = 2000

describe('a fresh node two thousand blocks behind', () => {
  it('comes to the tip among a liar, one that withholds, cut links and restarts', async () => {
    const world = new World(11)
    const peers = createMemoryStorage()
    await peers.start()
    await mineLong(peers, BLOCKS)
    const own = createMemoryStorage()
    await own.start()
    const report = await longSync({
      blocks: BLOCKS,
      world,
      peers,
      openLate: async () => own,
      // Some dozens of blocks: far fewer than the node would like to have waiting.
      queueBytesMax: 65_536,
      limitMs: 1_200_000,
      logger: silentLogger,
    })
    expect(report).toMatchObject({ restarts: 3, requestsForKnown: 0 })
    expect(report.lies).toBeGreaterThan(0)
    expect(report.cuts).toBeGreaterThan(0)
    // What is there is not fetched again, but for what waited while the node was stopped, and what liars sent.
    expect(report.received).toBeLessThan(1.5 * BLOCKS)
    expect(report.requests).toBeLessThan(BLOCKS)
  })
})

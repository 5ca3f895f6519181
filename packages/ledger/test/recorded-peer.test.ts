import { fromHex, toHex } from '@bcos-ts/common'
import {
  createBlockCommitter,
  createSynchronizer,
  createTxPool,
  decodeSyncPacket,
} from '@bcos-ts/ledger'
import type { NodeId } from '@bcos-ts/protocol'
import { protocolIdOf } from '@bcos-ts/protocol/ports'
import { expect, it } from 'vitest'
import { CHAIN_ID, GROUP_ID, openChain, suite, testEngine } from './chain-kit.ts'
import { SimHub } from './sim-network.ts'
import { readVectors } from './vectors.ts'
import { World } from './world.ts'

interface RecordedDownload {
  readonly self: NodeId
  readonly peer: NodeId
  readonly sealers: readonly NodeId[]
  readonly timestamp: string
  readonly statusReceived: string
  readonly requestSent: string
  readonly blocksReceived: string
  readonly statusesSent: readonly string[]
}

const recorded = readVectors<RecordedDownload>('recorded-download.json')

it('downloads from a node of the reference: the same request, the same blocks, the same hashes', async () => {
  const world = new World()
  const hub = new SimHub(world)
  const { sealers, timestamp } = recorded
  const chain = await openChain({ sealers, timestamp: BigInt(timestamp) })
  const shared = { suite, chain: chain.store, clock: world, timers: world }
  const pool = createTxPool({ chainId: CHAIN_ID, groupId: GROUP_ID }, shared)
  const sync = createSynchronizer(
    { groupId: GROUP_ID },
    {
      ...shared,
      pool,
      executor: chain.executor,
      committer: createBlockCommitter({ chain: chain.store, pool, onCommitted: () => {} }),
      consensus: testEngine(chain.store),
      network: hub.join(recorded.self),
    },
  )
  await sync.start()

  const protocolId = protocolIdOf(GROUP_ID, 9)
  const message = (hex: string) => ({ protocolId, packetType: 0, payload: fromHex(hex) })
  const peer = hub.join(recorded.peer)
  const received: string[] = []
  peer.register(protocolId, ({ payload }) => {
    received.push(toHex(payload))
    if (decodeSyncPacket(payload).type !== 'blocksRequest') return
    peer.send(recorded.self, message(recorded.blocksReceived))
  })
  peer.send(recorded.self, message(recorded.statusReceived))
  await world.pass(1000)

  expect(received).toContain(recorded.requestSent)
  expect(chain.store.height()).toBe(5)
  const hashes = recorded.statusesSent.map((hex) => {
    const packet = decodeSyncPacket(fromHex(hex))
    return packet.type === 'status' ? [packet.status.number, packet.status.latestHash] : []
  })
  expect(hashes).toHaveLength(5)
  for (const [number, hash] of hashes) {
    expect(toHex(chain.store.hashOf(Number(number)) ?? new Uint8Array())).toBe(hash)
  }
  const blocks = decodeSyncPacket(fromHex(recorded.blocksReceived))
  if (blocks.type !== 'blocks') throw new Error('no blocks were recorded')
  for (const [index, bytes] of blocks.blocks.entries()) {
    const stored = chain.store.encodedBlock(index + 1) ?? new Uint8Array()
    expect(toHex(stored)).toBe(toHex(bytes))
  }
  await sync.stop()
})

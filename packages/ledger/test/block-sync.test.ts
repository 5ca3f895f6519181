import { fromHex, toHex } from '@bcos-ts/common'
import {
  decodeSyncPacket,
  encodeSyncPacket,
  type NodeStatus,
  type SyncPacket,
} from '@bcos-ts/ledger'
import { type Block, decodeBlock, encodeBlock, type NodeId } from '@bcos-ts/protocol'
import { type P2pMessage, protocolIdOf } from '@bcos-ts/protocol/ports'
import { createMemoryStorage } from '@bcos-ts/storage-crud'
import { beforeEach, describe, expect, it } from 'vitest'
import { GROUP_ID, membershipChange, suite, testNodes, transaction } from './chain-kit.ts'
import { SimHub } from './sim-network.ts'
import { headOf, heightOf, SimGroup, type SimNode } from './sim-node.ts'
import { World } from './world.ts'

const PROTOCOL = protocolIdOf(GROUP_ID, 9)

let world: World
let hub: SimHub

beforeEach(() => {
  world = new World(7)
  hub = new SimHub(world)
})

async function started(group: SimGroup, ...indices: number[]): Promise<SimNode[]> {
  const nodes: SimNode[] = []
  for (const index of indices) nodes.push(await group.start(index))
  return nodes
}

async function mineMany(group: SimGroup, nodes: readonly SimNode[], count: number): Promise<void> {
  for (let i = 0; i < count; i++) await group.mine(nodes, i % 10 === 0 ? [transaction()] : [])
}

const messageOf = (packet: SyncPacket): P2pMessage => ({
  protocolId: PROTOCOL,
  packetType: 0,
  payload: encodeSyncPacket(packet),
})

/** What `liar` sends of one kind is replaced; everything else passes. */
function lie<T extends SyncPacket['type']>(
  liar: NodeId,
  type: T,
  replace: (packet: Extract<SyncPacket, { type: T }>) => SyncPacket | undefined,
): void {
  hub.tamper = (message, from) => {
    if (from !== liar) return message
    const packet = decodeSyncPacket(message.payload)
    if (!isOfType(packet, type)) return message
    const replaced = replace(packet)
    return replaced === undefined ? undefined : messageOf(replaced)
  }
}

function isOfType<T extends SyncPacket['type']>(
  packet: SyncPacket,
  type: T,
): packet is Extract<SyncPacket, { type: T }> {
  return packet.type === type
}

const claim =
  (number: number) =>
  (packet: { readonly status: NodeStatus }): SyncPacket => ({
    type: 'status',
    status: { ...packet.status, number, latestHash: 'ee'.repeat(32) },
  })

/** Another block in the place of each. */
const changed =
  (change: (block: Block) => Block) =>
  (packet: { readonly blocks: readonly Uint8Array[] }): SyncPacket => ({
    type: 'blocks',
    blocks: packet.blocks.map((bytes) =>
      encodeBlock(change(decodeBlock(bytes, suite).block), suite),
    ),
  })

/** Packets of a kind that a node has received since the log had `since` entries. */
function received(node: SimNode, type: SyncPacket['type'], since = 0): readonly SyncPacket[] {
  return hub.log
    .slice(since)
    .filter(({ to }) => to === node.id)
    .map(({ message }) => decodeSyncPacket(message.payload))
    .filter((packet) => packet.type === type)
}

function isLeftAlone({ log }: SimNode, reason: RegExp): boolean {
  return log.some(
    ({ message, fields }) =>
      message === 'a peer is left alone' && reason.test(String(fields['reason'])),
  )
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index]
  if (value === undefined) throw new Error(`nothing at ${index}`)
  return value
}

describe('a node that has been away', () => {
  it('fetches hundreds of blocks from several peers, and ends with the same chain', async () => {
    const group = new SimGroup(hub, testNodes(4))
    const others = await started(group, 0, 1, 2)
    await mineMany(group, others, 400)
    await world.pass(1000)
    const late = await group.start(3)
    await world.passUntil(() => heightOf(late) === 400, 30_000)
    await world.pass(50)
    expect(headOf(late)).toBe(headOf(at(others, 0)))
    expect(late.sync.isSyncing()).toBe(false)
    expect(late.sync.status()).toMatchObject({ isSyncing: false, knownHighestNumber: 400 })
    for (const other of others) expect(received(other, 'blocksRequest').length).toBeGreaterThan(1)
    for (const number of [1, 250, 400]) {
      const stored = toHex(late.chain.store.encodedBlock(number) ?? new Uint8Array())
      expect(stored).toBe(toHex(at(others, 0).chain.store.encodedBlock(number) ?? fromHex('ff')))
    }
  })

  it('is syncing and far behind meanwhile', async () => {
    const group = new SimGroup(hub, testNodes(4))
    const others = await started(group, 0, 1, 2)
    await mineMany(group, others, 60)
    hub.tamper = (message) => {
      const isBlocks = decodeSyncPacket(message.payload).type === 'blocks'
      return isBlocks ? undefined : message
    }
    const late = await group.start(3)
    await world.pass(1000)
    expect(late.sync.isFarBehind()).toBe(true)
    expect(late.sync.isSyncing()).toBe(true)
    expect(late.sync.status().knownHighestNumber).toBe(60)
    expect(toHex(late.sync.status().knownLatestHash)).toBe(headOf(at(others, 0)))
    expect(late.sync.status().peers).toHaveLength(3)
    hub.tamper = (message) => message
    await world.passUntil(() => heightOf(late) === 60, 60_000)
    expect(late.sync.isFarBehind()).toBe(false)
  })

  it('goes on where it was after a restart in the middle', async () => {
    const group = new SimGroup(hub, testNodes(4))
    const others = await started(group, 0, 1, 2)
    await mineMany(group, others, 150)
    const storage = createMemoryStorage()
    const first = await group.start(3, { storage })
    await world.passUntil(() => heightOf(first) > 20, 10_000, 1)
    await first.stop()
    const stoppedAt = heightOf(first)
    expect(stoppedAt).toBeLessThan(150)
    await mineMany(group, others, 30)
    const again = await group.start(3, { storage })
    expect(heightOf(again)).toBe(stoppedAt)
    await world.passUntil(() => heightOf(again) === 180, 30_000)
    expect(headOf(again)).toBe(headOf(at(others, 0)))
  })

  it('catches up after a partition, while the others go on', async () => {
    const group = new SimGroup(hub, testNodes(4))
    const nodes = await started(group, 0, 1, 2, 3)
    const [a, b, c, lost] = [at(nodes, 0), at(nodes, 1), at(nodes, 2), at(nodes, 3)]
    await mineMany(group, nodes, 10)
    hub.partition((one, other) => one === lost.id || other === lost.id)
    await mineMany(group, [a, b, c], 40)
    await world.pass(5000)
    expect(heightOf(lost)).toBe(10)
    hub.partition(() => false)
    for (let i = 0; i < 20; i++) {
      await group.mine([a, b, c], [transaction()])
      await world.pass(100)
    }
    await world.passUntil(() => heightOf(lost) === 70, 10_000)
    expect(headOf(lost)).toBe(headOf(a))
  })

  it('takes blocks of consensus and of synchronisation in one row', async () => {
    const group = new SimGroup(hub, testNodes(4))
    const nodes = await started(group, 0, 1, 2)
    const late = await group.start(3)
    for (let i = 0; i < 60; i++) {
      // Sometimes consensus brings the block to the fourth node too, sometimes synchronisation has to.
      const isThere = heightOf(late) === heightOf(at(nodes, 0)) && i % 3 !== 0
      await group.mine(isThere ? [...nodes, late] : nodes, [transaction()])
      await world.pass(i % 5 === 0 ? 2000 : 10)
    }
    await world.passUntil(() => heightOf(late) === 60, 20_000)
    expect(headOf(late)).toBe(headOf(at(nodes, 0)))
    expect(late.log.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('leaves one block to consensus for a moment when it seals, and fetches it at once when it observes', async () => {
    const group = new SimGroup(hub, testNodes(5))
    const nodes = await started(group, 0, 1, 2, 3)
    const observer = group.identity(4).id
    await group.mine(nodes, [membershipChange(observer, 'observer')])
    const sealer = at(nodes, 3)
    const rest = nodes.slice(0, 3)
    const watching = await group.start(4)
    await world.pass(2000)
    await group.mine(rest)
    await world.pass(1000)
    expect(heightOf(watching)).toBe(2)
    expect(heightOf(sealer)).toBe(1)
    await world.pass(1500)
    expect(heightOf(sealer)).toBe(2)
  })
})

describe('a liar', () => {
  const LIAR = 0

  /** Three honest nodes at height 40 and a liar, of whom a fourth honest one fetches blocks. */
  async function fetchWithLiar(spoil: (liar: NodeId) => void): Promise<{
    readonly late: SimNode
    readonly honest: SimNode
  }> {
    const group = new SimGroup(hub, testNodes(5))
    const nodes = await started(group, 0, 1, 2, 3)
    await mineMany(group, nodes, 40)
    spoil(at(nodes, LIAR).id)
    const late = await group.start(4)
    await world.passUntil(() => heightOf(late) === 40, 60_000)
    const honest = at(nodes, 1)
    expect(headOf(late)).toBe(headOf(honest))
    return { late, honest }
  }

  it('that sends bytes instead of blocks is left alone', async () => {
    const { late } = await fetchWithLiar((liar) =>
      lie(liar, 'blocks', () => ({ type: 'blocks', blocks: [fromHex('c0c0')] })),
    )
    expect(isLeftAlone(late, /RLP/)).toBe(true)
  })

  it('that changes transactions is left alone', async () => {
    const { late } = await fetchWithLiar((liar) =>
      lie(
        liar,
        'blocks',
        changed((block) => ({ ...block, transactions: [transaction()] })),
      ),
    )
    expect(isLeftAlone(late, /transactionsRoot/)).toBe(true)
  })

  it('that changes receipts is not even noticed: they are made anew', async () => {
    const { late, honest } = await fetchWithLiar((liar) =>
      lie(
        liar,
        'blocks',
        changed((block) => ({ ...block, receipts: [] })),
      ),
    )
    expect(late.chain.store.block(31)?.receipts).toEqual(honest.chain.store.block(31)?.receipts)
    expect(late.chain.store.block(31)?.receipts).toHaveLength(1)
  })

  it('that makes blocks of its own is left alone', async () => {
    const { late } = await fetchWithLiar((liar) =>
      lie(
        liar,
        'blocks',
        changed((block) => ({ ...block, header: { ...block.header, timestamp: 5n } })),
      ),
    )
    expect(isLeftAlone(late, /good signatures|another block/)).toBe(true)
  })

  it('that leaves out signatures, or repeats one, is left alone', async () => {
    const { late } = await fetchWithLiar((liar) =>
      lie(
        liar,
        'blocks',
        changed((block) => {
          const [first] = block.signatures
          return { ...block, signatures: first === undefined ? [] : [first, first, first, first] }
        }),
      ),
    )
    expect(isLeftAlone(late, /1 good signatures/)).toBe(true)
  })

  it('that adds signatures of nobody does not get them stored', async () => {
    const junk = { index: 3, signature: new Uint8Array(65).fill(1) }
    const outside = { index: 77, signature: new Uint8Array(65).fill(1) }
    const { late, honest } = await fetchWithLiar((liar) =>
      lie(
        liar,
        'blocks',
        changed((block) => ({
          ...block,
          signatures: [junk, ...block.signatures, ...block.signatures, outside],
        })),
      ),
    )
    for (let number = 1; number <= 40; number++) {
      const signatures = late.chain.store.signatures(number)
      expect(signatures).toEqual(honest.chain.store.signatures(number))
    }
  })

  it('that answers nothing is left alone, and longer each time', async () => {
    const { late } = await fetchWithLiar((liar) => lie(liar, 'blocks', () => undefined))
    expect(isLeftAlone(late, /no full answer/)).toBe(true)
  })

  it('that sends the wrong blocks instead of those asked for is left alone', async () => {
    const { late } = await fetchWithLiar((liar) =>
      lie(liar, 'blocks', ({ blocks }) => ({ type: 'blocks', blocks: blocks.slice(1) })),
    )
    expect(isLeftAlone(late, /no full answer/)).toBe(true)
  })

  it('that names another genesis is not asked', async () => {
    const since = hub.log.length
    await fetchWithLiar((liar) =>
      lie(liar, 'status', ({ status }) => ({
        type: 'status',
        status: { ...status, genesisHash: '00'.repeat(32) },
      })),
    )
    const asked = hub.log
      .slice(since)
      .filter(({ message }) => decodeSyncPacket(message.payload).type === 'blocksRequest')
    const liar = new SimGroup(hub, testNodes(5)).identity(LIAR).id
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.map(({ to }) => to)).not.toContain(liar)
  })

  it('that claims blocks nobody has stops neither consensus nor clients', async () => {
    const group = new SimGroup(hub, testNodes(4))
    const nodes = await started(group, 0, 1, 2, 3)
    await mineMany(group, nodes, 5)
    lie(at(nodes, LIAR).id, 'status', claim(1_000_000))
    for (let i = 0; i < 200; i++) {
      await world.pass(100)
      for (const node of nodes.slice(1)) {
        expect(node.sync.isFarBehind()).toBe(false)
        expect(node.sync.isSyncing()).toBe(false)
      }
      if (i % 10 === 0) await group.mine(nodes)
    }
    const asked = received(at(nodes, LIAR), 'blocksRequest')
    // From each of three nodes, ever more rarely.
    expect(asked.length).toBeGreaterThan(3)
    expect(asked.length).toBeLessThan(15)
    expect(isLeftAlone(at(nodes, 1), /no full answer/)).toBe(true)
  })

  it('does not get in blocks that nobody asked for', async () => {
    const group = new SimGroup(hub, testNodes(4))
    const nodes = await started(group, 0, 1, 2)
    await mineMany(group, nodes, 3)
    const late = await group.start(3)
    hub.partition((a, b) => a === late.id || b === late.id)
    await world.pass(1000)
    const block = at(nodes, 0).chain.store.encodedBlock(1) ?? new Uint8Array()
    late.network.deliver(messageOf({ type: 'blocks', blocks: [block] }), at(nodes, 0).id)
    await world.pass(1000)
    expect(heightOf(late)).toBe(0)
  })
})

describe('a block that cannot be executed here', () => {
  it('is added when the fault has passed', async () => {
    const group = new SimGroup(hub, testNodes(4))
    const nodes = await started(group, 0, 1, 2)
    await mineMany(group, nodes, 12)
    let isBroken = true
    const late = await group.start(3, {
      executor: (real) => ({
        execute(block) {
          if (isBroken) throw new Error('no memory')
          return real.execute(block)
        },
      }),
    })
    await world.pass(5000)
    expect(heightOf(late)).toBe(0)
    expect(late.log.some(({ fields }) => fields['reason'] === 'no memory')).toBe(true)
    isBroken = false
    await world.passUntil(() => heightOf(late) === 12, 30_000)
  })
})

describe('members', () => {
  it('serve a node from the block on that lets it in', async () => {
    const group = new SimGroup(hub, testNodes(5), 4)
    const nodes = await started(group, 0, 1, 2, 3)
    await mineMany(group, nodes, 20)
    const guest = await group.start(4)
    await world.pass(20_000)
    expect(heightOf(guest)).toBe(0)
    expect(received(guest, 'status')).toEqual([])
    await group.mine(nodes, [membershipChange(guest.id, 'observer')])
    await world.passUntil(() => heightOf(guest) === 21, 20_000)
    expect(guest.chain.store.membership().observers).toEqual([guest.id])
  })

  it('do not answer requests of strangers', async () => {
    const group = new SimGroup(hub, testNodes(5), 4)
    const nodes = await started(group, 0, 1, 2, 3)
    await mineMany(group, nodes, 5)
    const stranger = hub.join(group.identity(4).id)
    stranger.send(at(nodes, 0).id, messageOf({ type: 'blocksRequest', from: 1, count: 5 }))
    await world.pass(2000)
    expect(hub.log.filter(({ to }) => to === stranger.self)).toEqual([])
  })

  it('say goodbye when they are removed, and then nothing more', async () => {
    const group = new SimGroup(hub, testNodes(4))
    const nodes = await started(group, 0, 1, 2, 3)
    const leaving = at(nodes, 3)
    await world.pass(1050)
    await group.mine(nodes, [membershipChange(leaving.id, 'remove')])
    const since = hub.log.length
    await world.pass(20_000)
    const told = hub.log.slice(since).filter(({ from }) => from === leaving.id)
    const goodbyes = told.map(({ message }) => decodeSyncPacket(message.payload))
    expect(told.length).toBeGreaterThan(0)
    for (const packet of goodbyes) expect(packet).toMatchObject({ status: { number: 1 } })
    expect(told.length).toBeLessThanOrEqual(12)
  })

  it('are told by which block they were removed, may fetch it, and nothing beyond', async () => {
    const group = new SimGroup(hub, testNodes(5), 4)
    const nodes = await started(group, 0, 1, 2, 3)
    const guest = await group.start(4)
    await group.mine(nodes, [membershipChange(guest.id, 'observer')])
    await world.passUntil(() => heightOf(guest) === 1, 20_000)
    await group.mine(nodes, [membershipChange(guest.id, 'remove')])
    await mineMany(group, nodes, 3)
    await world.passUntil(() => heightOf(guest) === 2, 20_000)
    expect(guest.chain.store.membership().observers).toEqual([])
    const since = hub.log.length
    await mineMany(group, nodes, 3)
    await world.pass(30_000)
    expect(heightOf(guest)).toBe(2)
    expect(hub.log.slice(since).filter(({ to }) => to === guest.id)).toEqual([])
  })

  it('are told once more when they come back, and fetch blocks again when they are members again', async () => {
    const group = new SimGroup(hub, testNodes(5), 4)
    const nodes = await started(group, 0, 1, 2, 3)
    const guest = await group.start(4)
    await group.mine(nodes, [membershipChange(guest.id, 'observer')])
    await world.passUntil(() => heightOf(guest) === 1, 20_000)
    const storage = guest.chain.storage
    await guest.stop()
    await group.mine(nodes, [membershipChange(guest.id, 'remove')])
    await mineMany(group, nodes, 2)
    await world.pass(10_000)
    const again = await group.start(4, { storage })
    await world.passUntil(() => heightOf(again) === 2, 20_000)
    await group.mine(nodes, [membershipChange(guest.id, 'observer')])
    await world.passUntil(() => heightOf(again) === 5, 20_000)
  })

  it('are told of each block at once, and every five seconds that there is none', async () => {
    const group = new SimGroup(hub, testNodes(2))
    const options = { blocks: { isStatusByTree: false } }
    const a = await group.start(0, { options })
    const b = await group.start(1, { options })
    await world.pass(300)
    let since = hub.log.length
    await group.mine([a, b])
    await world.pass(10)
    expect(received(b, 'status', since)).toMatchObject([{ status: { number: 1 } }])
    since = hub.log.length
    await world.pass(4900)
    expect(received(b, 'status', since)).toEqual([])
    await world.pass(400)
    const latestHash = headOf(a)
    const genesisHash = toHex(a.chain.store.genesisHash())
    expect(received(b, 'status', since)).toMatchObject([
      { status: { number: 1, latestHash, genesisHash } },
    ])
  })

  it('gossip their status to three random peers each second when they use the tree', async () => {
    const group = new SimGroup(hub, testNodes(7))
    const nodes = await started(group, 0, 1, 2, 3, 4, 5, 6)
    await world.pass(300)
    const since = hub.log.length
    await world.pass(4000)
    const told = hub.log.slice(since).filter(({ from }) => from === at(nodes, 0).id)
    expect(told).toHaveLength(12)
    expect(new Set(told.map(({ to }) => to)).size).toBeGreaterThan(3)
  })
})

describe('serving', () => {
  it('cuts what it is asked for to what it has, and merges requests', async () => {
    const group = new SimGroup(hub, testNodes(2))
    const a = await group.start(0)
    const b = await group.start(1)
    await mineMany(group, [a, b], 10)
    await world.pass(300)
    const since = hub.log.length
    for (const [from, count] of [
      [9, 2 ** 32 - 1],
      [3, 2],
      [4, 3],
      [100, 5],
      [1, 0],
    ] as const) {
      b.network.send(a.id, messageOf({ type: 'blocksRequest', from, count }))
    }
    await world.pass(500)
    const numbers = received(b, 'blocks', since).map((packet) =>
      packet.type === 'blocks'
        ? packet.blocks.map((bytes) => decodeBlock(bytes, suite).block.header.number)
        : [],
    )
    expect(numbers).toEqual([
      [3, 4, 5, 6],
      [9, 10],
    ])
  })

  it('keeps no more than 1024 blocks waiting for one peer', async () => {
    const group = new SimGroup(hub, testNodes(2))
    let isOpen = false
    const a = await group.start(0, { mayServe: () => isOpen })
    await mineMany(group, [a], 40)
    const b = hub.join(group.identity(1).id)
    const counts: number[] = []
    b.register(PROTOCOL, ({ payload }) => {
      const packet = decodeSyncPacket(payload)
      if (packet.type === 'blocks') counts.push(packet.blocks.length)
    })
    // Thirty-nine blocks, asked for again and again: the ranges count as they come.
    for (let i = 0; i < 100; i++) {
      b.send(a.id, messageOf({ type: 'blocksRequest', from: 2, count: 39 }))
    }
    b.send(a.id, messageOf({ type: 'blocksRequest', from: 1, count: 1 }))
    await world.pass(300)
    isOpen = true
    await world.pass(2000)
    // The first block was asked for too late, the others were merged.
    expect(counts).toEqual([39])
  })

  it('waits while the bandwidth is used up', async () => {
    const group = new SimGroup(hub, testNodes(2))
    let permits = 0
    const a = await group.start(0, {
      mayServe(bytes) {
        if (permits < bytes) return false
        permits -= bytes
        return true
      },
    })
    await mineMany(group, [a], 6)
    const late = await group.start(1)
    await world.pass(3000)
    expect(heightOf(late)).toBe(0)
    permits = 600
    await world.pass(1000)
    const early = heightOf(late)
    expect(early).toBeGreaterThan(0)
    expect(early).toBeLessThan(6)
    permits = 1e9
    await world.passUntil(() => heightOf(late) === 6, 20_000)
  })

  it('splits a long answer into packets', async () => {
    const group = new SimGroup(hub, testNodes(2))
    const a = await group.start(0)
    const data = new Uint8Array(1_500_000).fill(1)
    for (let i = 0; i < 5; i++) await group.mine([a], [transaction({ data })])
    const late = await group.start(1)
    await world.passUntil(() => heightOf(late) === 5, 20_000)
    const sizes = hub.log
      .filter(({ to }) => to === late.id)
      .map(({ message }) => message.payload.length)
    // Each of these blocks is larger than a packet should be, and goes alone.
    expect(sizes.filter((size) => size > 1_000_000)).toHaveLength(5)
    expect(Math.max(...sizes)).toBeLessThan(1_600_000)
  })
})

describe('two chains with good signatures', () => {
  it('do not mix: a block that stands on another one is refused', async () => {
    const group = new SimGroup(hub, testNodes(2))
    const [a, b] = [await group.start(0), await group.start(1)]
    await group.mine([a], [transaction()])
    await group.mine([b], [transaction()])
    await group.mine([b], [transaction()])
    await world.pass(5000)
    expect(heightOf(a)).toBe(1)
    expect(isLeftAlone(a, /its parent is another block/)).toBe(true)
  })

  it('are reported to the operator when the download ends beside a peer of the other one', async () => {
    const group = new SimGroup(hub, testNodes(3))
    const [b, c] = [await group.start(1), await group.start(2)]
    hub.partition((one, other) => one === b.id && other === c.id)
    for (let i = 0; i < 3; i++) {
      await group.mine([b], [transaction()])
      await group.mine([c], [transaction()])
    }
    const a = await group.start(0)
    await world.pass(3000)
    expect(heightOf(a)).toBe(3)
    const errors = a.log.filter(({ level }) => level === 'error')
    expect(errors).toHaveLength(1)
    expect(errors[0]?.message).toMatch(/^State error:/)
    expect([headOf(b), headOf(c)]).toContain(errors[0]?.fields['hash'])
    expect([headOf(b), headOf(c)]).toContain(errors[0]?.fields['theirs'])
  })
})

describe('any mixture of losses, partitions, restarts and lies', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))(
    'seed %i ends in one chain',
    async (seed) => {
      world = new World(seed + 100)
      hub = new SimHub(world, 20)
      const group = new SimGroup(hub, testNodes(5))
      const storages = [0, 1, 2, 3, 4].map(() => createMemoryStorage())
      const start = (index: number): Promise<SimNode> =>
        group.start(index, { storage: at(storages, index) })
      for (const index of [0, 1, 2, 3, 4]) await start(index)
      const liar = group.identity(seed % 5).id
      const loss = world.chance() * 0.3
      hub.tamper = (message, from) => {
        if (world.chance() < loss) return undefined
        const packet = decodeSyncPacket(message.payload)
        if (from !== liar || packet.type !== 'blocks') return message
        return messageOf({ type: 'blocks', blocks: packet.blocks.toReversed().slice(1) })
      }
      for (let round = 0; round < 60; round++) {
        await upset(group, start)
        // Those who are level make the next block, when there is a quorum of them.
        const top = Math.max(...[...group.running.values()].map(heightOf))
        const level = [...group.running.values()].filter((node) => heightOf(node) === top)
        if (level.length >= 4) await group.mine(level.slice(0, 4), [transaction()])
        await world.pass(200)
      }
      hub.partition(() => false)
      for (const index of [0, 1, 2, 3, 4]) {
        if (!group.running.has(group.identity(index).id)) await start(index)
      }
      const nodes = [...group.running.values()]
      await world.passUntil(() => new Set(nodes.map(headOf)).size === 1, 300_000)
      expect(heightOf(at(nodes, 0)), `seed ${seed}`).toBeGreaterThan(5)
      for (const { log } of nodes) {
        expect(log.filter(({ level: severity }) => severity === 'error')).toEqual([])
      }
    },
  )

  async function upset(group: SimGroup, start: (index: number) => Promise<SimNode>): Promise<void> {
    const victim = Math.floor(world.chance() * 5)
    const { id } = group.identity(victim)
    const running = group.running.get(id)
    const kind = world.chance()
    if (running === undefined) {
      if (kind < 0.5) await start(victim)
    } else if (kind < 0.05) {
      await running.stop()
    } else if (kind < 0.15) {
      hub.partition((a, b) => a === id || b === id)
    } else if (kind < 0.5) {
      hub.partition(() => false)
    }
  }
})

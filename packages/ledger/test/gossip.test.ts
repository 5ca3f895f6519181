import { inlineSignatureBatches, standardSuite } from '@bcos-ts/crypto'
import { decodeSyncPacket, encodeSyncPacket, type SyncPacket } from '@bcos-ts/ledger'
import {
  decodeTransaction,
  encodeTransactionList,
  type NodeId,
  type SignatureBatches,
  splitTransactionList,
  type Transaction,
} from '@bcos-ts/protocol'
import { type P2pMessage, protocolIdOf } from '@bcos-ts/protocol/ports'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { GROUP_ID, membershipChange, suite, testNodes, transaction } from './chain-kit.ts'
import { SimHub } from './sim-network.ts'
import { SimGroup, type SimNode, type SimNodeInit } from './sim-node.ts'
import { World } from './world.ts'

let world: World
let hub: SimHub

beforeEach(() => {
  world = new World(3)
  hub = new SimHub(world)
})

async function startedGroup(
  count: number,
  { sealers = count, ...init }: SimNodeInit & { readonly sealers?: number } = {},
): Promise<{ readonly group: SimGroup; readonly nodes: readonly SimNode[] }> {
  const group = new SimGroup(hub, testNodes(count), sealers)
  const nodes: SimNode[] = []
  for (let i = 0; i < count; i++) nodes.push(await group.start(i, init))
  await world.pass(300)
  hub.log.length = 0
  return { group, nodes }
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index]
  if (value === undefined) throw new Error(`nothing at ${index}`)
  return value
}

interface Delivery {
  readonly from: NodeId
  readonly to: NodeId
  readonly message: P2pMessage
  readonly packet: SyncPacket
}

/** What has been delivered of one kind. */
function deliveries(type: SyncPacket['type']): readonly Delivery[] {
  return hub.log
    .map((one) => ({ ...one, packet: decodeSyncPacket(one.message.payload) }))
    .filter(({ packet }) => packet.type === type)
}

const holders = (nodes: readonly SimNode[], { hashText }: Transaction): readonly NodeId[] =>
  nodes.filter(({ pool }) => pool.has(hashText)).map(({ id }) => id)

const packetOf = (
  transactions: readonly { readonly raw: Uint8Array }[],
  kind: { readonly startIndex?: number; readonly packetType?: number } = {},
): P2pMessage => ({
  protocolId: protocolIdOf(GROUP_ID, 9),
  packetType: kind.packetType ?? 0,
  payload: encodeSyncPacket({
    type: 'transactions',
    list: encodeTransactionList(transactions),
    startIndex: kind.startIndex,
  }),
})

describe("a client's transaction", () => {
  it('reaches every sealer along the tree, each exactly once', async () => {
    const { nodes } = await startedGroup(13)
    const one = transaction()
    expect(at(nodes, 4).pool.submit(one).status).toBe(0)
    await world.pass(100)
    expect(holders(nodes, one)).toHaveLength(13)
    const whole = deliveries('transactions')
    expect(whole.map(({ to }) => to).toSorted()).toEqual(
      nodes.filter((_, i) => i !== 4).map(({ id }) => id),
    )
    for (const { message, packet } of whole) {
      expect(message.packetType).toBe(1)
      expect(packet).toMatchObject({ startIndex: 4 })
    }
  })

  it('is there within milliseconds, together with others of the moment', async () => {
    const { nodes } = await startedGroup(4)
    const all = [transaction(), transaction(), transaction()]
    for (const one of all) at(nodes, 0).pool.submit(one)
    await world.pass(20)
    for (const node of nodes) expect(node.pool.size()).toBe(3)
    const whole = deliveries('transactions')
    expect(whole).toHaveLength(3)
    const [first] = whole
    const parts =
      first?.packet.type === 'transactions' ? splitTransactionList(first.packet.list) : []
    expect(parts).toEqual(all.map(({ raw }) => raw))
  })

  it('goes to all sealers at once, without an index, where trees are off', async () => {
    const { nodes } = await startedGroup(7, { options: { transactions: { isByTree: false } } })
    const one = transaction()
    at(nodes, 2).pool.submit(one)
    await world.pass(40)
    expect(holders(nodes, one)).toHaveLength(7)
    const whole = deliveries('transactions')
    expect(new Set(whole.map(({ from }) => from))).toEqual(new Set([at(nodes, 2).id]))
    expect(whole).toHaveLength(6)
    for (const { packet } of whole) expect(packet).toMatchObject({ startIndex: undefined })
  })

  it('goes from an observer to the sealers, and to no other observer', async () => {
    const { group, nodes } = await startedGroup(9, { sealers: 7 })
    const [first, second] = [at(nodes, 7), at(nodes, 8)]
    const sealers = nodes.slice(0, 7)
    await group.mine(sealers, [
      membershipChange(first.id, 'observer'),
      membershipChange(second.id, 'observer'),
    ])
    await world.pass(2000)
    const one = transaction()
    expect(first.pool.submit(one).status).toBe(0)
    await world.pass(200)
    expect(holders(sealers, one)).toHaveLength(7)
    expect(second.pool.has(one.hashText)).toBe(false)
  })

  it('goes on when a node of the tree cannot be reached', async () => {
    const { nodes } = await startedGroup(13)
    const gone = at(nodes, 5)
    await gone.stop()
    const one = transaction()
    at(nodes, 4).pool.submit(one)
    await world.pass(100)
    expect(holders(nodes, one)).toHaveLength(12)
  })

  it('waits for a connection, and goes then', async () => {
    const { nodes } = await startedGroup(4)
    const lonely = at(nodes, 1)
    hub.partition((a, b) => a === lonely.id || b === lonely.id)
    const one = transaction()
    lonely.pool.submit(one)
    await world.pass(60_000)
    expect(holders(nodes, one)).toEqual([lonely.id])
    hub.partition(() => false)
    await world.pass(100)
    expect(holders(nodes, one)).toHaveLength(4)
  })
})

describe('a mention', () => {
  it('brings a transaction to whom the tree has not reached', async () => {
    const { nodes } = await startedGroup(4)
    const missed = at(nodes, 2)
    hub.tamper = (message, _, to) =>
      to === missed.id && message.packetType === 1 ? undefined : message
    const one = transaction()
    at(nodes, 0).pool.submit(one)
    await world.pass(30)
    expect(missed.pool.has(one.hashText)).toBe(false)
    await world.pass(100)
    expect(missed.pool.has(one.hashText)).toBe(true)
    const asked = deliveries('transactionsRequest')
    expect(asked.map(({ packet }) => packet)).toEqual([
      { type: 'transactionsRequest', hashes: [one.hashText] },
    ])
    const answer = deliveries('transactions').find(({ to }) => to === missed.id)
    expect(answer?.message.packetType).toBe(0)
    expect(answer?.packet).toMatchObject({ startIndex: undefined })
  })

  it('goes to a quarter of the sealers, at most five, and to none that has it already', async () => {
    const { nodes } = await startedGroup(40)
    // A peer hands it over in an ordinary packet: nothing is passed on, only mentioned.
    const one = transaction()
    const [giver, taker] = [at(nodes, 0), at(nodes, 1)]
    taker.network.deliver(packetOf([one]), giver.id)
    await world.pass(58)
    const mentions = deliveries('transactionsStatus').filter(({ from }) => from === taker.id)
    expect(mentions).toHaveLength(5)
    expect(mentions.map(({ to }) => to)).not.toContain(giver.id)
    expect(mentions[0]?.packet).toMatchObject({ blockNumber: 0, hashes: [one.hashText] })
  })

  it('of what is known is not answered', async () => {
    const { nodes } = await startedGroup(4)
    const one = transaction()
    at(nodes, 0).pool.submit(one)
    await world.pass(500)
    expect(deliveries('transactionsStatus').length).toBeGreaterThan(0)
    expect(deliveries('transactionsRequest')).toEqual([])
  })

  it('of what has been mined is not answered', async () => {
    const { group, nodes } = await startedGroup(4)
    const one = transaction()
    await group.mine(nodes, [one])
    const packet: SyncPacket = {
      type: 'transactionsStatus',
      blockNumber: 0,
      hashes: [one.hashText],
    }
    const message = { ...packetOf([]), payload: encodeSyncPacket(packet) }
    at(nodes, 0).network.deliver(message, at(nodes, 1).id)
    await world.pass(100)
    expect(deliveries('transactionsRequest')).toEqual([])
  })

  it('is made again of what still waits, to whoever missed it', async () => {
    const { nodes } = await startedGroup(4)
    const missed = at(nodes, 2)
    hub.tamper = (message, _, to) => (to === missed.id ? undefined : message)
    const one = transaction()
    at(nodes, 0).pool.submit(one)
    await world.pass(3000)
    hub.tamper = (message) => message
    expect(missed.pool.has(one.hashText)).toBe(false)
    await world.pass(12_000)
    expect(missed.pool.has(one.hashText)).toBe(true)
  })

  it('is not asked about twice while the answer is on its way, and again when none came', async () => {
    const { nodes } = await startedGroup(4)
    const [self, a, b] = [at(nodes, 0), at(nodes, 1), at(nodes, 2)]
    const hash = 'ab'.repeat(32)
    const packet: SyncPacket = { type: 'transactionsStatus', blockNumber: 0, hashes: [hash] }
    const message = { ...packetOf([]), payload: encodeSyncPacket(packet) }
    self.network.deliver(message, a.id)
    self.network.deliver(message, b.id)
    await world.pass(100)
    expect(deliveries('transactionsRequest').map(({ to }) => to)).toEqual([a.id])
    await world.pass(3000)
    self.network.deliver(message, b.id)
    await world.pass(100)
    expect(deliveries('transactionsRequest').map(({ to }) => to)).toEqual([a.id, b.id])
  })
})

describe('packets of transactions', () => {
  it('are passed on once, however often they come', async () => {
    const { nodes } = await startedGroup(13)
    const one = transaction()
    const message = packetOf([one], { startIndex: 0, packetType: 1 })
    for (let i = 0; i < 5; i++) at(nodes, 1).network.deliver(message, at(nodes, 0).id)
    await world.pass(40)
    const forwarded = deliveries('transactions').filter(({ from }) => from === at(nodes, 1).id)
    expect(forwarded.map(({ to }) => to)).toEqual([4, 5, 6].map((i) => at(nodes, i).id))
  })

  it('of strangers are not read', async () => {
    const { nodes } = await startedGroup(4)
    const one = transaction()
    at(nodes, 0).network.deliver(packetOf([one]), 'f'.repeat(128))
    await world.pass(100)
    expect(at(nodes, 0).pool.size()).toBe(0)
  })

  it('with something that is no transaction still bring the good ones', async () => {
    const { nodes } = await startedGroup(4)
    const good = transaction()
    const junk = { raw: new Uint8Array(40).fill(0xc1) }
    at(nodes, 0).network.deliver(packetOf([junk, good, junk]), at(nodes, 1).id)
    await world.pass(20)
    expect(
      at(nodes, 0)
        .pool.pending()
        .map(({ hashText }) => hashText),
    ).toEqual([good.hashText])
  })

  it('of any bytes do no harm', async () => {
    const { nodes } = await startedGroup(4)
    const self = at(nodes, 0)
    const [good, status] = [packetOf([transaction()]).payload, new Uint8Array([1, 0xc0])]
    const signed = encodeSyncPacket({
      type: 'signedTransactions',
      list: encodeTransactionList([transaction()]),
      signers: new Uint8Array(64).fill(7),
      startIndex: 0,
    })
    const spoilt = fc
      .tuple(fc.constantFrom(good, signed, status), fc.nat(), fc.nat({ max: 255 }))
      .map(([payload, place, byte]) => {
        const bytes = payload.slice()
        bytes[place % bytes.length] = byte
        return bytes
      })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), spoilt), (payload) => {
        self.network.deliver({ ...packetOf([]), payload }, at(nodes, 1).id)
      }),
      { numRuns: 500 },
    )
    await world.pass(1000)
    // A byte of a nonce may be among those that were changed: this one is far from theirs.
    const one = transaction({ nonce: 5n })
    self.pool.submit(one)
    await world.pass(100)
    expect(holders(nodes, one)).toHaveLength(4)
  })

  it('are read a few transactions at a time', async () => {
    const { nodes } = await startedGroup(2)
    const self = at(nodes, 0)
    const many = Array.from({ length: 300 }, () => transaction())
    self.network.deliver(packetOf(many), at(nodes, 1).id)
    const sizes = [self.pool.size()]
    // What else the node has to do finds its turn in between.
    const look = (): void => {
      sizes.push(self.pool.size())
      if (self.pool.size() < 300) world.after(0, look)
    }
    world.after(0, look)
    await world.pass(1)
    expect(sizes).toEqual([0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 300])
    expect(self.pool.pending().map(({ hashText }) => hashText)).toEqual(
      many.map(({ hashText }) => hashText),
    )
  })

  it('that bring more than may wait are dropped, and nothing else is', async () => {
    const { nodes } = await startedGroup(3)
    const [self, flooder, friend] = [at(nodes, 0), at(nodes, 1), at(nodes, 2)]
    const huge = [1, 2, 3].map((i) => ({ raw: new Uint8Array(20_000_000).fill(i) }))
    for (const one of huge) self.network.deliver(packetOf([one]), flooder.id)
    const good = transaction()
    self.network.deliver(packetOf([good]), friend.id)
    await world.pass(20)
    expect(self.pool.has(good.hashText)).toBe(true)
    const dropped = self.log.filter(({ message }) => message.startsWith('transactions dropped'))
    expect(dropped).toHaveLength(2)
    expect(dropped[0]?.fields['from']).toBe(flooder.id)
  })

  it('are read before all others when consensus needs them, and only once', async () => {
    const { nodes } = await startedGroup(2)
    const self = at(nodes, 0)
    const many = Array.from({ length: 100 }, () => transaction())
    self.network.deliver(packetOf(many), at(nodes, 1).id)
    const needed = [many[99], many[50]].map((one) => one?.hashText ?? '')
    self.sync.hasten([...needed, 'f'.repeat(64)])
    expect(self.pool.pending().map(({ hashText }) => hashText)).toEqual(needed)
    await world.pass(1)
    expect(self.pool.size()).toBe(100)
  })

  it('are checked by other threads where there are some, and not asked for meanwhile', async () => {
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const inline = inlineSignatureBatches(standardSuite)
    const signatures: SignatureBatches = {
      ...inline,
      isSharing: true,
      recover: async (batch) => {
        await gate
        return inline.recover(batch)
      },
    }
    const { nodes } = await startedGroup(2, { signatures })
    const self = at(nodes, 0)
    const friend = at(nodes, 1)
    const many = Array.from({ length: 40 }, () => transaction())
    const forged = decodeTransaction(at(many, 0).raw.with(at(many, 0).raw.length - 1, 1), suite)
    self.network.deliver(packetOf([...many, forged]), friend.id)
    await world.pass(20)
    expect(self.pool.size()).toBe(0)
    hub.log.length = 0
    const hashes = many.map(({ hashText }) => hashText)
    const mention = { type: 'transactionsStatus', blockNumber: 0, hashes } as const
    self.network.deliver(
      { protocolId: protocolIdOf(GROUP_ID, 9), packetType: 0, payload: encodeSyncPacket(mention) },
      friend.id,
    )
    await world.pass(20)
    expect(hub.log.filter(({ from }) => from === self.id)).toEqual([])
    release()
    await world.pass(20)
    expect(self.pool.pending().map(({ hashText }) => hashText)).toEqual(hashes)
  })

  it('keep no memory of the packet alive in the pool', async () => {
    const { nodes } = await startedGroup(2)
    const many = Array.from({ length: 100 }, () => transaction())
    at(nodes, 0).network.deliver(packetOf(many), at(nodes, 1).id)
    await world.pass(1)
    for (const { raw } of at(nodes, 0).pool.pending()) {
      expect(raw.buffer.byteLength).toBeLessThanOrEqual(8192)
    }
  })

  it('answer a request with what the pool has, in packets of at most a thousand', async () => {
    const { nodes } = await startedGroup(2)
    const [self, asker] = [at(nodes, 0), at(nodes, 1)]
    hub.tamper = (message, from) =>
      from === self.id && message.packetType === 1 ? undefined : message
    const many = Array.from({ length: 1500 }, () => transaction())
    for (const one of many) self.pool.submit(one)
    await world.pass(30)
    hub.log.length = 0
    const hashes = ['cd'.repeat(32), ...many.map(({ hashText }) => hashText)]
    const request = encodeSyncPacket({ type: 'transactionsRequest', hashes })
    self.network.deliver({ ...packetOf([]), payload: request }, asker.id)
    await world.pass(6)
    const counts = deliveries('transactions').map(({ packet }) =>
      packet.type === 'transactions' ? splitTransactionList(packet.list).length : 0,
    )
    expect(counts).toEqual([1000, 500])
  })
})

describe('a node outside the group', () => {
  it('takes no transactions and passes none on', async () => {
    const { nodes } = await startedGroup(5, { sealers: 4 })
    const guest = at(nodes, 4)
    guest.network.deliver(packetOf([transaction()]), at(nodes, 0).id)
    guest.pool.submit(transaction())
    await world.pass(500)
    expect(guest.pool.size()).toBe(1)
    expect(hub.log.filter(({ from }) => from === guest.id)).toEqual([])
  })

  it('passes on what it holds when it has been let in', async () => {
    const { group, nodes } = await startedGroup(5, { sealers: 4 })
    const [guest, sealers] = [at(nodes, 4), nodes.slice(0, 4)]
    const one = transaction()
    guest.pool.submit(one)
    await group.mine(sealers, [membershipChange(guest.id, 'observer')])
    await world.pass(3000)
    expect(holders(sealers, one)).toHaveLength(4)
  })
})

describe('a sealer that no longer seals', () => {
  it('hands what waits over to the one that came in', async () => {
    const { group, nodes } = await startedGroup(5, { sealers: 4 })
    const [leaving, heir] = [at(nodes, 3), at(nodes, 4)]
    const one = transaction()
    // Nobody hears of it in the ordinary way.
    hub.tamper = (message) => {
      const { type } = decodeSyncPacket(message.payload)
      return type === 'transactionsStatus' || message.packetType === 1 ? undefined : message
    }
    leaving.pool.submit(one)
    await world.pass(100)
    const sealers = nodes.slice(0, 4)
    await group.mine(sealers, [membershipChange(heir.id, 'observer')])
    await world.pass(2000)
    expect(heir.pool.has(one.hashText)).toBe(false)
    await group.mine(
      [...sealers, heir],
      [membershipChange(heir.id, 'sealer'), membershipChange(leaving.id, 'observer')],
    )
    await world.pass(100)
    expect(heir.pool.has(one.hashText)).toBe(true)
    const given = deliveries('transactions').find(({ to }) => to === heir.id)
    expect(given?.message.packetType).toBe(0)
  })
})

describe('signatures', () => {
  it('are checked once: what came with gossip is not checked again by the executor', async () => {
    const { nodes } = await startedGroup(2)
    let checks = 0
    const counting = {
      ...suite,
      recover: (...args: Parameters<typeof suite.recover>) => {
        checks += 1
        return suite.recover(...args)
      },
    }
    const one = transaction()
    at(nodes, 0).network.deliver(packetOf([one]), at(nodes, 1).id)
    await world.pass(5)
    expect(at(nodes, 0).pool.get(one.hashText)?.sender(counting)).toMatch(/^[0-9a-f]{40}$/)
    expect(checks).toBe(0)
  })
})

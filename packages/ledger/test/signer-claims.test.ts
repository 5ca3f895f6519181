/** What nodes of this implementation tell each other of who signed, and what becomes of lies. */
import { concatBytes, fromHex, toHex } from '@bcos-ts/common'
import { type BatchSuite, inlineSignatureBatches, standardSuite } from '@bcos-ts/crypto'
import { decodeSyncPacket, encodeSyncPacket, type SyncPacket } from '@bcos-ts/ledger'
import {
  decodeTransaction,
  encodeSigned,
  encodeTransactionList,
  type NodeId,
  type SignatureBatches,
  type Transaction,
} from '@bcos-ts/protocol'
import { type P2pMessage, protocolIdOf } from '@bcos-ts/protocol/ports'
import { beforeEach, describe, expect, it } from 'vitest'
import { GROUP_ID, suite, testNodes, transaction } from './chain-kit.ts'
import { SimHub } from './sim-network.ts'
import { SimGroup, type SimNode, type SimNodeInit } from './sim-node.ts'
import { World } from './world.ts'

/** What a node has done for signatures: single recoveries, and the sizes of its batches. */
class Work {
  recoveries = 0
  readonly checked: number[] = []
  readonly signatures: SignatureBatches
  readonly suite: BatchSuite

  constructor(isSharing = false, gate: Promise<void> = Promise.resolve()) {
    const real: BatchSuite = { ...standardSuite, ...suite }
    this.suite = {
      ...real,
      recover: (signature, digest) => {
        this.recoveries += 1
        return real.recover(signature, digest)
      },
      recoverMany: (batch, into) => {
        this.recoveries += batch.count
        return real.recoverMany(batch, into)
      },
      verifyMany: (batch) => {
        this.checked.push(batch.count)
        return real.verifyMany(batch)
      },
    }
    const inline = inlineSignatureBatches(this.suite)
    this.signatures = {
      ...inline,
      isSharing,
      verify: async (batch) => {
        await gate
        return inline.verify(batch)
      },
    }
  }
}

let world: World
let hub: SimHub

beforeEach(() => {
  world = new World(11)
  hub = new SimHub(world)
})

interface Started {
  readonly nodes: readonly SimNode[]
  readonly works: readonly Work[]
}

async function startedGroup(
  count: number,
  init: (index: number, ids: readonly NodeId[]) => SimNodeInit & { readonly work?: Work },
): Promise<Started> {
  const identities = testNodes(count)
  const group = new SimGroup(hub, identities)
  const ids = identities.map(({ id }) => id)
  const nodes: SimNode[] = []
  const works: Work[] = []
  for (let i = 0; i < count; i++) {
    const { work = new Work(), ...rest } = init(i, ids)
    works.push(work)
    nodes.push(await group.start(i, { suite: work.suite, signatures: work.signatures, ...rest }))
  }
  await world.pass(300)
  hub.log.length = 0
  return { nodes, works }
}

const kin = (): SimNodeInit => ({ isKin: () => true })

function at<T>(values: readonly T[], index: number): T {
  const value = values[index]
  if (value === undefined) throw new Error(`nothing at ${index}`)
  return value
}

const made = (count: number): readonly Transaction[] =>
  Array.from({ length: count }, () => transaction())

interface Delivery {
  readonly from: NodeId
  readonly to: NodeId
  readonly message: P2pMessage
  readonly packet: SyncPacket
}

/** Packets with whole transactions that were delivered. */
const deliveries = (): readonly Delivery[] =>
  hub.log
    .map((one) => ({ ...one, packet: decodeSyncPacket(one.message.payload) }))
    .filter(({ packet }) => packet.type === 'transactions' || packet.type === 'signedTransactions')

const keyOf = (one: Transaction): Uint8Array => {
  const key = suite.recover(one.signature, one.signingHash)
  if (key === undefined) throw new Error('not signed well')
  return key
}

/** Of the group of secp256k1 (SEC 2 §2.4.1). */
const ORDER = fromHex('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141')
const LIE = suite.keyPair(new Uint8Array(32).fill(0x77)).publicKey
const UNKNOWN = new Uint8Array(64)

const truth = (transactions: readonly Transaction[]): readonly Uint8Array[] =>
  transactions.map(keyOf)
const lies = (transactions: readonly Transaction[]): readonly Uint8Array[] =>
  transactions.map(() => LIE)

const messageOf = (packet: SyncPacket, packetType = 0): P2pMessage => ({
  protocolId: protocolIdOf(GROUP_ID, 9),
  packetType,
  payload: encodeSyncPacket(packet),
})

function signedPacket(
  transactions: readonly Transaction[],
  signers: readonly Uint8Array[] = truth(transactions),
  startIndex?: number,
): P2pMessage {
  const list = encodeTransactionList(transactions)
  const packet = { type: 'signedTransactions', list, signers: concatBytes(...signers) } as const
  return messageOf({ ...packet, startIndex }, startIndex === undefined ? 0 : 1)
}

const hashesOf = (transactions: readonly Transaction[]): readonly string[] =>
  transactions.map(({ hashText }) => hashText)

const pooled = ({ pool }: SimNode): readonly string[] => hashesOf(pool.pending())

const warnings = ({ log }: SimNode): readonly string[] =>
  log.filter(({ level }) => level === 'warn').map(({ message }) => message)

describe('nodes of this implementation', () => {
  it('are told who signed, and recover no key', async () => {
    const { nodes, works } = await startedGroup(4, kin)
    const all = made(20)
    for (const one of all) at(nodes, 0).pool.submit(decodeTransaction(one.raw, at(works, 0).suite))
    await world.pass(60)
    expect(works.map(({ recoveries }) => recoveries)).toEqual([20, 0, 0, 0])
    expect(works.map(({ checked }) => checked)).toEqual([[], [20], [20], [20]])
    for (const node of nodes) {
      expect(pooled(node)).toEqual(hashesOf(all))
      expect(node.pool.pending().map((one) => one.sender(suite))).toEqual(
        all.map((one) => one.sender(suite)),
      )
    }
    for (const { packet, message } of deliveries()) {
      expect(message.packetType).toBe(1)
      expect(packet).toMatchObject({ type: 'signedTransactions', startIndex: 0 })
      expect(packet).toMatchObject({ signers: concatBytes(...truth(all)) })
    }
  })

  it('recover the keys of a few, which are not worth a batch', async () => {
    const { nodes, works } = await startedGroup(2, kin)
    const all = made(7)
    at(nodes, 1).network.deliver(signedPacket(all), at(nodes, 0).id)
    await world.pass(5)
    expect(pooled(at(nodes, 1))).toEqual(hashesOf(all))
    expect(at(works, 1)).toMatchObject({ recoveries: 7, checked: [] })
  })

  it('recover those of which nobody says who signed', async () => {
    const { nodes, works } = await startedGroup(2, kin)
    const all = made(24)
    const signers = all.map((one, i) => (i % 3 === 0 ? UNKNOWN : keyOf(one)))
    at(nodes, 1).network.deliver(signedPacket(all, signers), at(nodes, 0).id)
    await world.pass(5)
    expect(pooled(at(nodes, 1))).toEqual(hashesOf(all))
    expect(at(works, 1)).toMatchObject({ recoveries: 8, checked: [16] })
    expect(warnings(at(nodes, 1))).toEqual([])
  })

  it('pass on what they were told as it came', async () => {
    const { nodes, works } = await startedGroup(13, (i, ids) => ({
      isKin: (id) => i !== 1 || id === ids[4],
    }))
    const all = made(12)
    const message = signedPacket(all, truth(all), 0)
    at(nodes, 1).network.deliver(message, at(nodes, 0).id)
    await world.pass(30)
    const passedOn = deliveries().filter(({ from }) => from === at(nodes, 1).id)
    expect(passedOn.map(({ to }) => to).toSorted()).toEqual(
      [4, 5, 6].map((i) => at(nodes, i).id).toSorted(),
    )
    for (const { to, message: delivered, packet } of passedOn) {
      expect(delivered.packetType).toBe(1)
      if (to === at(nodes, 4).id) {
        expect(toHex(delivered.payload)).toBe(toHex(message.payload))
        continue
      }
      // Strangers get what the reference knows.
      const list = encodeTransactionList(all)
      expect(packet).toEqual({ type: 'transactions', list, startIndex: 0 })
    }
    expect([4, 5, 6].map((i) => at(works, i).recoveries)).toEqual([0, 12, 12])
  })

  it('use it also when consensus cannot wait', async () => {
    const { nodes, works } = await startedGroup(3, kin)
    const [self, a, b] = [at(nodes, 0), at(nodes, 1), at(nodes, 2)]
    const [first, second] = [made(30), made(30)]
    self.network.deliver(signedPacket(first), a.id)
    self.network.deliver(signedPacket(second), b.id)
    const needed = [...second.slice(10), ...first.slice(20)]
    self.sync.hasten(hashesOf(needed))
    expect(pooled(self)).toEqual(hashesOf(needed))
    expect(at(works, 0)).toMatchObject({ recoveries: 0, checked: [30] })
    await world.pass(5)
    expect(self.pool.size()).toBe(60)
    expect(at(works, 0)).toMatchObject({ recoveries: 0, checked: [30, 30] })
  })

  it('have it checked on other threads where there are some', async () => {
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const { nodes, works } = await startedGroup(2, () => ({
      ...kin(),
      work: new Work(true, gate),
    }))
    const self = at(nodes, 0)
    const all = made(20)
    const signers = all.map((one, i) => (i < 4 ? UNKNOWN : keyOf(one)))
    self.network.deliver(signedPacket(all, signers), at(nodes, 1).id)
    await world.pass(20)
    expect(self.pool.size()).toBe(0)
    release()
    await world.pass(20)
    expect(pooled(self)).toEqual(hashesOf(all))
    expect(at(works, 0)).toMatchObject({ recoveries: 4, checked: [16] })
  })

  it('forget the keys of clients when they have told them, or when there is nobody to tell', async () => {
    for (const count of [1, 2]) {
      hub = new SimHub(world)
      const { nodes } = await startedGroup(count, kin)
      const { pool } = at(nodes, 0)
      const [early, late] = [transaction(), transaction()]
      const [first, second] = [early, late].map(({ raw }) => decodeTransaction(raw, suite))
      for (const one of [first, second]) if (one !== undefined) pool.submit(one)
      expect(first?.takeSigner()).toEqual(keyOf(early))
      await world.pass(20)
      expect(pool.has(late.hashText)).toBe(true)
      expect(second?.takeSigner()).toBeUndefined()
    }
  })

  it('do not keep the keys of what came from peers', async () => {
    const { nodes } = await startedGroup(2, kin)
    const all = made(20)
    const signers = all.map((one, i) => (i < 4 ? UNKNOWN : keyOf(one)))
    at(nodes, 0).network.deliver(signedPacket(all, signers), at(nodes, 1).id)
    await world.pass(5)
    expect(at(nodes, 0).pool.pending()).toHaveLength(20)
    for (const one of at(nodes, 0).pool.pending()) expect(one.takeSigner()).toBeUndefined()
  })
})

describe('strangers', () => {
  it('are sent the packets that the reference knows', async () => {
    const { nodes, works } = await startedGroup(4, (_, ids) => ({ isKin: (id) => id === ids[1] }))
    const all = made(10)
    for (const one of all) at(nodes, 0).pool.submit(decodeTransaction(one.raw, at(works, 0).suite))
    await world.pass(60)
    const list = encodeTransactionList(all)
    for (const { to, packet } of deliveries()) {
      if (to === at(nodes, 1).id) expect(packet.type).toBe('signedTransactions')
      else expect(packet).toEqual({ type: 'transactions', list, startIndex: 0 })
    }
    expect(deliveries()).toHaveLength(3)
    expect(works.map(({ recoveries }) => recoveries)).toEqual([10, 0, 10, 10])
  })

  it('get no answer that they cannot read, nor does anybody get claims that are not known any more', async () => {
    const { nodes } = await startedGroup(2, kin)
    const [self, asker] = [at(nodes, 0), at(nodes, 1)]
    hub.tamper = (message, from) =>
      from === self.id && message.packetType === 1 ? undefined : message
    const all = made(10)
    for (const one of all) self.pool.submit(one)
    await world.pass(30)
    hub.log.length = 0
    const request = { type: 'transactionsRequest', hashes: hashesOf(all) } as const
    self.network.deliver(messageOf(request), asker.id)
    await world.pass(6)
    expect(deliveries().map(({ packet }) => packet.type)).toEqual(['transactions'])
  })
})

describe('small packets of several peers', () => {
  it('are checked together, and keep their order and their holders', async () => {
    const { nodes, works } = await startedGroup(4, kin)
    const [self, ...peers] = [at(nodes, 0), at(nodes, 1), at(nodes, 2), at(nodes, 3)]
    const all = made(36)
    const giver = new Map<string, NodeId>()
    for (let i = 0; i < 9; i++) {
      const part = all.slice(4 * i, 4 * i + 4)
      const { id } = at(peers, i % 3)
      for (const { hashText } of part) giver.set(hashText, id)
      self.network.deliver(signedPacket(part), id)
    }
    await world.pass(70)
    expect(pooled(self)).toEqual(hashesOf(all))
    expect(at(works, 0)).toMatchObject({ recoveries: 0, checked: [36] })
    // A peer hears of a transaction only when it did not bring it.
    const mentions = hub.log
      .filter(({ from }) => from === self.id)
      .map(({ to, message }) => ({ to, packet: decodeSyncPacket(message.payload) }))
    let mentioned = 0
    for (const { to, packet } of mentions) {
      if (packet.type !== 'transactionsStatus') continue
      for (const hash of packet.hashes) expect(giver.get(hash)).not.toBe(to)
      mentioned += packet.hashes.length
    }
    expect(mentioned).toBe(36)
  })

  it('are read so many at a time as take about as long, whether keys are told or not', async () => {
    const { nodes } = await startedGroup(3, kin)
    const [self, a, b] = [at(nodes, 0), at(nodes, 1), at(nodes, 2)]
    self.network.deliver(signedPacket(made(200)), a.id)
    const silent = made(40)
    self.network.deliver(
      signedPacket(
        silent,
        silent.map(() => UNKNOWN),
      ),
      b.id,
    )
    self.network.deliver(signedPacket(made(20)), a.id)
    const sizes = [self.pool.size()]
    const look = (): void => {
      sizes.push(self.pool.size())
      if (self.pool.size() < 260) world.after(0, look)
    }
    world.after(0, look)
    await world.pass(1)
    // 128; 72 and 14 that cost four times as much; 26 of these, and 20 and more; all.
    expect(sizes).toEqual([0, 128, 214, 260])
  })

  it('of one peer do not use up the room of another', async () => {
    const { nodes } = await startedGroup(3, kin)
    const [self, a, b] = [at(nodes, 0), at(nodes, 1), at(nodes, 2)]
    const huge = (fill: number): P2pMessage => {
      const list = encodeTransactionList([{ raw: new Uint8Array(20_000_000).fill(fill) }])
      return messageOf({ type: 'signedTransactions', list, signers: UNKNOWN, startIndex: 0 })
    }
    const dropped = (): number =>
      warnings(self).filter((message) => message.startsWith('transactions dropped')).length
    self.network.deliver(huge(1), a.id)
    self.network.deliver(huge(2), b.id)
    self.network.deliver(huge(3), a.id)
    expect(dropped()).toBe(1)
    // Read in one slice, both have their room again.
    await world.pass(5)
    self.network.deliver(huge(4), a.id)
    self.network.deliver(huge(5), b.id)
    expect(dropped()).toBe(1)
  })
})

describe('a peer that lies about who signed', () => {
  it('is not believed for ten minutes, and its transactions arrive all the same', async () => {
    const { nodes, works } = await startedGroup(2, kin)
    const [self, liar, work] = [at(nodes, 0), at(nodes, 1), at(works, 0)]
    const first = made(20)
    self.network.deliver(signedPacket(first, lies(first)), liar.id)
    await world.pass(5)
    expect(pooled(self)).toEqual(hashesOf(first))
    expect(self.pool.pending().map((one) => one.sender(suite))).toEqual(
      first.map((one) => one.sender(suite)),
    )
    expect(work).toMatchObject({ recoveries: 20, checked: [20] })
    expect(warnings(self)).toHaveLength(1)

    const second = made(20)
    await world.pass(590_000)
    self.network.deliver(signedPacket(second), liar.id)
    await world.pass(5)
    for (const { hashText } of second) expect(self.pool.has(hashText)).toBe(true)
    expect(work).toMatchObject({ recoveries: 40, checked: [20] })

    const third = made(20)
    await world.pass(11_000)
    self.network.deliver(signedPacket(third), liar.id)
    await world.pass(5)
    for (const { hashText } of third) expect(self.pool.has(hashText)).toBe(true)
    expect(work).toMatchObject({ recoveries: 40, checked: [20, 20] })
    expect(warnings(self)).toHaveLength(1)
  })

  it('does not spoil what others say in the same batch, nor what it had already sent', async () => {
    const { nodes, works } = await startedGroup(3, kin)
    const [self, liar, honest] = [at(nodes, 0), at(nodes, 1), at(nodes, 2)]
    const [bad, good, more] = [made(8), made(100), made(100)]
    self.network.deliver(signedPacket(bad, lies(bad)), liar.id)
    self.network.deliver(signedPacket(good), honest.id)
    self.network.deliver(signedPacket(more), liar.id)
    await world.pass(5)
    expect(pooled(self)).toEqual(hashesOf([...bad, ...good, ...more]))
    // Eight lies, and what was left of the liar's own after the first slice of 128.
    expect(at(works, 0)).toMatchObject({ recoveries: 8 + 80, checked: [128] })
    self.network.deliver(signedPacket(made(10)), honest.id)
    await world.pass(5)
    expect(at(works, 0).checked).toEqual([128, 10])
  })

  it('costs who has passed the lie on no more than the belief in what comes from there', async () => {
    const { nodes, works } = await startedGroup(13, kin)
    const [self, between, work] = [at(nodes, 4), at(nodes, 1), at(works, 4)]
    const tell = async (signers: typeof truth, startIndex: number): Promise<void> => {
      const all = made(9)
      self.network.deliver(signedPacket(all, signers(all), startIndex), between.id)
      await world.pass(2)
    }
    await tell(lies, 0)
    expect(work.checked).toEqual([9])
    await tell(truth, 0)
    expect(work.checked).toEqual([9])
    await tell(truth, 1)
    expect(work.checked).toEqual([9, 9])
    // A place where no packet can begin would be a new credit for each lie.
    await tell(truth, 13)
    expect(work.checked).toEqual([9, 9])
    expect(self.pool.size()).toBe(36)
  })

  it('is not passed on', async () => {
    const { nodes } = await startedGroup(13, kin)
    const [self, liar] = [at(nodes, 1), at(nodes, 0)]
    const [first, second] = [made(9), made(9)]
    self.network.deliver(signedPacket(first, lies(first), 0), liar.id)
    await world.pass(30)
    hub.log.length = 0
    self.network.deliver(signedPacket(second, truth(second), 0), liar.id)
    await world.pass(30)
    const passedOn = deliveries().filter(({ from }) => from === self.id)
    expect(passedOn).toHaveLength(3)
    const list = encodeTransactionList(second)
    for (const { packet } of passedOn) {
      expect(packet).toEqual({ type: 'transactions', list, startIndex: 0 })
    }
  })

  it('gets nothing into the pool that is not signed well', async () => {
    const { nodes, works } = await startedGroup(2, kin)
    const [self, liar] = [at(nodes, 0), at(nodes, 1)]
    const good = made(20)
    // An `s` that no signature has: nobody signed it, whoever is claimed, and nobody is looked for.
    const forged = good.map((one) => {
      const [r, v] = [one.signature.subarray(0, 32), one.signature.subarray(64)]
      return decodeTransaction(encodeSigned(one, concatBytes(r, ORDER, v)), suite)
    })
    self.network.deliver(signedPacket(forged, truth(good)), liar.id)
    await world.pass(5)
    expect(self.pool.size()).toBe(0)
    expect(at(works, 0)).toMatchObject({ recoveries: 0, checked: [20] })
    // They are settled: not asked for again.
    hub.log.length = 0
    const hashes = hashesOf(forged)
    const mention = { type: 'transactionsStatus', blockNumber: 0, hashes } as const
    self.network.deliver(messageOf(mention), liar.id)
    await world.pass(20)
    expect(hub.log.filter(({ from }) => from === self.id)).toEqual([])
  })

  it('is refused with signers that do not fit the transactions', async () => {
    const { nodes } = await startedGroup(2, kin)
    const [self, liar] = [at(nodes, 0), at(nodes, 1)]
    const all = made(10)
    self.network.deliver(signedPacket(all, truth(all.slice(1))), liar.id)
    await world.pass(20)
    expect(self.pool.size()).toBe(0)
    expect(self.log.map(({ message }) => message)).toContain('a packet cannot be read')
    self.network.deliver(signedPacket(all), liar.id)
    await world.pass(20)
    expect(self.pool.size()).toBe(10)
  })
})

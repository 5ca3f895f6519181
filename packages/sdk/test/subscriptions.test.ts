import { toHex, utf8 } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { describe, expect, it } from 'vitest'
import {
  Contract,
  type EventLog,
  generateAccount,
  type LogFilter,
  type Subscription,
  type WatchedLogs,
} from '../src/index.ts'
import {
  atEnd,
  clientOf,
  NOTES_ABI,
  notesCode,
  type Setup,
  setup,
  transportTo,
  TRANSPORTS,
  until,
} from './support.ts'
import { testGroup } from './test-chain.ts'
import { startTestNode } from './test-node.ts'

const NOTED = `0x${toHex(standardSuite.hash(utf8('Noted(uint256,uint256)')))}`
const word = (value: number) => `0x${value.toString(16).padStart(64, '0')}`

const account = generateAccount(standardSuite)
const deploy = ({ client }: Pick<Setup, 'client'>) =>
  Contract.deploy({ client, account, abi: NOTES_ABI }, notesCode())

/** What a subscription delivered, as `key` of each note. */
function keysOf(logs: readonly EventLog[]): number[] {
  return logs.map(({ topics }) => Number(`0x${toHex(topics[1]!)}`))
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe.each(TRANSPORTS)('blocks over %s', (name) => {
  it('come in order from where one wants, and new ones as they are made', async () => {
    const { client, group } = await setup(name)
    for (let i = 0; i < 5; i++) await group.mine()
    const [all, fresh]: [number[], number[]] = [[], []]
    const slow = client.watchBlocks(
      async (number) => {
        await Promise.resolve()
        all.push(number)
      },
      { from: 2 },
    )
    client.watchBlocks((number) => void fresh.push(number))
    await until('old ones came', () => all.length === 4)
    await new Promise((resolve) => void setTimeout(resolve, 50))
    for (let i = 0; i < 5; i++) await group.mine()
    await until('new ones came', () => all.length === 9 && fresh.length === 5)
    expect([all, fresh]).toEqual([numbers(2, 10), numbers(6, 10)])
    slow.stop()
    await slow.ended
    await group.mine()
    await until('the other goes on', () => fresh.length === 6)
    expect(all).toHaveLength(9)
  })

  it('come each once, also over lost connections and errors of the listener', async () => {
    const { client, group, node } = await setup(name)
    const seen: number[] = []
    const errors: string[] = []
    client.watchBlocks(
      (number) => {
        seen.push(number)
        if (number === 7) throw new Error('mine')
      },
      { from: 0, onError: (error) => void errors.push(error.message) },
    )
    for (let i = 1; i <= 30; i++) {
      await group.mine()
      if (i % 10 === 5) node.dropClients()
    }
    await until('all came', () => seen.length >= 31)
    expect(seen).toEqual(numbers(0, 30))
    expect(errors).toContain('mine')
  })
})

describe.each(TRANSPORTS)('events over %s', (name) => {
  function watch(
    { client }: Setup,
    logs: WatchedLogs,
  ): { seen: EventLog[]; errors: Error[]; subscription: Subscription } {
    const seen: EventLog[] = []
    const errors: Error[] = []
    const subscription = client.watchEvents(logs, (found) => void seen.push(...found), {
      onError: (error) => void errors.push(error),
    })
    return { seen, errors, subscription }
  }

  it('are those that the filter wants, with their place in the chain', async () => {
    const all = await setup(name)
    const [notes, others] = [await deploy(all), await deploy(all)]
    for (const key of [1, 2, 3]) {
      await notes.send('note', key, 10 * key)
      await others.send('note', key, 0)
    }
    const wanted = async (filter: LogFilter) => {
      const { seen, subscription } = watch(all, { ...filter, from: 0, to: 8 })
      await subscription.ended
      return seen
    }
    const own = { addresses: [notes.address] }
    expect(await wanted({})).toHaveLength(6)
    expect(keysOf(await wanted(own))).toEqual([1, 2, 3])
    const capital = { addresses: [`0x${notes.address.toUpperCase()}`] }
    expect(keysOf(await wanted(capital))).toEqual([1, 2, 3])
    expect(keysOf(await wanted({ ...own, topics: [NOTED, word(2)] }))).toEqual([2])
    expect(keysOf(await wanted({ ...own, topics: [null, [word(1), word(3)]] }))).toEqual([1, 3])
    expect(keysOf(await wanted({ ...own, topics: [[], word(3)] }))).toEqual([3])
    expect(await wanted({ ...own, topics: [word(1)] })).toEqual([])
    expect(await wanted({ ...own, topics: [NOTED, null, word(1)] })).toEqual([])
    const [log] = await wanted({ ...own, topics: [NOTED, word(2)] })
    const receipt = await all.client.getTransactionReceipt(log?.transactionHash ?? '')
    expect(log).toEqual({
      ...receipt?.logs[0],
      blockNumber: receipt?.blockNumber,
      blockHash: receipt?.blockHash,
      transactionHash: receipt?.transactionHash,
      transactionIndex: 0,
      logIndex: 0,
    })
  })

  it('come each once and in order, also over lost connections', async () => {
    const all = await setup(name)
    const notes = await deploy(all)
    const { seen, errors, subscription } = watch(all, {
      addresses: [notes.address],
      from: 'latest',
    })
    all.group.hold(true)
    for (let key = 1; key <= 60; key++) {
      await submitNote(all, notes, key)
      if (key % 3 === 0) await all.group.mine()
      if (key % 10 === 7) all.node.dropClients()
      // Some connections are lost while logs are on their way, some before they are asked for again.
      if (key % 12 === 0) await new Promise((resolve) => void setTimeout(resolve, 60))
    }
    await until('all came', () => seen.length >= 60)
    await all.group.mine()
    expect(keysOf(seen)).toEqual(numbers(1, 60))
    expect(errors.every(({ message }) => message.includes('no answer'))).toBe(true)
    expect(errors.length > 0).toBe(name !== 'http')
    subscription.stop()
    await submitNote(all, notes, 61)
    await all.group.mine()
    await subscription.ended
    expect(seen).toHaveLength(60)
  })

  /** Over HTTP, so that a lost connection does not disturb what is watched over another. */
  async function submitNote(all: Setup, notes: Contract<typeof NOTES_ABI>, key: number) {
    const client = clientOf(transportTo(all.node, 'http'))
    const hashes = await all.client.getPendingTxSize().catch(() => 0)
    const writer = new Contract(notes.address, { client, account, abi: NOTES_ABI })
    void writer.transact('note', key, 0).catch(() => {})
    await until('it waits', async () => (await client.getPendingTxSize()) > hashes)
  }

  it('begin with the last block that there is, and end where they should', async () => {
    const all = await setup(name)
    const notes = await deploy(all)
    await notes.send('note', 1, 0)
    const { seen, subscription } = watch(all, { addresses: [notes.address], to: 4 })
    await until('the last block is searched', () => seen.length === 1)
    for (const key of [2, 3, 4]) await notes.send('note', key, 0)
    await subscription.ended
    expect(keysOf(seen)).toEqual([1, 2, 3])
  })

  it('are decoded for those who watch a contract', async () => {
    const all = await setup(name)
    const notes = await deploy(all)
    const seen: unknown[] = []
    const subscription = notes.events(
      'Noted',
      async ({ args, log }) => {
        await Promise.resolve()
        seen.push([args.key, args.value, log.blockNumber])
      },
      { from: 0, to: 3, topics: [[word(7), word(8)]] },
    )
    for (const key of [7, 9]) await notes.send('note', key, 5n)
    await subscription.ended
    expect(seen).toEqual([[7n, 5n, 2]])
  })

  it('are refused with the reason', async () => {
    const all = await setup(name)
    const refused = async (subscription: Subscription, eventCode: number) =>
      expect(subscription.ended).rejects.toMatchObject({
        code: 'SDK_EVENT_REFUSED',
        details: { eventCode },
      })
    const watchEvents = (logs: WatchedLogs) => all.client.watchEvents(logs, () => {})
    await refused(watchEvents({ from: 5, to: 4 }), -41_003)
    await all.group.mine()
    await refused(watchEvents({ to: 0 }), -41_003)
    await refused(watchEvents({ topics: [null, null, null, null, null] }), -41_001)
    const { errors, subscription } = watch(all, { topics: [null, null, null, null, null] })
    await subscription.ended
    expect(errors).toMatchObject([{ code: 'SDK_EVENT_REFUSED' }])
  })
})

describe('events of a node with bounds', () => {
  async function bounded(init: { blockRangeMax?: number; isSdkAllowed?: boolean }) {
    const group = await testGroup()
    const node = await startTestNode({ groups: [group], ...init })
    atEnd(() => node.stop())
    return { group, node, client: clientOf(transportTo(node, 'channel')) }
  }

  it('are read from receipts when it does not look back so far', async () => {
    const all = await bounded({ blockRangeMax: 3 })
    const notes = await deploy(all)
    for (const key of numbers(1, 9)) await notes.send('note', key, 0)
    const seen: EventLog[] = []
    const subscription = all.client.watchEvents(
      { from: 0, to: 11 },
      (logs) => void seen.push(...logs),
    )
    await notes.send('note', 10, 0)
    await subscription.ended
    expect(keysOf(seen)).toEqual(numbers(1, 10))
  })

  it('are refused when it does not let the application see the group', async () => {
    const { client } = await bounded({ isSdkAllowed: false })
    const { ended } = client.watchEvents({ from: 0 }, () => {})
    await expect(ended).rejects.toMatchObject({ details: { eventCode: -41_006 } })
  })
})

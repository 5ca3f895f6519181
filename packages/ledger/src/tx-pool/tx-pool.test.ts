import { fromHex } from '@bcos-ts/common'
import { decodeTransaction, Transaction } from '@bcos-ts/protocol'
import type { SubmissionOutcome } from '@bcos-ts/protocol/ports'
import { mirrored } from '@bcos-ts/testing/arbitraries'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  CHAIN_ID,
  GROUP_ID,
  mine,
  openTestChain,
  suite,
  type TestChain,
  testNodes,
  transaction,
} from '../../test/chain-kit.ts'
import { readVectors } from '../../test/vectors.ts'
import { World } from '../../test/world.ts'
import { PoolResult } from './results.ts'
import {
  createTxPool,
  type RunningTxPool,
  type TxPoolComponents,
  type TxPoolInit,
} from './tx-pool.ts'

const nodes = testNodes(1)
const PEER = nodes[0]?.id ?? ''
const NOTHING: ReadonlySet<string> = new Set()

let world: World
let chain: TestChain

beforeEach(async () => {
  world = new World()
  chain = await openTestChain(nodes)
})

function poolWith(
  init: Partial<TxPoolInit> = {},
  components: Partial<TxPoolComponents> = {},
): RunningTxPool {
  return createTxPool(
    { chainId: CHAIN_ID, groupId: GROUP_ID, ...init },
    { suite, chain: chain.store, clock: world, timers: world, ...components },
  )
}

/** Commits a block and takes it out of the pool, as the node does. */
async function commit(pool: RunningTxPool, transactions: readonly Transaction[]): Promise<void> {
  const { block, hash } = await mine(chain, nodes, transactions)
  pool.removeMined(block, hash)
}

const memoryOf = ({ raw, data, extraData }: Transaction): number =>
  raw.length + data.length + extraData.length

describe('import', () => {
  it('takes a good transaction, from a client and from a peer', () => {
    const pool = poolWith()
    const [mine1, theirs] = [transaction(), transaction()]
    expect(pool.submit(mine1)).toEqual(PoolResult.imported)
    expect(pool.import(theirs, PEER)).toEqual({ status: 0, reason: 'Success' })
    expect(pool.size()).toBe(2)
    expect(pool.has(theirs.hashText)).toBe(true)
    expect(pool.get(theirs.hashText)).toBe(theirs)
    expect(pool.pending()).toEqual([mine1, theirs])
    expect(pool.pending(1)).toEqual([mine1])
  })

  it('10006: no more bytes than the limit, counting data and extra data twice', () => {
    const extraData = new Uint8Array(50)
    const one = transaction({ data: new Uint8Array(100), extraData })
    const two = transaction({ data: new Uint8Array(100), extraData })
    const pool = poolWith({ bytesMax: memoryOf(one) + memoryOf(two) - 1 })
    expect(pool.submit(one).status).toBe(0)
    expect(pool.submit(two)).toEqual({ status: 10_006, reason: 'OverGroupMemoryLimit' })
  })

  it('gives bytes free again when a transaction is mined', async () => {
    const one = transaction()
    const pool = poolWith({ bytesMax: memoryOf(one) + 10 })
    pool.submit(one)
    await commit(pool, [one])
    expect(pool.submit(transaction()).status).toBe(0)
  })

  it('28: no more transactions than the limit', () => {
    const pool = poolWith({ countMax: 1 })
    pool.submit(transaction())
    expect(pool.submit(transaction())).toEqual({ status: 28, reason: 'TransactionPoolIsFull' })
  })

  it('10000: not twice', () => {
    const pool = poolWith()
    const one = transaction()
    pool.import(one, PEER)
    const again = decodeTransaction(one.raw, suite)
    expect(pool.submit(again)).toEqual({ status: 10_000, reason: 'TransactionAlreadyKown' })
  })

  it('10001: not again once it was dropped', async () => {
    const pool = poolWith({ expirationMs: 1000 })
    const one = transaction()
    pool.submit(one)
    await world.pass(1001)
    expect(pool.fetch(10, NOTHING)).toEqual([])
    expect(pool.submit(one)).toEqual({ status: 10_001, reason: 'TransactionAlreadyInChain' })
  })

  it('15: no nonce of the latest blocks, also of those before the pool was made', async () => {
    const early = transaction({ nonce: 7n })
    await mine(chain, nodes, [early])
    const pool = poolWith()
    await commit(pool, [transaction({ nonce: 8n })])
    for (const nonce of [7n, 8n]) {
      const result = pool.submit(transaction({ nonce, value: 1n }))
      expect(result).toEqual({ status: 15, reason: 'TransactionNonceCheckFail' })
    }
    expect(pool.submit(transaction({ nonce: 9n })).status).toBe(0)
  })

  it('15: not the nonce 2^256 - 1', () => {
    const result = poolWith().submit(transaction({ nonce: 2n ** 256n - 1n }))
    expect(result).toEqual({ status: 15, reason: 'TransactionNonceCheckFail' })
  })

  it('16: block limits only from the next block up to 1000 blocks from here', async () => {
    const pool = poolWith()
    await commit(pool, [])
    await commit(pool, [])
    const refused = { status: 16, reason: 'BlockLimitCheckFailed' }
    for (const blockLimit of [0n, 1n, 2n, 1003n, 2n ** 256n - 1n]) {
      expect(pool.submit(transaction({ blockLimit }))).toEqual(refused)
    }
    for (const blockLimit of [3n, 1002n]) {
      expect(pool.submit(transaction({ blockLimit })).status).toBe(0)
    }
  })

  it('10005: no transaction without a good signature', () => {
    const good = transaction()
    const raw = good.raw.slice()
    // The last 32 bytes are s: this one is beyond the order of the curve.
    raw.fill(0xff, raw.length - 32)
    const result = poolWith().submit(decodeTransaction(raw, suite))
    expect(result).toEqual({ status: 10_005, reason: 'TransactionSubmitFailed' })
  })

  it('10005: no transaction with the other one of two good signatures', () => {
    const nonce = 77n
    const good = transaction({ nonce })
    const other = transaction(
      { nonce },
      { ...suite, sign: (...args) => mirrored(suite.sign(...args)) },
    )
    expect(other.sender(suite)).toBe(good.sender(suite))
    expect(other.hashText).not.toBe(good.hashText)
    const pool = poolWith()
    expect(pool.submit(other)).toEqual({ status: 10_005, reason: 'TransactionSubmitFailed' })
    expect(pool.import(other, 'peer').status).toBe(10_005)
    expect(pool.submit(good).status).toBe(0)
  })

  it('10002, 10003: not for another chain or group', () => {
    const pool = poolWith()
    const foreign = pool.submit(transaction({ chainId: 2n }))
    expect(foreign).toEqual({ status: 10_002, reason: 'InvalidChainId' })
    const other = pool.submit(transaction({ groupId: 2n }))
    expect(other).toEqual({ status: 10_003, reason: 'InvalidGroupId' })
  })

  it('a transaction of another chain or group reserves no nonce', () => {
    const pool = poolWith()
    pool.submit(transaction({ nonce: 5n, chainId: 2n }))
    pool.submit(transaction({ nonce: 5n, groupId: 2n }))
    expect(pool.submit(transaction({ nonce: 5n })).status).toBe(0)
  })

  it('15: not the nonce of a waiting transaction, until that one has gone', async () => {
    const pool = poolWith({ expirationMs: 1000 })
    pool.submit(transaction({ nonce: 5n }))
    const rival = transaction({ nonce: 5n, value: 1n })
    expect(pool.submit(rival)).toEqual({ status: 15, reason: 'TxPoolNonceCheckFail' })
    await world.pass(1001)
    pool.fetch(1, NOTHING)
    expect(pool.submit(rival).status).toBe(0)
  })

  it('names the first rule that is broken', () => {
    const pool = poolWith({ countMax: 1 })
    const first = transaction()
    pool.submit(first)
    expect(pool.submit(first).status).toBe(28)
    const roomy = poolWith()
    roomy.submit(first)
    const nonceAndLimit = transaction({ nonce: 2n ** 256n - 1n, blockLimit: 0n, chainId: 9n })
    expect(roomy.submit(nonceAndLimit).status).toBe(15)
    expect(roomy.submit(transaction({ blockLimit: 0n, chainId: 9n })).status).toBe(16)
    expect(roomy.submit(transaction({ chainId: 9n, groupId: 9n })).status).toBe(10_002)
  })

  it('asks for admission of clients only, and before anything else', () => {
    const pool = poolWith({ countMax: 0 }, { admission: () => PoolResult.notInGroup })
    expect(pool.submit(transaction()).status).toBe(10_004)
    expect(pool.import(transaction(), PEER).status).toBe(28)
    const syncing = poolWith({}, { admission: () => PoolResult.syncing })
    expect(syncing.submit(transaction())).toEqual({ status: 29, reason: 'NodeIsSyncing' })
  })

  it('tells listeners what was added and from whom, and nothing of what was refused', () => {
    const pool = poolWith()
    const seen: (readonly [string, string | undefined])[] = []
    const stop = pool.onAdded(({ hashText }, from) => void seen.push([hashText, from]))
    const [one, two] = [transaction(), transaction()]
    pool.submit(one)
    pool.import(two, PEER)
    pool.import(two, PEER)
    stop()
    pool.submit(transaction())
    expect(seen).toEqual([
      [one.hashText, undefined],
      [two.hashText, PEER],
    ])
  })
})

describe('the window of nonces', () => {
  it('holds the nonces of 1001 blocks and no more', async () => {
    const first = transaction({ nonce: 77n })
    const pool = poolWith()
    await commit(pool, [first])
    for (let i = 0; i < 1000; i++) await commit(pool, [])
    expect(chain.store.height()).toBe(1001)
    const again = { nonce: 77n, blockLimit: 1500n }
    expect(pool.submit(transaction(again)).status).toBe(15)
    expect(poolWith().submit(transaction(again)).status).toBe(15)
    await commit(pool, [])
    expect(pool.submit(transaction(again)).status).toBe(0)
    expect(poolWith().submit(transaction(again)).status).toBe(0)
  })

  it('keeps a nonce that two blocks carry until the later one has passed', async () => {
    const pool = poolWith()
    await commit(pool, [transaction({ nonce: 5n })])
    // A leader may put it in again: blocks of others are not checked for nonces.
    await commit(pool, [transaction({ nonce: 5n, value: 1n })])
    for (let i = 0; i < 1000; i++) await commit(pool, [])
    expect(pool.submit(transaction({ nonce: 5n, blockLimit: 1100n })).status).toBe(15)
    await commit(pool, [])
    expect(pool.submit(transaction({ nonce: 5n, blockLimit: 1100n })).status).toBe(0)
  })
})

describe('fetch', () => {
  it('gives transactions in order of arrival, without those excepted', () => {
    const pool = poolWith()
    const all = [transaction(), transaction(), transaction(), transaction()]
    for (const one of all) pool.submit(one)
    const [first, second] = all
    expect(pool.fetch(2, NOTHING)).toEqual([first, second])
    const except = new Set([first?.hashText ?? ''])
    expect(pool.fetch(2, except)).toEqual(all.slice(1, 3))
    expect(pool.fetch(100, except)).toEqual(all.slice(1))
    expect(pool.size()).toBe(4)
  })

  it('leaves out what is mined but not yet taken out', async () => {
    const pool = poolWith()
    const one = transaction()
    const two = transaction()
    pool.submit(one)
    pool.submit(two)
    await mine(chain, nodes, [one])
    expect(pool.fetch(10, NOTHING)).toEqual([two])
    expect(pool.has(one.hashText)).toBe(true)
  })

  it('drops what has waited too long, with status 29', async () => {
    const pool = poolWith({ expirationMs: 5000 })
    const outcomes: SubmissionOutcome[] = []
    pool.submit(transaction(), (outcome) => outcomes.push(outcome))
    await world.pass(5000)
    expect(pool.fetch(10, NOTHING)).toHaveLength(1)
    await world.pass(1)
    expect(pool.fetch(10, NOTHING)).toEqual([])
    expect(outcomes).toEqual([{ type: 'dropped', status: 29 }])
    expect(pool.size()).toBe(0)
  })

  it('drops a transaction whose block limit has passed, with status 29', async () => {
    const pool = poolWith()
    const outcomes: SubmissionOutcome[] = []
    pool.submit(transaction({ blockLimit: 2n }), (outcome) => outcomes.push(outcome))
    await commit(pool, [])
    expect(pool.fetch(10, NOTHING)).toHaveLength(1)
    await commit(pool, [])
    expect(pool.fetch(10, NOTHING)).toEqual([])
    expect(outcomes).toEqual([{ type: 'dropped', status: 29 }])
  })
})

describe('sweeping', () => {
  it('drops what has expired while nobody seals, until the pool is stopped', async () => {
    const pool = poolWith({ expirationMs: 1000 })
    const outcomes: SubmissionOutcome[] = []
    await pool.start()
    pool.submit(transaction(), (outcome) => outcomes.push(outcome))
    await world.pass(3000)
    expect(outcomes).toEqual([{ type: 'dropped', status: 29 }])
    await pool.stop()
    pool.submit(transaction(), (outcome) => outcomes.push(outcome))
    await world.pass(10_000)
    expect(outcomes).toHaveLength(1)
  })

  it('lets nothing expire because somebody sets the clock', async () => {
    let aheadMs = 0
    const clock = { nowMs: () => world.nowMs() + aheadMs }
    const pool = poolWith({ expirationMs: 10_000 }, { clock })
    await pool.start()
    const one = transaction()
    pool.submit(one)
    await world.pass(5000)
    aheadMs += 3_600_000
    await world.pass(4000)
    expect(pool.fetch(10, NOTHING)).toEqual([one])
    aheadMs -= 7_200_000
    await world.pass(12_000)
    expect(pool.has(one.hashText)).toBe(false)
    await pool.stop()
  })

  it('reaches, in turn, transactions behind ten thousand that are still good', async () => {
    const pool = poolWith({ expirationMs: 1e9 })
    await pool.start()
    const source = transaction()
    // Unsigned copies would be refused, and signing ten thousand takes a second: the bodies share a sender.
    for (let i = 0; i < 10_000; i++) {
      const twin = Object.defineProperties(new Transaction(source.raw, suite), {
        hashText: { value: `twin ${i}` },
        nonceText: { value: `nonce ${i}` },
        sender: { value: () => 'somebody' },
      })
      expect(pool.import(twin, PEER).status).toBe(0)
    }
    const outcomes: SubmissionOutcome[] = []
    pool.submit(transaction({ blockLimit: 1n }), (outcome) => outcomes.push(outcome))
    await commit(pool, [])
    await world.pass(3000)
    expect(outcomes).toEqual([])
    await world.pass(3000)
    expect(outcomes).toEqual([{ type: 'dropped', status: 29 }])
  })
})

describe('outcomes', () => {
  it('come once, with receipt, block and place', async () => {
    const pool = poolWith()
    const outcomes: SubmissionOutcome[] = []
    const [one, two] = [transaction(), transaction()]
    pool.submit(two, (outcome) => outcomes.push(outcome))
    const { block, hash } = await mine(chain, nodes, [one, two])
    pool.removeMined(block, hash)
    pool.removeMined(block, hash)
    const receipt = block.receipts[1]
    const expected = { type: 'mined', transaction: two, receipt, block, blockHash: hash, index: 1 }
    expect(outcomes).toEqual([expected])
    expect(pool.size()).toBe(0)
  })

  it('do not come for what was refused', async () => {
    const pool = poolWith()
    const outcomes: SubmissionOutcome[] = []
    const one = transaction()
    pool.import(one, PEER)
    pool.submit(one, (outcome) => outcomes.push(outcome))
    await commit(pool, [one])
    expect(outcomes).toEqual([])
  })

  it('are dropped, 29, for a transaction whose nonce another one has used up', async () => {
    const pool = poolWith()
    const outcomes: SubmissionOutcome[] = []
    pool.submit(transaction({ nonce: 3n }), (outcome) => outcomes.push(outcome))
    await commit(pool, [transaction({ nonce: 3n, value: 9n })])
    expect(outcomes).toEqual([{ type: 'dropped', status: 29 }])
    expect(pool.size()).toBe(0)
  })

  it('reach the others when one submitter fails', async () => {
    const pool = poolWith()
    const outcomes: SubmissionOutcome[] = []
    const [one, two] = [transaction(), transaction()]
    pool.submit(one, () => {
      throw new Error('gone')
    })
    pool.submit(two, (outcome) => outcomes.push(outcome))
    await commit(pool, [one, two])
    expect(outcomes).toHaveLength(1)
  })
})

describe('what a real node refused', () => {
  interface Rejected {
    readonly usedNonce: { readonly block: number; readonly nonce: string }
    readonly cases: readonly {
      readonly label: string
      readonly height: number
      readonly raw: string
      readonly reason: string | null
    }[]
  }
  const file = readVectors<Rejected>('rejected-transactions.json')
  /** What the pool sees of the recorded chain. */
  const recorded = (height: number): TxPoolComponents['chain'] => ({
    height: () => height,
    nonces: (number) => (number === file.usedNonce.block ? [file.usedNonce.nonce] : []),
    onCommit: () => () => {},
  })

  it.each(file.cases.map((one) => [one.label, one] as const))(
    '%s',
    (_, { height, raw, reason }) => {
      const pool = poolWith({}, { chain: recorded(height) })
      const result = pool.submit(decodeTransaction(fromHex(raw), suite))
      // Where it could not even decode, our answer is that of an invalid signature.
      expect(result.reason).toBe(reason ?? PoolResult.malformed.reason)
    },
  )
})

import { toHex } from '@bcos-ts/common'
import {
  createGroup,
  createSynchronizer,
  createTxPool,
  type Group,
  type GroupInit,
  GroupStoppedError,
} from '@bcos-ts/ledger'
import type { NodeId } from '@bcos-ts/protocol'
import type { ConsensusEngine, SubmissionOutcome } from '@bcos-ts/protocol/ports'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  CHAIN_ID,
  GROUP_ID,
  membershipChange,
  openTestChain,
  propose,
  sign,
  suite,
  type TestChain,
  testEngine,
  type TestNode,
  testNodes,
  transaction,
} from './chain-kit.ts'
import { SimHub } from './sim-network.ts'
import { SimGroup } from './sim-node.ts'
import { World } from './world.ts'

const nodes = testNodes(4)

let world: World
let hub: SimHub
let events: string[]

beforeEach(() => {
  world = new World()
  hub = new SimHub(world)
  events = []
})

interface Assembled {
  readonly group: Group
  readonly chain: TestChain
}

/** A group of real parts, but for its engine, which only notes what it is told. */
async function assemble(
  self: TestNode | undefined,
  sealers: readonly TestNode[],
  change: Partial<GroupInit> = {},
): Promise<Assembled> {
  const chain = await openTestChain(sealers)
  const { store, executor, storage } = chain
  const network = hub.join(self?.id ?? '')
  const shared = { suite, chain: store, clock: world, timers: world }
  const note = (event: string): void => void events.push(event)
  const group = createGroup({
    id: GROUP_ID,
    self: self?.id ?? '',
    chain: store,
    executor,
    storage: {
      stop: async () => {
        await storage.stop()
        note('storage stopped')
      },
    },
    pool: ({ admission }) =>
      noted(
        'pool',
        createTxPool({ chainId: CHAIN_ID, groupId: GROUP_ID }, { ...shared, admission }),
      ),
    sync: (parts) =>
      noted(
        'sync',
        createSynchronizer({ groupId: GROUP_ID }, { ...shared, ...parts, executor, network }),
      ),
    consensus: () => engineOf(store, note),
    ...change,
  })
  return { group, chain }
}

/** The same part, which notes when it is started and stopped. */
function noted<T extends { start(): unknown; stop(): unknown }>(name: string, part: T): T {
  const [start, stop] = [part.start.bind(part), part.stop.bind(part)]
  part.start = () => {
    events.push(`${name} started`)
    return start()
  }
  part.stop = () => {
    events.push(`${name} stopped`)
    return stop()
  }
  return part
}

function engineOf(store: TestChain['store'], note: (event: string) => void): ConsensusEngine {
  return {
    ...testEngine(store),
    type: 'pbft',
    start: () => note('consensus started'),
    stop: () => note('consensus stopped'),
    onBlockCommitted: () => note(`consensus told of ${store.height()}`),
    status: () => {
      throw new Error('not asked for')
    },
  }
}

/** The next block, as the engine of this node would commit it. */
async function commitNext({ group, chain }: Assembled, transactions = [transaction()]) {
  const executed = chain.executor.execute(propose(chain.store, transactions))
  await group.committer.commit(executed, sign(chain.store, executed.hash, nodes))
  return executed
}

describe('a group', () => {
  it('starts from the pool up to consensus, and stops the other way round, storage last', async () => {
    const votes = noted('votes', { start: () => {}, stop: () => {} })
    const { group } = await assemble(nodes[0], nodes, { foundations: [votes] })
    await group.start()
    await group.stop()
    expect(events).toEqual([
      'votes started',
      'pool started',
      'sync started',
      'consensus started',
      'consensus stopped',
      'sync stopped',
      'pool stopped',
      'votes stopped',
      'storage stopped',
    ])
  })

  it('tells of a block in order: chain, pool, engine', async () => {
    const assembled = await assemble(nodes[0], nodes)
    const { group, chain } = assembled
    await group.start()
    events = []
    const one = transaction()
    group.pool.submit(one, ({ type }) => events.push(`submitter: ${type}`))
    chain.store.onCommit(({ block }) => events.push(`chain has ${block.header.number}`))
    await commitNext(assembled, [one])
    expect(events).toEqual(['chain has 1', 'submitter: mined', 'consensus told of 1'])
    expect(group.pool.size()).toBe(0)
    await group.stop()
  })

  it('knows its role, from the block on that changes it', async () => {
    const [a, b, c, guest] = nodes
    const sealers = [a, b, c].filter((one) => one !== undefined)
    const assembled = await assemble(guest, sealers)
    const { group } = assembled
    await group.start()
    expect(group.role()).toBe('free')
    await commitNext(assembled, [membershipChange(guest?.id ?? '', 'observer')])
    expect(group.role()).toBe('observer')
    await commitNext(assembled, [membershipChange(guest?.id ?? '', 'sealer')])
    expect(group.role()).toBe('sealer')
    await commitNext(assembled, [membershipChange(guest?.id ?? '', 'remove')])
    expect(group.role()).toBe('free')
    await group.stop()
  })

  it('answers read-only calls', async () => {
    const { group } = await assemble(nodes[0], nodes)
    const result = group.call({
      from: '00'.repeat(20),
      to: undefined,
      value: 0n,
      data: new Uint8Array(0),
    })
    expect(result.status).toBe(26)
  })
})

describe('clients', () => {
  it('are refused, 10004, by a node outside the group', async () => {
    const { group } = await assemble(nodes[3], nodes.slice(0, 3))
    await group.start()
    expect(group.pool.submit(transaction())).toMatchObject({ status: 10_004 })
    await group.stop()
  })

  it('are refused, 29, by a node that is more than twenty blocks behind', async () => {
    const others = new SimGroup(hub, nodes)
    const running = [await others.start(1), await others.start(2), await others.start(3)]
    for (let i = 0; i < 21; i++) await others.mine(running)
    hub.tamper = (message) => (message.payload[0] === 3 ? undefined : message)
    const { group } = await assemble(nodes[0], nodes)
    await group.start()
    await world.pass(1000)
    expect(group.sync.isFarBehind()).toBe(true)
    expect(group.pool.submit(transaction())).toMatchObject({ status: 29, reason: 'NodeIsSyncing' })
    hub.tamper = (message) => message
    await world.passUntil(() => !group.sync.isFarBehind(), 60_000)
    expect(group.pool.submit(transaction()).status).toBe(0)
    await group.stop()
  })
})

describe('the way into the chain', () => {
  it('is open for one block at a time: the second of two with one number is refused', async () => {
    const assembled = await assemble(nodes[0], nodes)
    const { group, chain } = assembled
    await group.start()
    const executed = [1, 2].map(() => chain.executor.execute(propose(chain.store, [transaction()])))
    const results = await Promise.allSettled(
      executed.map((one) => group.committer.commit(one, sign(chain.store, one.hash, nodes))),
    )
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(results[1]).toMatchObject({ reason: { code: 'LEDGER_NOT_NEXT_BLOCK' } })
    expect(toHex(chain.store.headHash())).toBe(toHex(executed[0]?.hash ?? new Uint8Array()))
    // A refusal does not block the way.
    await commitNext(assembled)
    expect(chain.store.height()).toBe(2)
    await group.stop()
  })

  it('is held by a job until it is over', async () => {
    const assembled = await assemble(nodes[0], nodes)
    const { group, chain } = assembled
    await group.start()
    const order: string[] = []
    let open = (): void => {}
    const held = group.committer.exclusively(async () => {
      await new Promise<void>((resolve) => {
        open = resolve
      })
      order.push(`job at ${chain.store.height()}`)
    })
    const committed = commitNext(assembled).then(() => order.push('block'))
    await world.pass(10)
    expect(order).toEqual([])
    open()
    await Promise.all([held, committed])
    expect(order).toEqual(['job at 0', 'block'])
    await group.stop()
  })

  it('is closed once the group is stopped, after what was under way', async () => {
    const assembled = await assemble(nodes[0], nodes)
    const { group, chain } = assembled
    await group.start()
    const outcomes: SubmissionOutcome[] = []
    const one = transaction()
    group.pool.submit(one, (outcome) => outcomes.push(outcome))
    const next = chain.executor.execute(propose(chain.store, []))
    const under = commitNext(assembled, [one])
    await world.pass(0)
    await group.stop()
    await under
    expect(outcomes).toHaveLength(1)
    expect(events.at(-1)).toBe('storage stopped')
    const late = group.committer.commit(next, sign(chain.store, next.hash, nodes))
    await expect(late).rejects.toThrow(GroupStoppedError)
  })
})

describe('a stopped group', () => {
  it('hears nothing more, and leaves nothing behind on the network', async () => {
    const others = new SimGroup(hub, nodes)
    const peer = await others.start(1)
    const { group } = await assemble(nodes[0], nodes)
    await group.start()
    await world.pass(1000)
    await group.stop()
    await world.pass(10)
    const since = hub.log.length
    await others.mine([peer])
    await world.pass(10_000)
    const self: NodeId = nodes[0]?.id ?? ''
    expect(hub.log.slice(since).filter(({ from }) => from === self)).toEqual([])
  })
})

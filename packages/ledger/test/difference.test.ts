import { toHex } from '@bcos-ts/common'
import { decodeSyncPacket, encodeSyncPacket, type SyncPacket } from '@bcos-ts/ledger'
import type { Block, NodeId } from '@bcos-ts/protocol'
import { type ExecutionDifference, type P2pMessage, protocolIdOf } from '@bcos-ts/protocol/ports'
import { beforeEach, describe, expect, it } from 'vitest'
import { GROUP_ID, membershipChange, propose, sign, testNodes, transaction } from './chain-kit.ts'
import { SimHub } from './sim-network.ts'
import { headOf, heightOf, SimGroup, type SimNode, type SimNodeInit } from './sim-node.ts'
import { World } from './world.ts'

/** The block that the altered node executes otherwise, and the node id that it is about. */
const HEIGHT = 8
const GUEST = 'ab'.repeat(64)
const LATE = 3

let world: World
let hub: SimHub
let group: SimGroup
let nodes: SimNode[]
let executions: number

/** Makes the guest a sealer where the group made it an observer. */
function falsified(block: Block): Block {
  const [, ...rest] = block.transactions
  return { ...block, transactions: [membershipChange(GUEST, 'sealer'), ...rest] }
}

const altered: NonNullable<SimNodeInit['executor']> = (real) => ({
  execute(block) {
    if (block.header.number !== HEIGHT) return real.execute(block)
    executions += 1
    return real.execute(falsified(block))
  },
  trace: (block) =>
    real.trace?.(falsified(block)) ?? { executed: real.execute(block), written: [] },
})

beforeEach(async () => {
  world = new World(5)
  hub = new SimHub(world)
  executions = 0
  group = new SimGroup(hub, testNodes(4))
  nodes = []
  for (const index of [0, 1, 2]) nodes.push(await group.start(index))
  for (let number = 1; number <= 12; number++) {
    const isDiffering = number === HEIGHT
    await group.mine(nodes, isDiffering ? [membershipChange(GUEST, 'observer'), transaction()] : [])
  }
})

const isPeer = (id: NodeId): boolean => nodes.some((node) => node.id === id)

async function startAltered(init: SimNodeInit = {}): Promise<SimNode> {
  const late = await group.start(LATE, { executor: altered, ...init })
  await world.passUntil(() => late.sync.difference?.() !== undefined, 60_000)
  return late
}

const differenceOf = (node: SimNode): ExecutionDifference => {
  const difference = node.sync.difference?.()
  if (difference === undefined) throw new Error('no difference')
  return difference
}

function packetsTo(node: SimNode, type: SyncPacket['type']): readonly SyncPacket[] {
  return hub.log
    .filter(({ to }) => to === node.id)
    .map(({ message }) => decodeSyncPacket(message.payload))
    .filter((packet) => packet.type === type)
}

/** What one peer sends of rows is replaced; everything else passes. */
function lie(
  liar: NodeId | undefined,
  replace: (packet: Extract<SyncPacket, { type: 'rows' }>) => SyncPacket | undefined,
): void {
  hub.tamper = (message, from): P2pMessage | undefined => {
    if (from !== liar) return message
    const packet = decodeSyncPacket(message.payload)
    if (packet.type !== 'rows') return message
    const replaced = replace(packet)
    return (
      replaced && {
        protocolId: protocolIdOf(GROUP_ID, 9),
        packetType: 0,
        payload: encodeSyncPacket(replaced),
      }
    )
  }
}

const ROW = {
  table: '_sys_consensus_',
  key: 'node',
  side: 'both wrote it',
  fields: [{ field: 'type', expected: 'observer', own: 'sealer' }],
}

describe('a node whose execution differs', () => {
  it('executes the block once, asks every peer once for another, says so once, and is silent', async () => {
    const late = await startAltered()
    await world.pass(600_000)
    expect(heightOf(late)).toBe(HEIGHT - 1)
    expect(executions).toBe(1)
    const errors = late.log.filter(({ level }) => level === 'error')
    expect(errors).toHaveLength(1)
    expect(errors[0]?.fields).toMatchObject({ code: 'SYNC_EXECUTION_DIFFERS', number: HEIGHT })
    const asked = nodes.flatMap((node) => packetsTo(node, 'blocksRequest'))
    await world.pass(1_000_000)
    expect(nodes.flatMap((node) => packetsTo(node, 'blocksRequest'))).toHaveLength(asked.length)
    expect(late.log.filter(({ message }) => message === 'a peer is left alone')).toEqual([])
  })

  it('reports both results, and what it wrote by transaction', async () => {
    const difference = differenceOf(await startAltered())
    const block = nodes[0]?.chain.store.block(HEIGHT)
    expect(difference).toMatchObject({
      height: HEIGHT,
      expectedHash: toHex(nodes[0]?.chain.store.hashOf(HEIGHT) ?? new Uint8Array()),
      hasReceipts: true,
      receipt: {
        transaction: { index: 0, hash: block?.transactions[0]?.hashText },
        fields: [{ field: 'gasUsed', expected: '25420', own: '25356' }],
      },
      differingReceipts: 1,
      isCausedByLanes: false,
      row: null,
      transactions: block?.transactions.map(({ hashText }) => hashText),
    })
    const fieldOf = (name: string) => difference.header.find(({ field }) => field === name)
    expect(fieldOf('stateRoot')?.own).not.toBe(fieldOf('stateRoot')?.expected)
    expect(fieldOf('transactionsRoot')?.own).toBe(fieldOf('transactionsRoot')?.expected)
    expect(difference.written).toContainEqual({
      table: '_sys_consensus_',
      key: 'node',
      place: 0,
      fields: { name: 'node', node_id: GUEST, type: 'sealer', enable_num: '8' },
      isRemoved: false,
      transactions: [0],
    })
  })

  it('asks no peer for rows of which it does not know that it understands', async () => {
    const late = await startAltered()
    await world.pass(120_000)
    expect(nodes.flatMap((node) => packetsTo(node, 'rowsRequest'))).toEqual([])
    expect(differenceOf(late).rows).toMatch(/^none: no node of this implementation/)
  })

  it('learns the first row that differs from a peer of its kind', async () => {
    const late = await startAltered({ isKin: isPeer })
    await world.passUntil(() => differenceOf(late).row !== null, 10_000)
    const { row, differingRows, rows } = differenceOf(late)
    expect(row).toMatchObject(ROW)
    expect(row?.transactions.map(({ index }) => index)).toEqual([0])
    expect(differingRows).toBe(1)
    expect(rows).toMatch(/compared with node .*, whose rows hash to the state root/)
  })

  it('believes no rows that do not hash to the state root, and asks the next peer', async () => {
    const kin = nodes[0]?.id
    lie(kin, (packet) => ({
      ...packet,
      rows: packet.rows.map((listed) => ({
        ...listed,
        row: listed.row && { ...listed.row, isRemoved: !listed.row.isRemoved },
      })),
    }))
    const late = await startAltered({ isKin: (id) => id === kin || id === nodes[1]?.id })
    await world.passUntil(() => differenceOf(late).row !== null, 30_000)
    expect(differenceOf(late).row).toMatchObject(ROW)
    expect(differenceOf(late).rows).toContain(nodes[1]?.id.slice(0, 8))
  })

  it('gives up on peers that answer nothing, pretend to have endless rows, or lie, and says so', async () => {
    const kin = nodes[0]?.id
    lie(kin, (packet) => ({ ...packet, total: 2 ** 40 }))
    const late = await startAltered({ isKin: (id) => id === kin })
    await world.passUntil(() => differenceOf(late).rows.startsWith('none'), 120_000)
    expect(differenceOf(late).row).toBeNull()
    expect(packetsTo(late, 'rows').length).toBeLessThan(3)
  })

  it('goes on when it is started anew after its repair', async () => {
    const late = await startAltered()
    await late.stop()
    const repaired = await group.start(LATE, { storage: late.chain.storage })
    await world.passUntil(() => heightOf(repaired) === 12, 30_000)
    expect(headOf(repaired)).toBe(nodes[0] && headOf(nodes[0]))
    expect(repaired.sync.difference?.()).toBeUndefined()
  })
})

describe('a signed block that only this node can execute otherwise', () => {
  it('does not stand in the way of another one of that height that passes', async () => {
    // A quorum has signed two blocks of one height; the one of node 0 has a result that nobody else has.
    hub = new SimHub(world)
    const forked = new SimGroup(hub, testNodes(4))
    const wrong = await forked.start(0)
    const right = await forked.start(1)
    for (let i = 0; i < 2; i++) await forked.mine([wrong, right])
    const changes = [membershipChange(GUEST, 'observer')]
    const proposal = propose(wrong.chain.store, changes)
    const executed = wrong.chain.executor.execute(falsified(proposal))
    const block = { ...executed.block, transactions: proposal.transactions }
    const signatures = sign(wrong.chain.store, executed.hash, forked.identities)
    await wrong.committer.commit({ ...executed, block }, signatures)
    await forked.mine([right], changes)
    const lateId = forked.identity(LATE).id
    hub.partition((a, b) => [a, b].includes(lateId) && [a, b].includes(right.id))
    const late = await forked.start(LATE)
    await world.passUntil(() => late.sync.difference?.() !== undefined, 60_000)
    expect(heightOf(late)).toBe(2)
    hub.partition(() => false)
    await world.passUntil(() => heightOf(late) === 3, 60_000)
    expect(headOf(late)).toBe(headOf(right))
    expect(late.sync.difference?.()).toBeUndefined()
  })
})

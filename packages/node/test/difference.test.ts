import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { concatBytes } from '@bcos-ts/common'
import { type ChainContracts, chainContracts, compareWithData, readDifference } from '@bcos-ts/node'
import { native, type NativeContract, newRow, ownTable, putRow, refuse } from '@bcos-ts/precompiled'
import { userTable } from '@bcos-ts/protocol'
import { encodeAbi, selectorOf } from '@bcos-ts/protocol/abi'
import type { ExecutionDifference } from '@bcos-ts/protocol/ports'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, type ClusterNode, suites, until } from './cluster.ts'

const COUNTS = { name: userTable('counter'), keyField: 'name', valueFields: 'total' }
const COUNTER = '5100'.padStart(40, '0')
const ADD = 'add(string,uint256)'

/** Counts by name; `falsify` is what one node of the chain does with the totals. */
const counter = (falsify: (name: string, total: bigint) => bigint): NativeContract => ({
  name: 'Counter',
  address: 0x5100,
  summary: 'Counts by name.',
  memory: 'calldata',
  unknown: 'empty',
  functions: [
    native('add(string name, uint256 by) returns (uint256 total)', {
      permission: 'anybody',
      charges: ['OpenTable', 'Select', 'Update'],
      run({ tables, origin }, name, by) {
        const table = ownTable(tables, COUNTS)
        const total = BigInt(table.select(name)[0]?.get('total') ?? 0) + by
        const written = String(falsify(name, total))
        const count = putRow(table, name, newRow(tables, { total: written }), origin)
        return count > 0 ? total : refuse('this counter is not yours')
      },
    }),
  ],
})

const add = (name: string, by: bigint): Uint8Array =>
  concatBytes(selectorOf(ADD, suites.standard), encodeAbi(['string', 'uint256'], [name, by]))

const ALTERED = 3

describe('a follower of Raft whose program has another rule', () => {
  it('stands still with a report, while the others go on', async () => {
    let altered: number | undefined
    const cluster = new Cluster({
      groups: { 1: [0, 1, 2] },
      size: 3,
      alterGenesis: (text) => text.replace('consensus_type=pbft', 'consensus_type=raft'),
      contracts: (position) =>
        chainContracts(suites, [
          counter((_, total) => (position === altered ? total + 1000n : total)),
        ]),
    })
    try {
      await cluster.start()
      const groupOf = (position: number) => cluster.nodes[position]?.running.service.group(1)
      const leaderOf = (position: number) => groupOf(position)?.consensus.status().leader
      await until('a leader', () => {
        const known = new Set([0, 1, 2].map(leaderOf))
        return known.size === 1 && !known.has(undefined)
      })
      const ids = cluster.nodes.map(({ nodeId }) => nodeId)
      const leader = ids.indexOf(leaderOf(0) ?? '')
      altered = (leader + 1) % 3
      const others = cluster.nodes.filter((_, position) => position !== altered)
      for (let block = 1; block <= 3; block++) {
        expect(cluster.nodes[leader]?.submit(1, COUNTER, add('ann', 1n)).status).toBe(0)
        await cluster.allReach(1, block, others)
      }
      await until('the report', () => groupOf(altered ?? 0)?.sync.difference?.() !== undefined)
      expect(groupOf(altered)?.chain.height()).toBe(0)
      expect(groupOf(altered)?.sync.difference?.()).toMatchObject({ height: 1, row: null })
      expect(await cluster.nodes[altered]?.result('getConsensusProgress', 1)).toMatchObject({
        stage: 'halted',
      })
    } finally {
      await cluster.stop()
    }
  })
})

describe('a node whose program has another rule', () => {
  let cluster: Cluster
  let isRepaired = false
  let executions = 0

  const contracts = (position: number): ChainContracts => {
    const isAltered = position === ALTERED && !isRepaired
    const falsify = (name: string, total: bigint): bigint => {
      if (name === 'bad' && isAltered) executions += 1
      return name === 'bad' && isAltered ? total + 1000n : total
    }
    return chainContracts(suites, [counter(falsify)])
  }
  const node = (position: number): ClusterNode => {
    const one = cluster.nodes[position]
    if (one === undefined) throw new Error(`no node ${position}`)
    return one
  }
  const differenceOf = (): ExecutionDifference | undefined =>
    node(ALTERED).running.service.group(1)?.sync.difference?.()
  const others = (): readonly ClusterNode[] => [0, 1, 2].map(node)
  const dataOf = (position: number): string => join(node(position).folder, 'data', 'group1')
  const isPacked = (): boolean =>
    others().every((one) => one.running.service.group(1)?.pool.size() === 0)

  async function mineOnOthers(...calls: readonly Uint8Array[]): Promise<void> {
    const before = node(0).heightOf(1)
    for (const call of calls) expect(node(0).submit(1, COUNTER, call).status).toBe(0)
    await cluster.allReach(1, before + 1, others())
    await until('all are packed', isPacked)
  }

  beforeAll(async () => {
    cluster = new Cluster({ groups: { 1: [0, 1, 2, 3], 2: [0, 1, 2, 3] }, size: 4, contracts })
    await cluster.start()
  })
  afterAll(() => cluster.stop())

  it('adds what it executes as the others do', async () => {
    await mineOnOthers(add('good', 1n))
    await cluster.allReach(1, node(0).heightOf(1))
  })

  it('stands still where it does not, and names table, key, field and transaction', async () => {
    await mineOnOthers(add('good', 2n), add('bad', 5n))
    await until(
      'the row is known',
      () => differenceOf()?.row !== null && differenceOf() !== undefined,
    )
    const difference = differenceOf()
    expect(difference).toMatchObject({
      code: 'SYNC_EXECUTION_DIFFERS',
      hasReceipts: true,
      receipt: null,
      isCausedByLanes: false,
      differingRows: 1,
      row: {
        table: 'u_counter',
        key: 'bad',
        side: 'both wrote it',
        fields: [{ field: 'total', expected: '5', own: '1005' }],
      },
    })
    const block = node(0).blockAt(1, difference?.height ?? 0)
    const index = difference?.row?.transactions[0]?.index ?? -1
    expect(difference?.row?.transactions).toEqual([
      { index, hash: block?.transactions[index]?.hashText },
    ])
    expect(node(ALTERED).heightOf(1)).toBe((difference?.height ?? 0) - 1)
    expect(node(ALTERED).hashAt(1, node(ALTERED).heightOf(1))).toBe(
      node(0).hashAt(1, node(ALTERED).heightOf(1)),
    )
  })

  it('answers, tells why, executes nothing again, and holds up neither its other group nor the others', async () => {
    const before = executions
    const height = node(ALTERED).heightOf(1)
    const view = await node(ALTERED).result('getPbftView', 1)
    for (let i = 0; i < 4; i++) await mineOnOthers(add('good', 1n))
    expect(node(ALTERED).submit(2, COUNTER, add('good', 1n)).status).toBe(0)
    await until('the other group moves', () => cluster.nodes.every((one) => one.heightOf(2) > 0))
    expect(executions - before).toBeLessThanOrEqual(8)
    expect(node(ALTERED).heightOf(1)).toBe(height)
    // It neither votes nor asks for another view.
    expect(await node(ALTERED).result('getPbftView', 1)).toBe(view)
    expect(await node(ALTERED).result('getBlockNumber', 1)).toBe(`0x${height.toString(16)}`)
    expect(await node(ALTERED).result('getConsensusProgress', 1)).toMatchObject({
      stage: 'halted',
      height: height + 1,
      missing: expect.stringMatching(/u_counter\[bad\].*difference-\d+\.json/),
    })
    expect(await node(ALTERED).result('getExecutionDifference', 1)).toEqual(differenceOf())
    expect(await node(0).result('getExecutionDifference', 1)).toBeNull()
  })

  it('tries the block once more when it is started anew, and loses nothing of the report', async () => {
    const { height, row } = differenceOf() ?? {}
    await node(ALTERED).stop()
    expect(existsSync(join(dataOf(ALTERED), `difference-${height}.json`))).toBe(true)
    const before = executions
    await node(ALTERED).start()
    await until('it is found again', () => differenceOf() !== undefined)
    expect(differenceOf()).toMatchObject({ height, row })
    expect(executions - before).toBeGreaterThan(0)
    expect(executions - before).toBeLessThanOrEqual(6)
    expect(readDifference(dataOf(ALTERED))).toEqual(differenceOf())
  })

  it('can be compared with the database of another node', async () => {
    const difference = readDifference(dataOf(ALTERED))
    if (difference === undefined) throw new Error('no report')
    await node(ALTERED).stop()
    await node(2).stop()
    const folders = { own: dataOf(ALTERED), other: dataOf(2) }
    const found = await compareWithData(difference, folders, suites.standard)
    expect(found).toMatchObject({ before: undefined, isOwnRead: true })
    expect(found.row).toEqual(difference.row)
    expect(found.keys.different).toBe(1)
    await node(2).start()
  })

  it('catches up after it is repaired and started anew', async () => {
    isRepaired = true
    await node(ALTERED).start()
    await cluster.connected()
    await cluster.allReach(1, node(0).heightOf(1))
    expect(differenceOf()).toBeUndefined()
    const height = node(ALTERED).heightOf(1)
    expect(node(ALTERED).hashAt(1, height)).toBe(node(0).hashAt(1, height))
    await mineOnOthers(add('bad', 1n))
    await cluster.allReach(1, node(0).heightOf(1))
  })
})

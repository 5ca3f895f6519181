import { systemRandom } from '@bcos-ts/common'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, until } from './cluster.ts'

const TRANSFER = '5002'.padStart(40, '0')

describe('a group with Raft', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = new Cluster({
      groups: { 1: [0, 1, 2] },
      size: 3,
      alterGenesis: (text) => text.replace('consensus_type=pbft', 'consensus_type=raft'),
    })
    await cluster.start()
  })
  afterAll(() => cluster.stop())

  const leaderOf = (index: number): string | undefined =>
    cluster.nodes[index]?.running.service.group(1)?.consensus.status().leader

  it('elects a leader that all know, and answers as recorded nodes of Raft do', async () => {
    await until('a leader', () => {
      const known = new Set([0, 1, 2].map(leaderOf))
      return known.size === 1 && !known.has(undefined)
    })
    const ids = cluster.nodes.map(({ nodeId }) => nodeId).toSorted()
    const leaderId = leaderOf(0)
    const [node] = cluster.nodes
    const answer: unknown = await node?.result('getConsensusStatus', 1)
    expect(answer).toEqual([
      {
        accountType: 1,
        allowFutureBlocks: true,
        cfgErr: false,
        consensusedBlockNumber: 1,
        groupId: 1,
        highestblockHash: `0x${node?.hashAt(1, 0)}`,
        highestblockNumber: 0,
        leaderId,
        leaderIdx: ids.indexOf(leaderId ?? ''),
        max_faulty_leader: 1,
        node_index: ids.indexOf(node?.nodeId ?? ''),
        nodeId: node?.nodeId,
        nodeNum: 3,
        omitEmptyBlock: true,
        protocolId: 65_547,
        ...Object.fromEntries(ids.map((id, index) => [`sealer.${index}`, id])),
      },
    ])
    expect(await node?.ask('getPbftView', 1)).toMatchObject({ error: { code: -40_007 } })
    expect(await node?.ask('getEpochSealersList', 1)).toMatchObject({ error: { code: -40_009 } })
  })

  it('packs what is sent to any member, and goes on when its leader stops', async () => {
    for (const node of cluster.nodes) {
      expect(node.submit(1, TRANSFER, systemRandom.bytes(8)).status).toBe(0)
    }
    await until('all are packed', () =>
      cluster.nodes.every(
        (node) => node.heightOf(1) > 0 && node.running.service.group(1)?.pool.size() === 0,
      ),
    )
    const before = Math.max(...cluster.nodes.map((node) => node.heightOf(1)))
    const leader = cluster.nodes.findIndex(({ nodeId }) => nodeId === leaderOf(0))
    const rest = cluster.nodes.filter((_, index) => index !== leader)
    await cluster.nodes[leader]?.stop()
    rest[1]?.submit(1, TRANSFER, systemRandom.bytes(8))
    await cluster.allReach(1, before + 1, rest)
    await cluster.nodes[leader]?.start()
    await cluster.allReach(1, before + 1)
    for (let number = 0; number <= before + 1; number++) {
      expect(new Set(cluster.nodes.map((node) => node.hashAt(1, number))).size).toBe(1)
    }
  })
})

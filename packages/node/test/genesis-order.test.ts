import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { utf8 } from '@bcos-ts/common'
import { afterEach, describe, expect, it } from 'vitest'
import { Cluster, type ClusterNode } from './cluster.ts'

const DAG_TRANSFER = '5002'.padStart(40, '0')

let cluster: Cluster

afterEach(() => cluster.stop(), 60_000)

/** Has one of four nodes read another list of sealers than the others. */
function alterSealers(node: ClusterNode, alter: (sealers: readonly string[]) => readonly string[]) {
  const file = join(node.folder, 'conf', 'group.1.genesis')
  const lines = readFileSync(file, 'utf8').split('\n')
  const isSealer = (line: string): boolean => /^\s*node\.\d+\s*=/.test(line)
  const ids = lines.filter(isSealer).map((line) => line.split('=')[1]?.trim() ?? '')
  const altered = alter(ids).map((id, index) => `node.${index}=${id}`)
  const first = lines.findIndex(isSealer)
  const others = lines.filter((line) => !isSealer(line))
  writeFileSync(file, [...others.slice(0, first), ...altered, ...others.slice(first)].join('\n'))
}

function fourNodes(): { readonly odd: ClusterNode; readonly others: readonly ClusterNode[] } {
  cluster = new Cluster({ size: 4, groups: { 1: [0, 1, 2, 3] } })
  const [odd, ...others] = cluster.nodes
  return { odd: odd!, others }
}

const send = (node: ClusterNode) => node.submit(1, DAG_TRANSFER, utf8('\0\0\0\0'))

describe('a node whose genesis file names the sealers in another order (FISCO-BCOS issue 2213)', () => {
  it('agrees with the others', async () => {
    const { odd, others } = fourNodes()
    alterSealers(odd, (sealers) => sealers.toReversed())
    await cluster.start()
    send(odd)
    await cluster.allReach(1, 1)
    expect(others.map((node) => node.hashAt(1, 1))).toEqual(Array(3).fill(odd.hashAt(1, 1)))
    expect(odd.hashAt(1, 0)).toBe(others[0]!.hashAt(1, 0))
  }, 60_000)
})

describe('a node whose genesis file names other sealers', () => {
  it('is in another group, and stops nobody', async () => {
    const { odd, others } = fourNodes()
    alterSealers(odd, ([, ...sealers]) => ['ab'.repeat(64), ...sealers])
    await cluster.start()
    send(others[0]!)
    await cluster.allReach(1, 1, others)
    expect(odd.hashAt(1, 0)).not.toBe(others[0]!.hashAt(1, 0))
    expect(odd.heightOf(1)).toBe(0)
  }, 60_000)
})

import { createSimulatedSuite, SimulatedCluster } from '@bcos-ts/testing/simulator'
import { describe, expect, it } from 'vitest'
import { identitiesOf } from '../src/model/identity.ts'
import type { ModelMessage } from '../src/model/message.ts'
import { ModelNode } from '../src/model/node.ts'
import { voteKindOf } from '../src/model/trace.ts'
import { modelTransaction } from '../src/model/transaction.ts'

function groupOfFour(isVoteBound: boolean): SimulatedCluster<ModelMessage, ModelNode> {
  const suite = createSimulatedSuite()
  const identities = identitiesOf(4, suite)
  const sealers = identities.map(({ nodeId }) => nodeId)
  return new SimulatedCluster<ModelMessage, ModelNode>({
    seed: 1,
    size: 4,
    createNode: (environment) =>
      new ModelNode({
        environment,
        identities,
        suite,
        membering: () => ({ sealers }),
        options: { isVoteBound },
        onCommitted: () => {},
        onFailure: (error) => {
          throw error
        },
      }),
  })
}

/**
 * The standstill of spec 04 §6.14 (W3): node 0 is locked on the proposal of view 0, nodes 1 and 2 on that of view 1,
 * and node 3, which could sign either, is gone for good. Gives the heights two minutes later.
 */
async function standstill(isVoteBound: boolean): Promise<number[]> {
  const cluster = groupOfFour(isVoteBound)
  const { world, network } = cluster
  const suite = createSimulatedSuite()
  const submit = (nonce: number): void => {
    for (const node of cluster.nodes()) node.submit(modelTransaction(nonce, suite))
  }
  /** Signs reach only these nodes, commits reach nobody. */
  const signsReach = (...nodes: readonly number[]): void =>
    network.drop(({ to, message }) => {
      const kind = voteKindOf(message)
      return kind === 'commit' || (kind === 'sign' && !nodes.includes(to))
    })

  cluster.startAll()
  submit(1)
  signsReach(0)
  await world.run(2000)
  // Node 0 alone has its quorum for the proposal of view 0. Now it loses sight of the others.
  network.partition((from, to) => from === 0 || to === 0)
  signsReach()
  await world.run(3600)
  signsReach(1, 2)
  submit(2)
  await world.run(5000)
  cluster.crash(3)
  network.drop(() => false)
  network.heal()
  await world.run(125_000)
  return cluster.nodes().map((node) => node.chain.height())
}

describe('locks on different proposals, and a sealer that never comes back', () => {
  it('stop a group whose votes are bound to nothing, as in the reference', async () => {
    expect(await standstill(false)).toEqual([0, 0, 0])
  })

  it('are settled by evidence when votes are bound', async () => {
    const heights = await standstill(true)
    expect(Math.min(...heights)).toBeGreaterThan(0)
  })
})

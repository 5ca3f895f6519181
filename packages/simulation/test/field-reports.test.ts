/**
 * Situations in which groups of FISCO BCOS stood still, as their users have reported them, in our words: here the
 * chain goes on.
 */
import { createSimulatedSuite, SimulatedCluster } from '@bcos-ts/testing/simulator'
import { describe, expect, it } from 'vitest'
import {
  adversaryNamed,
  type AdversaryKind,
  describeMessage,
  ENGINES,
  FAULT_MIXES,
  identitiesOf,
  type ModelMessage,
  ModelNode,
  modelTransaction,
  runGroups,
  type RunReport,
  voteKindOf,
} from '../src/index.ts'

const HOUR_MS = 3_600_000

/** A group without faults, with adversaries in it, under load. */
function underLoad(
  size: number,
  names: readonly string[],
  { perSecond = 10, faults: mix = 'none' } = {},
): Promise<RunReport> {
  const [engine] = ENGINES
  const faults = FAULT_MIXES.find(({ name }) => name === mix)
  const adversaries = names.map(adversaryNamed).filter((kind) => kind !== undefined)
  if (engine === undefined || faults === undefined) throw new Error('no such engine or mix')
  expect(adversaries.map(({ name }: AdversaryKind) => name)).toEqual(names)
  const hours = 0.001
  const faultyMs = { min: 10_000, max: 10_000 }
  return runGroups({
    seed: 1,
    faultyMs,
    size,
    adversaries,
    faults,
    hours,
    engine,
    transactionsPerSecond: perSecond,
  })
}

function group(size: number): {
  readonly cluster: SimulatedCluster<ModelMessage, ModelNode>
  readonly submit: () => void
  readonly heights: () => number[]
} {
  const suite = createSimulatedSuite()
  const identities = identitiesOf(size, suite)
  const sealers = identities.map(({ nodeId }) => nodeId)
  const cluster = new SimulatedCluster<ModelMessage, ModelNode>({
    seed: 1,
    size,
    createNode: (environment) =>
      new ModelNode({
        environment,
        identities,
        suite,
        membering: () => ({ sealers }),
        companion: 'shipping',
        onCommitted: () => {},
        onFailure: (error) => {
          throw error
        },
      }),
  })
  let nonce = 0
  return {
    cluster,
    submit: () => {
      nonce++
      const transaction = modelTransaction(nonce, suite)
      for (const node of cluster.nodes()) node.submit(transaction)
    },
    heights: () => cluster.nodes().map((node) => node.chain.height()),
  }
}

describe('a member that lies, under load', () => {
  it('sends packets whose fields are made up: nobody goes down (FISCO-BCOS issue 2204)', async () => {
    const report = await underLoad(4, ['malformed-packets'])
    expect(report.violation).toBeUndefined()
    expect(report.transactions).toBeGreaterThan(0)
  })

  it('answers with invalid transactions when it is asked for missing ones (FISCO-BCOS issue 2206)', async () => {
    const report = await underLoad(4, ['bad-transactions'])
    expect(report.violation).toBeUndefined()
    expect(report.longestStuckMs).toBeLessThan(30_000)
  })

  it('asks for views far ahead, so that the others might run after it (FISCO-BCOS issue 2211)', async () => {
    const report = await underLoad(4, ['forged-view'])
    expect(report.violation).toBeUndefined()
    expect(report.transactions).toBeGreaterThan(0)
  })

  it('leads one of ten and forges the header of its proposals (FISCO-BCOS issue 2307)', async () => {
    const report = await underLoad(10, ['forged-header'], { perSecond: 3 })
    expect(report.violation).toBeUndefined()
    expect(report.transactions).toBeGreaterThan(0)
  })

  it('was there first, and sends requests in the name of others and for views of its own (FISCO-BCOS issue 2448)', async () => {
    // A crowd of restarts: the others come back to a liar that was never away.
    const report = await underLoad(4, ['forged-view'], { perSecond: 2, faults: 'crashes' })
    expect(report.violation).toBeUndefined()
  })

  it('is a second machine with a copied key (FISCO-BCOS issue 3617)', async () => {
    const report = await underLoad(4, ['twin'])
    expect(report.violation).toBeUndefined()
    expect(report.blocks).toBeGreaterThan(0)
  })
})

describe('a sealer that is one block behind', () => {
  it('catches up though its links come and go, and all three sealers are needed (FISCO-BCOS issue 4213)', async () => {
    const { cluster, submit, heights } = group(3)
    const { world, network } = cluster
    cluster.startAll()
    await world.run(1000)
    // The others finish a block; the last votes never reach node 2.
    network.drop(({ to, message }) => to === 2 && voteKindOf(message) === 'commit')
    submit()
    await world.runUntil(
      () =>
        heights()
          .slice(0, 2)
          .every((height) => height === 1),
      5000,
    )
    expect(heights()).toEqual([1, 1, 0])
    // From now on its sessions live for three seconds in every five.
    let isCut = false
    let isFlapping = true
    const flap = (): void => {
      isCut = isFlapping && !isCut
      network.partition((from, to) => isCut && (from === 2 || to === 2))
      world.after(isCut ? 2000 : 3000, flap)
    }
    flap()
    network.drop(() => false)
    await world.pass(10_000)
    expect(Math.min(...heights())).toBeGreaterThanOrEqual(1)
    for (let i = 0; i < 30; i++) {
      submit()
      await world.pass(2000)
    }
    isFlapping = false
    await world.pass(10_000)
    const settled = Math.min(...heights())
    for (let i = 0; i < 5; i++) {
      submit()
      await world.pass(2000)
    }
    expect(Math.min(...heights())).toBeGreaterThanOrEqual(settled + 3)
  })
})

describe('a node whose clock is set back by an hour', () => {
  it('asks again for blocks that did not come, and does not wait for the hour', async () => {
    const { cluster, submit, heights } = group(4)
    const { world, network } = cluster
    for (const index of [0, 1, 2]) cluster.start(index)
    for (let i = 0; i < 5; i++) {
      submit()
      await world.pass(2000)
    }
    network.drop(({ to, message }) => to === 3 && /blocks/.test(describeMessage(message)))
    cluster.start(3)
    await world.pass(3000)
    expect(heights().at(3)).toBe(0)
    cluster.shiftClock(3, -HOUR_MS)
    network.drop(() => false)
    await world.pass(20_000)
    expect(heights().at(3)).toBeGreaterThanOrEqual(3)
  })
})

describe('a block that all are locked on, from the day before', () => {
  it('is committed when the group comes back, however old its time is (FISCO-BCOS issue 4123)', async () => {
    const { cluster, submit, heights } = group(4)
    const { world, network } = cluster
    cluster.startAll()
    await world.run(1000)
    // Everybody signs, nobody hears that the others commit; then the power is off for a day.
    network.drop(({ message }) => voteKindOf(message) === 'commit')
    submit()
    await world.run(3000)
    expect(heights()).toEqual([0, 0, 0, 0])
    for (let index = 0; index < 4; index++) cluster.crash(index)
    await world.run(26 * HOUR_MS)
    network.drop(() => false)
    cluster.startAll()
    await world.pass(2000)
    submit()
    await world.pass(60_000)
    expect(Math.min(...heights())).toBeGreaterThanOrEqual(2)
  })
})

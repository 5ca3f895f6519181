import { createSimulatedSuite, Prng, SimulatedCluster } from '@bcos-ts/testing/simulator'
import { identitiesOf } from '../src/model/identity.ts'
import type { ModelMessage } from '../src/model/message.ts'
import { ModelNode } from '../src/model/node.ts'
import { modelTransaction } from '../src/model/transaction.ts'

/** What ends, so that the group can go on. `dead` of the four nodes stay down, all the time. */
export interface Outage {
  readonly name: string
  readonly dead: number
  /** `split`: two and two; `scattered`: everybody alone; `restart`: all are killed and start again. */
  readonly kind: 'split' | 'scattered' | 'restart'
}

export const OUTAGES: readonly Outage[] = [
  { name: 'two and two apart', kind: 'split', dead: 0 },
  { name: 'everybody alone', kind: 'scattered', dead: 0 },
  { name: 'everybody alone, one dead', kind: 'scattered', dead: 1 },
  { name: 'all killed and started', kind: 'restart', dead: 0 },
  { name: 'all killed, one stays dead', kind: 'restart', dead: 1 },
]

/** Nodes that start together are ready within so long of each other, ms. */
const START_SPREAD_MS = 1500
const SIZE = 4

interface Healing {
  readonly outage: Outage
  readonly lastedMs: number
  readonly seed: number
}

/** From the last link or node that came back to the next block, ms of virtual time. */
export async function healingMs({ outage, lastedMs, seed }: Healing): Promise<number> {
  const prng = new Prng(seed)
  const suite = createSimulatedSuite()
  const identities = identitiesOf(SIZE, suite)
  const sealers = identities.map(({ nodeId }) => nodeId)
  const cluster = new SimulatedCluster<ModelMessage, ModelNode>({
    seed: prng.word(),
    size: SIZE,
    skews: sealers.map(() => ({
      offsetMs: prng.between(-2000, 2000),
      drift: prng.between(-0.001, 0.001),
    })),
    disks: sealers.map(() => ({ latencyMs: { min: 0.5, max: 8 } })),
    createNode: (environment) =>
      new ModelNode({
        environment,
        identities,
        suite,
        companion: 'shipping',
        membering: () => ({ sealers, observers: [] }),
        onCommitted: () => {},
        onFailure: (error) => {
          throw error
        },
      }),
  })
  const { world, network } = cluster
  const height = (): number => Math.max(0, ...cluster.nodes().map(({ chain }) => chain.height()))
  let nonce = 0
  let isLoaded = true
  const submit = (): void => {
    nonce++
    const transaction = modelTransaction(nonce, suite, { height: height() })
    for (const node of cluster.nodes()) node.submit(transaction)
    if (isLoaded) world.after(100, submit)
  }
  cluster.startAll()
  submit()
  await world.run(prng.between(3000, 8000))
  const [dead] = prng.shuffled([0, 1, 2, 3])
  if (outage.dead > 0) cluster.crash(dead ?? 0)
  const alive = cluster.up()
  isLoaded = false

  if (outage.kind === 'restart') for (const index of alive) cluster.crash(index)
  const sides = prng.shuffled([0, 0, 1, 1])
  if (outage.kind === 'split') network.partition((from, to) => sides[from] !== sides[to])
  if (outage.kind === 'scattered') network.partition(() => true)
  await world.run(world.nowMs() + lastedMs)

  if (outage.kind === 'restart') {
    for (const index of alive) {
      world.after(prng.between(0, START_SPREAD_MS), () => cluster.start(index))
    }
    await world.runUntil(() => cluster.up().length === alive.length, world.nowMs() + 10_000)
  }
  submit()
  network.heal()
  const healedMs = world.nowMs()
  const before = height()
  await world.runUntil(() => height() > before, healedMs + 120_000)
  return world.nowMs() - healedMs
}

/** Quantiles of many numbers. */
export function quantiles(
  values: readonly number[],
): Record<'p50' | 'p95' | 'p99' | 'max', number> {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

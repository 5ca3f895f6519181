import { toHex } from '@bcos-ts/common'
import { describe, expect, it } from 'vitest'
import {
  createSimulatedSuite,
  injectFaults,
  type NodeEnvironment,
  Prng,
  runSeeds,
  SimulatedCluster,
  SimulatedDisk,
  simulatedHash,
  SimulatedNetwork,
  SkewedClock,
  World,
} from './index.ts'

function draws(seed: number): number[] {
  const prng = new Prng(seed)
  return Array.from({ length: 20 }, () => prng.word())
}

function threeNodes() {
  const world = new World()
  const network = new SimulatedNetwork<string>(world, new Prng(1))
  const seen: string[] = []
  for (const node of [0, 1, 2]) {
    network.attach(node, (message, from) => seen.push(`${from}>${node} ${message}`))
  }
  return { world, network, seen }
}

describe('chance', () => {
  it('is the same for the same seed', () => {
    expect(draws(7)).toEqual(draws(7))
    expect(draws(7)).not.toEqual(draws(8))
  })

  it('is spread evenly', () => {
    const prng = new Prng(1)
    const counts = Array.from({ length: 10 }, () => 0)
    for (let i = 0; i < 10_000; i++) {
      const digit = prng.below(10)
      counts[digit] = (counts[digit] ?? 0) + 1
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })

  it('shuffles without losing anything', () => {
    const list = Array.from({ length: 50 }, (_, i) => i)
    const shuffled = new Prng(3).shuffled(list)
    expect(shuffled).not.toEqual(list)
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(list)
  })
})

describe('virtual time', () => {
  it('runs what is due in the order of time, then of asking', async () => {
    const world = new World()
    const seen: string[] = []
    for (const [delay, name] of [
      [30, 'c'],
      [10, 'a'],
      [10, 'b'],
      [40, 'd'],
    ] as const) {
      world.after(delay, () => seen.push(`${name}${world.nowMs()}`))
    }
    await world.run(35)
    expect(seen).toEqual(['a10', 'b10', 'c30'])
    expect(world.nowMs()).toBe(35)
    await world.run(100)
    expect(seen).toEqual(['a10', 'b10', 'c30', 'd40'])
  })

  it('forgets what was cancelled, and waits for promises between events', async () => {
    const world = new World()
    const seen: string[] = []
    world.after(5, () => seen.push('cancelled'))()
    const later = async (): Promise<void> => {
      await Promise.resolve()
      await Promise.resolve()
      world.after(5, () => seen.push('second'))
    }
    world.after(10, () => void later())
    world.after(20, () => seen.push('third'))
    await world.run(100)
    expect(seen).toEqual(['second', 'third'])
  })

  it('orders thousands of events', async () => {
    const world = new World()
    const prng = new Prng(5)
    let last = 0
    let isOrdered = true
    for (let i = 0; i < 2000; i++) {
      world.after(prng.between(0, 1000), () => {
        isOrdered &&= world.nowMs() >= last
        last = world.nowMs()
      })
    }
    await world.run(1000)
    expect(isOrdered).toBe(true)
    expect(world.events).toBe(2000)
  })

  it('is seen differently by a skewed clock', async () => {
    const world = new World()
    const clock = new SkewedClock(world, { offsetMs: -500, drift: 0.01 }, 1_000_000)
    await world.run(10_000)
    expect(clock.nowMs()).toBe(1_000_000 - 500 + 10_100)
  })
})

describe('network', () => {
  it('delivers, cuts and heals', async () => {
    const { world, network, seen } = threeNodes()
    network.partition((from, to) => (from === 0) !== (to === 0))
    network.send(0, 1, 'cut')
    network.send(1, 2, 'inside')
    expect(network.isConnected(0, 1)).toBe(false)
    await world.run(100)
    network.heal()
    network.send(0, 1, 'healed')
    await world.run(200)
    expect(seen).toEqual(['1>2 inside', '0>1 healed'])
  })

  it('never joins nodes without a session', async () => {
    const { world, network, seen } = threeNodes()
    network.unlink(0, 1)
    network.heal()
    network.send(0, 1, 'no')
    network.send(1, 0, 'no')
    network.send(0, 2, 'yes')
    expect([network.isConnected(1, 0), network.isConnected(2, 0)]).toEqual([false, true])
    await world.run(100)
    expect(seen).toEqual(['0>2 yes'])
  })

  it('loses and doubles as it is told', async () => {
    const { world, network, seen } = threeNodes()
    const delayMs = { min: 1, max: 1 }
    network.setFaults({ delayMs, lossProbability: 1, duplicateProbability: 0 })
    network.send(0, 1, 'lost')
    network.setFaults({ delayMs, lossProbability: 0, duplicateProbability: 1 })
    network.send(0, 1, 'twice')
    network.drop(({ message }) => message === 'this')
    network.send(0, 1, 'this')
    await world.run(100)
    expect(seen).toEqual(['0>1 twice', '0>1 twice'])
  })

  it('loses what is on its way to a node that goes down', async () => {
    const { world, network, seen } = threeNodes()
    network.send(0, 1, 'too late')
    network.detach(1)
    network.attach(1, (message) => seen.push(`new life ${message}`))
    await world.run(100)
    expect(seen).toEqual([])
  })
})

describe('disk', () => {
  it('has what it said it has, after any crash; the rest is there, torn, or never was', async () => {
    const fates = new Set<string>()
    for (let seed = 0; seed < 60; seed++) {
      const world = new World()
      const disk = new SimulatedDisk(world, new Prng(seed))
      let isReported = false
      await Promise.all([disk.write('a', Uint8Array.of(1, 1, 1)), world.run(20)])
      void disk.write('a', Uint8Array.of(2, 2, 2)).then(() => (isReported = true))
      await world.run(world.nowMs() + 2)
      disk.crash()
      await world.run(world.nowMs() + 100)
      const found = disk.read('a').map(toHex)
      const isWhole = found[0] === '020202'
      expect(isWhole || found[0] === '010101').toBe(true)
      expect(isReported && !isWhole).toBe(false)
      fates.add(isWhole ? 'written' : found.length > 1 ? 'torn' : 'undone')
    }
    expect([...fates].toSorted()).toEqual(['torn', 'undone', 'written'])
  })

  it('writes in order', async () => {
    const world = new World()
    const disk = new SimulatedDisk(world, new Prng(4))
    const order: number[] = []
    for (const value of [1, 2, 3]) {
      void disk.write('a', Uint8Array.of(value)).then(() => order.push(value))
    }
    await world.run(100)
    expect(order).toEqual([1, 2, 3])
    expect(disk.durable('a')).toEqual(Uint8Array.of(3))
  })

  it('can be full', async () => {
    const disk = new SimulatedDisk(new World(), new Prng(4))
    disk.failWith(new Error('full'))
    await expect(disk.write('a', new Uint8Array(1))).rejects.toThrow('full')
  })
})

describe('cluster', () => {
  class Echo {
    heard = 0
    constructor(environment: NodeEnvironment<string>) {
      environment.network.onMessage((message, from) => {
        this.heard++
        if (message === 'ping') environment.network.send(from, 'pong')
      })
      environment.timers.after(1000, () => this.ticks.push(environment.clock.nowMs()))
    }
    readonly ticks: number[] = []
    start(): void {}
  }
  const build = (seed: number) =>
    new SimulatedCluster<string, Echo>({
      seed,
      size: 3,
      createNode: (environment) => new Echo(environment),
    })

  it('ends everything of a life with a crash', async () => {
    const cluster = build(1)
    cluster.startAll()
    const first = cluster.node(0)
    cluster.crash(0)
    cluster.start(0)
    await cluster.world.run(2000)
    expect(first?.ticks).toEqual([])
    expect(cluster.node(0)?.ticks).toHaveLength(1)
    expect(cluster.node(0)).not.toBe(first)
  })

  it('brings nodes back when faults end, but for those that stay down', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const cluster = build(seed)
      cluster.startAll()
      injectFaults(cluster, { prng: cluster.prng.fork(), untilMs: 5000, staysDown: [2] })
      await cluster.world.run(60_000)
      expect(cluster.up()).toEqual([0, 1])
      expect(cluster.network.isConnected(0, 1)).toBe(true)
    }
  })
})

describe('simulated cryptography', () => {
  it('hashes without collisions in sight, every bit of the message counting', () => {
    const seen = new Set<string>()
    const message = new Uint8Array(100)
    for (let bit = 0; bit < 800; bit++) {
      message.fill(0)
      message[bit >> 3] = 1 << (bit & 7)
      seen.add(toHex(simulatedHash(message)))
    }
    for (let length = 0; length < 200; length++) {
      seen.add(toHex(simulatedHash(new Uint8Array(length))))
    }
    expect(seen.size).toBe(1000)
  })

  it('knows its signatures, and no others', () => {
    const suite = createSimulatedSuite()
    const [alice, bob] = [1, 2].map((n) => suite.keyPair(new Uint8Array(32).fill(n)))
    const digest = suite.hash(Uint8Array.of(1))
    const signature = alice === undefined ? digest : suite.sign(digest, alice)
    expect(signature).toHaveLength(suite.signatureBytes)
    expect(alice && suite.verify(signature, digest, alice.publicKey)).toBe(true)
    expect(suite.recover(signature, digest)).toEqual(alice?.publicKey)
    expect(bob && suite.verify(signature, digest, bob.publicKey)).toBe(false)
    expect(alice && suite.verify(signature, suite.hash(digest), alice.publicKey)).toBe(false)
    const changed = signature.slice()
    changed[5] = (changed[5] ?? 0) ^ 1
    expect(suite.recover(changed, digest)).toBeUndefined()
  })
})

describe('running seeds', () => {
  it('says which of them fail, and how fast it was', async () => {
    const lines: string[] = []
    let nowMs = 0
    const report = await runSeeds({
      first: 10,
      count: 5,
      clock: { nowMs: () => (nowMs += 250) },
      write: (line) => lines.push(line),
      run: async (seed) => {
        if (seed === 12) throw new Error('two blocks of one height')
      },
    })
    expect(report.failures).toEqual([{ seed: 12, message: 'two blocks of one height' }])
    expect(lines).toEqual([
      'seed 12 fails: two blocks of one height',
      '5 seeds, 1 failed, 20.0 seeds per second',
    ])
  })
})

import {
  type AcceptLimits,
  type Clock,
  createLogger,
  createMetrics,
  type LogRecord,
  type Metrics,
  type RandomSource,
} from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'
import { World } from '@bcos-ts/testing/simulator'
import { P2pHost, type P2pInit } from '../src/host.ts'
import { createMemoryHub, type MemoryHub, memoryTransport } from '../src/memory/index.ts'
import type { PeerIdentity } from '../src/transport.ts'

/** A small generator with a seed: the same run every time. */
function seededRandom(seed: number): RandomSource {
  let state = seed >>> 0
  return {
    bytes: (length) =>
      new Uint8Array(length).map(() => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        return state >>> 24
      }),
  }
}

/** Node ids ascend with the number. */
export function identityOf(number: number): PeerIdentity {
  const nodeId: NodeId = number.toString(16).padStart(2, '0').repeat(64)
  return { nodeId, agency: 'agency', nodeName: `node${number}` }
}

export function endpointOf(number: number): string {
  return `n${number}:30300`
}

export interface TestNode extends P2pHost {
  readonly logs: readonly LogRecord[]
  readonly metrics: Metrics
}

export interface NodeSetup extends Partial<Omit<P2pInit, 'transport'>> {
  readonly number: number
  readonly limits?: Partial<AcceptLimits>
  /** Its own idea of time; that of the world if missing. */
  readonly clock?: Clock
}

/** Nodes over one memory hub in virtual time. */
export class TestNetwork {
  readonly time = new World({ startMs: 1_000_000 })
  readonly hub: MemoryHub

  constructor(latencyMs = 1) {
    this.hub = createMemoryHub({ latencyMs, timers: this.time })
  }

  /** Every node knows the addresses of all others, its own included, as generated chains do. */
  node(setup: NodeSetup, size = 4): TestNode {
    const { number, limits = {}, clock = this.time, ...init } = setup
    const logs: LogRecord[] = []
    const metrics = createMetrics()
    const transport = memoryTransport({
      hub: this.hub,
      endpoint: endpointOf(number),
      self: identityOf(number),
      limits,
    })
    const host = new P2pHost(
      { peers: Array.from({ length: size }, (_, i) => endpointOf(i)), ...init, transport },
      {
        clock,
        timers: this.time,
        random: seededRandom(number + 1),
        logger: createLogger({ isOn: () => true, write: (record) => void logs.push(record) }),
        metrics,
      },
    )
    return Object.assign(host, { logs, metrics })
  }

  /** Nodes 0 and 1, started. */
  async two(setup: Omit<NodeSetup, 'number'> = {}): Promise<readonly [TestNode, TestNode]> {
    const nodes = [
      this.node({ number: 0, ...setup }, 2),
      this.node({ number: 1, ...setup }, 2),
    ] as const
    for (const node of nodes) await node.start()
    return nodes
  }

  /** Nodes 0 to 2, started. */
  async three(): Promise<readonly [TestNode, TestNode, TestNode]> {
    const nodes = [
      this.node({ number: 0 }, 3),
      this.node({ number: 1 }, 3),
      this.node({ number: 2 }, 3),
    ] as const
    for (const node of nodes) await node.start()
    return nodes
  }

  /** Nodes 0 to `size` - 1, started. */
  async chain(size: number, setup: Omit<NodeSetup, 'number'> = {}): Promise<TestNode[]> {
    const nodes = Array.from({ length: size }, (_, number) => this.node({ number, ...setup }, size))
    for (const node of nodes) await node.start()
    return nodes
  }
}

export function textsOf(node: TestNode, message: string): LogRecord[] {
  return node.logs.filter((record) => record.message === message)
}

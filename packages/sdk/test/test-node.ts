/** Nodes as clients see them: real servers over a network in memory. */
import {
  createMetrics,
  silentLogger,
  type Startable,
  startAll,
  stopAll,
  systemClock,
  systemRandom,
  systemTimers,
  type Timers,
} from '@bcos-ts/common'
import type { SuiteName } from '@bcos-ts/crypto'
import { P2pHost, type PeerIdentity } from '@bcos-ts/network'
import { createMemoryHub, type MemoryHub, memoryTransport } from '@bcos-ts/network/memory'
import type {
  GroupService,
  GroupManagement,
  ManagementResult,
  NewGroup,
  NodeManagement,
  NodeService,
} from '@bcos-ts/protocol/ports'
import { JsonRpc } from '@bcos-ts/rpc'
import { ChannelServer, type ClientListener, TlsListener } from '@bcos-ts/rpc/channel'
import { HttpServer } from '@bcos-ts/rpc/http'
import { WebSocketListener } from '@bcos-ts/rpc/websocket'
import certificates from '../../rpc/vectors/certificates.json' with { type: 'json' }
import { SEALER, suiteOf, type TestGroup } from './test-chain.ts'

export interface TestNodeInit {
  readonly suite?: SuiteName
  readonly groups: readonly TestGroup[]
  readonly hub?: MemoryHub
  readonly number?: number
  /** How many nodes the network has. */
  readonly size?: number
  readonly certificate?: string
  readonly httpPort?: number
  /** How far back a node searches for events; 0 is without limit. */
  readonly blockRangeMax?: number
  readonly isSdkAllowed?: boolean
}

export interface TestNode {
  readonly httpUrl: string
  readonly webSocketUrl: string
  readonly channelPort: number
  readonly service: NodeService
  /** Every connection of a client ends; new ones are taken. */
  dropClients(): void
  stop(): Promise<void>
}

export function credentialsOf(name: string): { ca: string; certificate: string; key: string } {
  const found = certificates.cases.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no certificate ${name}`)
  return found
}

export { createMemoryHub }

export async function startTestNode(init: TestNodeInit): Promise<TestNode> {
  const { number = 0, hub = createMemoryHub(), size = 1 } = init
  const suite = suiteOf(init.suite ?? 'standard')
  const logger = silentLogger
  const identity = { nodeId: nodeIdOf(number), agency: 'agency', nodeName: `node${number}` }
  const network = networkOf(identity, { hub, number, size })
  const groups: readonly GroupService[] = init.groups.map(({ group }) => group)
  const service: NodeService = {
    nodeId: identity.nodeId,
    network,
    amop: network.amop,
    version: {
      binary: suite.name === 'guomi' ? '2.9.1 gm' : '2.9.1',
      supported: '2.9.0',
      buildTime: '',
      buildType: '',
      gitBranch: '',
      gitCommit: '',
    },
    identity: { ...identity, endpoint: `n${number}:30300` },
    chainId: 1,
    groups: () => groups,
    group: (id) => groups.find((group) => group.id === id),
    onGroupChange: () => () => {},
  }
  const management: NodeManagement = {
    groups: new GroupFiles(),
    savePeers: () => Promise.resolve(undefined),
  }
  const rpc = new JsonRpc({ node: service, suite, management }, logger)
  const http = new HttpServer({ host: '127.0.0.1', port: init.httpPort ?? 0 }, { rpc, logger })
  const tls = new TlsListener(
    { host: '127.0.0.1', port: 0, ...credentialsOf(init.certificate ?? 'node') },
    { logger },
  )
  const drops = new Drops()
  const channel = new ChannelServer(
    {
      listeners: [drops.over(tls), drops.over(new WebSocketListener({ http }, { logger }))],
      eventLimitsOf: () => ({ blockRangeMax: init.blockRangeMax ?? 0, blocksPerPass: 3 }),
      isSdkAllowed: () => init.isSdkAllowed ?? true,
    },
    {
      rpc,
      node: service,
      clock: systemClock,
      timers: systemTimers,
      random: systemRandom,
      logger,
    },
  )
  const order: readonly Startable[] = [network, channel, http]
  await startAll(order)
  return {
    httpUrl: `http://127.0.0.1:${http.port}`,
    webSocketUrl: `ws://127.0.0.1:${http.port}`,
    channelPort: tls.port,
    service,
    dropClients: () => drops.all(),
    stop: () => stopAll(order),
  }
}

/** Time passes faster here: neighbours tell each other their topics only every five seconds. */
const hastyTimers: Timers = {
  after: (delayMs, run) => systemTimers.after(delayMs / 5, run),
}

function networkOf(
  self: PeerIdentity,
  { hub, number, size }: { hub: MemoryHub; number: number; size: number },
): P2pHost {
  return new P2pHost(
    {
      peers: Array.from({ length: size }, (_, i) => `n${i}:30300`),
      transport: memoryTransport({ hub, endpoint: `n${number}:30300`, self }),
    },
    {
      clock: systemClock,
      timers: hastyTimers,
      random: systemRandom,
      logger: silentLogger,
      metrics: createMetrics(),
    },
  )
}

function nodeIdOf(number: number): string {
  return number === 0 ? SEALER : number.toString(16).padStart(2, '0').repeat(64)
}

/** Groups that exist by name only: what a node answers about them, without running them. */
class GroupFiles implements GroupManagement {
  readonly #states = new Map<number, string>()

  generateGroup({ groupId }: NewGroup): Promise<ManagementResult> {
    return this.#become(groupId, 'STOPPED', `Group ${groupId} generated successfully`)
  }

  startGroup(groupId: number): Promise<ManagementResult> {
    if (!this.#states.has(groupId)) {
      const message = `Genesis config file for group ${groupId} not found`
      return Promise.resolve({ code: 0xb, message })
    }
    return this.#become(groupId, 'RUNNING', `Group ${groupId} started successfully`)
  }

  stopGroup(groupId: number): Promise<ManagementResult> {
    return this.#become(groupId, 'STOPPED', `Group ${groupId} stopped successfully`)
  }

  removeGroup(groupId: number): Promise<ManagementResult> {
    return this.#become(groupId, 'DELETED', `Group ${groupId} deleted successfully`)
  }

  recoverGroup(groupId: number): Promise<ManagementResult> {
    return this.#become(groupId, 'STOPPED', `Group ${groupId} recovered successfully`)
  }

  queryGroupStatus(groupId: number): Promise<ManagementResult> {
    const status = this.#states.get(groupId) ?? 'INEXISTENT'
    return Promise.resolve({ code: 0, message: '', status })
  }

  #become(groupId: number, state: string, message: string): Promise<ManagementResult> {
    this.#states.set(groupId, state)
    return Promise.resolve({ code: 0, message })
  }
}

/** Cuts connections as a network does: without a word. */
class Drops {
  readonly #open = new Set<() => void>()

  over(listener: ClientListener): ClientListener {
    return {
      close: () => listener.close(),
      listen: (onClient) =>
        listener.listen((connection) => {
          this.#open.add(() => connection.close())
          onClient(connection)
        }),
    }
  }

  all(): void {
    for (const close of this.#open) close()
    this.#open.clear()
  }
}

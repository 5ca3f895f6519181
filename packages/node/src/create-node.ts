import {
  type Clock,
  type Logger,
  type Metrics,
  type RandomSource,
  type Startable,
  startAll,
  stopAll,
  type Timers,
} from '@bcos-ts/common'
import type { CryptoSuite, KeyPair } from '@bcos-ts/crypto'
import type { Group } from '@bcos-ts/ledger'
import { P2pHost, type Transport } from '@bcos-ts/network'
import { BINARY_VERSION, type NodeId } from '@bcos-ts/protocol'
import type { NodeService, NodeVersion } from '@bcos-ts/protocol/ports'
import { JsonRpc } from '@bcos-ts/rpc'
import { buildInfo } from './build-info.ts'
import type { ChainContracts } from './chain-crypto.ts'
import type { NodeConfig } from './config/node-config.ts'
import type { FlowControl } from './flow-control.ts'
import { type GroupInit, openGroup } from './open-group.ts'

/** What a node is made of besides its parts: everything that touches the world outside. */
export interface NodeInit {
  readonly config: NodeConfig
  readonly groups: readonly GroupInit[]
  readonly suite: CryptoSuite
  readonly keys: KeyPair
  readonly contracts: ChainContracts
  readonly flow: FlowControl
  /** Carries identity and connections: TLS, or memory in one process. */
  readonly transport: Transport
  /** Servers for clients, such as HTTP and Channel. They start last and stop first. */
  readonly servers: (services: ServerServices) => readonly Startable[]
  readonly clock: Clock
  readonly timers: Timers
  readonly random: RandomSource
  readonly logger: Logger
  readonly metrics: Metrics
  /** The node cannot go on: its disk failed, or a promise of ours was broken. */
  readonly onFailure: (error: Error) => void
}

/** What servers stand on. */
export interface ServerServices {
  readonly node: NodeService
  readonly network: P2pHost
  readonly rpc: JsonRpc
  readonly logger: Logger
}

export interface BcosNode extends Startable {
  readonly service: NodeService
}

/**
 * Puts a node together. The order is written out: reading this function answers what needs what, and what
 * starts before what.
 */
export async function createNode(init: NodeInit): Promise<BcosNode> {
  const { config, suite, keys, contracts, transport, clock, timers, random, logger, metrics } = init
  const self: NodeId = transport.self.nodeId
  const network = new P2pHost(
    {
      transport,
      peers: config.p2p.peers.map(({ host, port }) => joinEndpoint(host, port)),
      allowed: config.allowed,
      denied: config.denied,
      isCompressing: config.p2p.enableCompress,
      outgoing: (groupId) => init.flow.outgoingOf(groupId),
    },
    { clock, timers, random, logger, metrics },
  )
  const groups: Group[] = []
  const shared = { suite, keys, self, contracts, network, clock, timers, random, logger }
  for (const group of init.groups) {
    const { groupId } = group.genesis
    groups.push(
      await openGroup(group, {
        ...shared,
        chainId: config.chain.id,
        mayServe: (bytes) => init.flow.mayServe(groupId, bytes),
        onFailure: init.onFailure,
      }),
    )
  }
  const byId = new Map(groups.map((group) => [group.id, group]))
  const service: NodeService = {
    nodeId: self,
    network,
    amop: network.amop,
    version: versionOf(config),
    identity: {
      agency: transport.self.agency,
      nodeName: transport.self.nodeName,
      endpoint: joinEndpoint(config.p2p.listen.host, config.p2p.listen.port),
    },
    chainId: config.chain.id,
    groups: () => groups,
    group: (id) => byId.get(id),
    // Groups are those of the configuration: none comes or goes while the node runs.
    onGroupChange: () => () => {},
  }
  const peerLimits = { perCall: config.p2p.peersParamLimit, inAll: config.p2p.maxNodesLimit }
  const rpc = new JsonRpc({ node: service, suite, peerLimits }, logger)
  const order: readonly Startable[] = [
    network,
    ...groups,
    ...init.servers({ node: service, network, rpc, logger }),
  ]
  return { service, start: () => startAll(order), stop: () => stopAll(order) }
}

function joinEndpoint(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** SDKs read both version numbers strictly, and the suite from the first (spec 02 §14.3). */
function versionOf(config: NodeConfig): NodeVersion {
  return {
    binary: config.chain.isGuomi ? `${BINARY_VERSION} gm` : BINARY_VERSION,
    supported: config.rules.supported,
    ...buildInfo(),
  }
}

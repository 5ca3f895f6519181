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
import type { CryptoSuite, KeyPair, SignatureBatches } from '@bcos-ts/crypto'
import { formatEndpoint, P2pHost, type Transport } from '@bcos-ts/network'
import { BINARY_VERSION } from '@bcos-ts/protocol'
import type { NodeService, NodeVersion } from '@bcos-ts/protocol/ports'
import { JsonRpc } from '@bcos-ts/rpc'
import { buildInfo } from './build-info.ts'
import type { ChainContracts } from './chain-crypto.ts'
import type { NodeConfig } from './config/node-config.ts'
import { createFlowControl, type FlowControl } from './flow-control.ts'
import { GroupManager } from './groups/group-manager.ts'
import type { GroupRegistry } from './groups/group-registry.ts'
import type { GroupSettings } from './groups/group-settings.ts'
import { openGroup } from './groups/open-group.ts'

/** What a node is made of besides its parts: everything that touches the world outside. */
export interface NodeInit {
  readonly config: NodeConfig
  /** Where the descriptions of its groups are kept. */
  readonly registry: GroupRegistry
  readonly suite: CryptoSuite
  /** What operators are told of the engines in use; those of the suite when left out. */
  readonly engines?: Readonly<Record<string, string>>
  readonly keys: KeyPair
  /** Checks signatures on other cores; without it this thread checks them all. */
  readonly signatures?: SignatureBatches | undefined
  readonly contracts: ChainContracts
  /** Carries identity and connections: TLS, or memory in one process. */
  readonly transport: Transport
  /** Servers for clients, such as HTTP and Channel. They start last and stop first. */
  readonly servers: (services: ServerServices) => readonly Startable[]
  /** Keeps a changed list of peers for the next start; a sentence when that failed. */
  readonly savePeers: (endpoints: readonly string[]) => Promise<string | undefined>
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
  readonly groups: GroupManager
  readonly network: P2pHost
  readonly rpc: JsonRpc
  readonly flow: FlowControl
  /** Of a running group. */
  readonly settingsOf: (groupId: number) => GroupSettings | undefined
  readonly logger: Logger
}

export interface BcosNode extends Startable {
  readonly service: NodeService
  readonly groups: GroupManager
  readonly network: P2pHost
}

/**
 * Puts a node together. The order is written out: reading this function answers what needs what, and what
 * starts before what.
 */
export function createNode(init: NodeInit): BcosNode {
  const { config, suite, transport, clock, timers, random, logger, metrics } = init
  const flow = createFlowControl(config.flow, clock)
  const network = new P2pHost(
    {
      transport,
      peers: config.p2p.peers.map(({ host, port }) => formatEndpoint(host, port)),
      allowed: config.allowed,
      denied: config.denied,
      isCompressing: config.p2p.enableCompress,
      outgoing: (groupId) => flow.outgoingOf(groupId),
    },
    { clock, timers, random, logger, metrics },
  )
  const groups = new GroupManager({
    registry: init.registry,
    self: network.self,
    isConnected: (nodeId) => network.isConnected(nodeId),
    open: (settings) => {
      const { groupId } = settings.genesis
      flow.configure(groupId, settings.config.flow)
      return openGroup(settings, {
        ...init,
        network,
        self: network.self,
        chainId: config.chain.id,
        mayServe: (bytes) => flow.mayServe(groupId, bytes),
      })
    },
    logger,
  })
  const service = serviceOf(init, network, groups)
  const rpc = new JsonRpc(
    {
      node: service,
      suite,
      signatures: init.signatures,
      management: { groups, savePeers: init.savePeers },
      isManagementOff: config.rpc.disableDynamicGroup,
      peerLimits: { perCall: config.p2p.peersParamLimit, inAll: config.p2p.maxNodesLimit },
    },
    logger,
  )
  const settingsOf = (groupId: number) => groups.settingsOf(groupId)
  const servers = init.servers({ node: service, groups, network, rpc, flow, settingsOf, logger })
  const order: readonly Startable[] = [network, groups, ...servers]
  return {
    service,
    groups,
    network,
    start: () => startAll(order),
    stop: () => stopAll(order),
  }
}

function serviceOf(init: NodeInit, network: P2pHost, groups: GroupManager) {
  const { config, suite, transport } = init
  const service: NodeService = {
    nodeId: network.self,
    network,
    amop: network.amop,
    version: versionOf(config),
    identity: {
      agency: transport.self.agency,
      nodeName: transport.self.nodeName,
      endpoint: formatEndpoint(config.p2p.listen.host, config.p2p.listen.port),
    },
    chainId: config.chain.id,
    engines: init.engines ?? suite.engines,
    groups: () => groups.groups(),
    group: (id) => groups.group(id),
    onGroupChange: (listener) => groups.onChange(listener),
  }
  return service
}

/** SDKs read both version numbers strictly, and the suite from the first (spec 02 §14.3). */
function versionOf(config: NodeConfig): NodeVersion {
  return {
    binary: config.chain.isGuomi ? `${BINARY_VERSION} gm` : BINARY_VERSION,
    supported: config.rules.supported,
    ...buildInfo(),
  }
}

/**
 * The node and its network (spec 02 §14.2, §14.3).
 * @module
 */
import type { PeerInfo } from '@bcos-ts/protocol/ports'
import type { JsonObject } from '../json.ts'
import { freeMethod, method, type Method } from '../method.ts'

function peerView({ agency, endpoint, nodeId, nodeName, topics }: PeerInfo): JsonObject {
  return {
    Agency: agency,
    IPAndPort: endpoint,
    Node: nodeName,
    NodeID: nodeId,
    Topic: topics.toSorted(),
  }
}

export const getClientVersion: Method = freeMethod(({ node }) => ({
  'Build Time': node.version.buildTime,
  'Build Type': node.version.buildType,
  'Chain Id': String(node.chainId),
  'FISCO-BCOS Version': node.version.binary,
  'Git Branch': node.version.gitBranch,
  'Git Commit Hash': node.version.gitCommit,
  'Supported Version': node.version.supported,
}))

/** As of any peer, and which engines compute, a field of our own: SDKs of 2.x skip fields they do not know. */
export const getNodeInfo: Method = freeMethod(({ node }) => ({
  ...peerView({ nodeId: node.nodeId, ...node.identity, topics: node.amop.topics() }),
  CryptoEngines: node.engines,
}))

export const getPeers: Method = method(['i'], ({ node }) => node.network.peers().map(peerView))

export const getNodeIDList: Method = method(['i'], ({ node }) => [
  node.nodeId,
  ...node.network.peers().map((peer) => peer.nodeId),
])

export const getGroupList: Method = freeMethod(({ node }) =>
  node
    .groups()
    .filter((group) => group.role() !== 'free')
    .map((group) => group.id)
    .toSorted((a, b) => a - b),
)

export const queryPeers: Method = freeMethod(({ node }) =>
  node.network.configuredPeers().toSorted(),
)

export const rpcModules: Method = freeMethod(() => ({ 'FISCO BCOS': '2.0' }))

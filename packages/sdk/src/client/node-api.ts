import { readList, readNumber, readText } from '../json/read.ts'
import {
  type ClientVersion,
  type ManagementAnswer,
  type NodeInfo,
  readClientVersion,
  readManagement,
  readNodeInfo,
} from '../json/status.ts'
import { GroupManagement } from '../services/group-management.ts'

/** Nodes ignore the group of these methods, but some insist on one. */
const ANY_GROUP = 1

/** What concerns a node as a whole: its version, its neighbours, its groups (spec 02 §14.2, §14.10). */
export class NodeApi extends GroupManagement {
  async getClientVersion(): Promise<ClientVersion> {
    const method = 'getClientVersion'
    return readClientVersion(method, await this.transport.request(method, []))
  }

  async getNodeInfo(): Promise<NodeInfo> {
    const method = 'getNodeInfo'
    return readNodeInfo(method, await this.transport.request(method, []))
  }

  /** The nodes that this one is connected to. */
  async getPeers(): Promise<readonly NodeInfo[]> {
    const method = 'getPeers'
    return readList(method, await this.transport.request(method, [ANY_GROUP]), readNodeInfo)
  }

  /** This node, then those that it is connected to. */
  async getNodeIDList(): Promise<readonly string[]> {
    const method = 'getNodeIDList'
    return readList(method, await this.transport.request(method, [ANY_GROUP]), readText)
  }

  /** Groups that run here and have this node as sealer or observer. */
  async getGroupList(): Promise<readonly number[]> {
    const method = 'getGroupList'
    return readList(method, await this.transport.request(method, []), readNumber)
  }

  /** Addresses that this node dials, `host:port`. */
  async queryPeers(): Promise<readonly string[]> {
    const method = 'queryPeers'
    return readList(method, await this.transport.request(method, []), readText)
  }

  /** A refusal is an answer with a code and a sentence. */
  addPeers(endpoints: readonly string[]): Promise<ManagementAnswer> {
    return this.#change('addPeers', endpoints)
  }

  /** Connections that exist stay. */
  erasePeers(endpoints: readonly string[]): Promise<ManagementAnswer> {
    return this.#change('erasePeers', endpoints)
  }

  async #change(method: string, endpoints: readonly string[]): Promise<ManagementAnswer> {
    return readManagement(method, await this.transport.request(method, [endpoints]))
  }
}

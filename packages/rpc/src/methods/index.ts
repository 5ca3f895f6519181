/**
 * The methods by name.
 * @module
 */
import type { Method, MethodTable } from '../method.ts'
import * as chain from './chain.ts'
import * as execution from './execution.ts'
import * as groups from './groups.ts'
import * as node from './node.ts'
import * as peers from './peers.ts'
import * as status from './status.ts'
import * as transactions from './transactions.ts'

/** Methods of one group: their first parameter is its id, and limits of the group apply (spec 02 §8.2). */
const OF_A_GROUP: Readonly<Record<string, Method>> = {
  call: execution.call,
  getBatchReceiptsByBlockHashAndRange: transactions.getBatchReceiptsByBlockHashAndRange,
  getBatchReceiptsByBlockNumberAndRange: transactions.getBatchReceiptsByBlockNumberAndRange,
  getBlockByHash: chain.getBlockByHash,
  getBlockByNumber: chain.getBlockByNumber,
  getBlockHashByNumber: chain.getBlockHashByNumber,
  getBlockHeaderByHash: chain.getBlockHeaderByHash,
  getBlockHeaderByNumber: chain.getBlockHeaderByNumber,
  getBlockNumber: chain.getBlockNumber,
  getCode: chain.getCode,
  getConsensusProgress: status.getConsensusProgress,
  getConsensusStatus: status.getConsensusStatus,
  getEpochSealersList: chain.getEpochSealersList,
  getExecutionDifference: status.getExecutionDifference,
  getGroupPeers: chain.getGroupPeers,
  getObserverList: chain.getObserverList,
  getPbftView: status.getPbftView,
  getPendingTransactions: transactions.getPendingTransactions,
  getPendingTxSize: transactions.getPendingTxSize,
  getSealerList: chain.getSealerList,
  getSyncStatus: status.getSyncStatus,
  getSystemConfigByKey: chain.getSystemConfigByKey,
  getTotalTransactionCount: chain.getTotalTransactionCount,
  getTransactionByBlockHashAndIndex: transactions.getTransactionByBlockHashAndIndex,
  getTransactionByBlockNumberAndIndex: transactions.getTransactionByBlockNumberAndIndex,
  getTransactionByHash: transactions.getTransactionByHash,
  getTransactionByHashWithProof: transactions.getTransactionByHashWithProof,
  getTransactionReceipt: transactions.getTransactionReceipt,
  getTransactionReceiptByHashWithProof: transactions.getTransactionReceiptByHashWithProof,
  queryGroupStatus: groups.queryGroupStatus,
  recoverGroup: groups.recoverGroup,
  removeGroup: groups.removeGroup,
  sendRawTransaction: execution.sendRawTransaction,
  sendRawTransactionAndGetProof: execution.sendRawTransactionAndGetProof,
  startGroup: groups.startGroup,
  stopGroup: groups.stopGroup,
}

const OF_THE_NODE: Readonly<Record<string, Method>> = {
  addPeers: peers.addPeers,
  erasePeers: peers.erasePeers,
  generateGroup: groups.generateGroup,
  getClientVersion: node.getClientVersion,
  getGroupList: node.getGroupList,
  getNodeIDList: node.getNodeIDList,
  getNodeInfo: node.getNodeInfo,
  getPeers: node.getPeers,
  queryPeers: node.queryPeers,
  rpc_modules: node.rpcModules,
}

export const groupMethods: ReadonlySet<string> = new Set(Object.keys(OF_A_GROUP))

export const methods: MethodTable = new Map(Object.entries({ ...OF_A_GROUP, ...OF_THE_NODE }))

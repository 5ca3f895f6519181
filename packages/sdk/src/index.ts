/**
 * Client of a BCOS chain, for Node and browsers. WebSocket is in `@bcos-ts/sdk/websocket`, the channel protocol
 * over TLS (Node only) in `@bcos-ts/sdk/channel`.
 *
 * @example
 * ```ts
 * import { standardSuite } from '@bcos-ts/crypto'
 * import { Client, Contract, generateAccount, httpTransport } from '@bcos-ts/sdk'
 *
 * const client = new Client({ transport: httpTransport({ url: 'http://127.0.0.1:8545' }) })
 * const account = generateAccount(standardSuite)
 * const contract = await Contract.deploy({ client, account, abi }, code)
 * await contract.send('set', 'hello')
 * ```
 * @module
 */
export {
  type Account,
  accountFromPem,
  accountFromPkcs12,
  accountOf,
  generateAccount,
} from './account.ts'
export {
  AmopClient,
  type AmopHandler,
  type AmopMessage,
  type AmopReply,
  type AmopSendOptions,
} from './amop/amop-client.ts'
export {
  type CallAnswer,
  Client,
  type ClientInit,
  type OutgoingTransaction,
} from './client/client.ts'
export { type BlockName, GroupQueries, type ReceiptRange } from './client/group-queries.ts'
export { NodeApi } from './client/node-api.ts'
export {
  type Abi,
  type AbiArgument,
  type ConstructorArguments,
  type EventArguments,
  type EventName,
  type FunctionArguments,
  type FunctionName,
  type FunctionResults,
} from './contract/abi-types.ts'
export {
  Contract,
  type ContractEvent,
  type ContractEventsOptions,
  type ContractInit,
  type ContractResult,
  type WatchedEvent,
} from './contract/contract.ts'
export {
  AmbiguousFunctionError,
  AmopFailedError,
  CallFailedError,
  EventRefusedError,
  type FailureReason,
  InvalidAnswerError,
  InvalidTopicError,
  NoConnectionError,
  NoPushError,
  OtherSuiteError,
  ReceiptTimeoutError,
  RpcError,
  SdkError,
  type SdkErrorCode,
  TableError,
  TransactionFailedError,
  TransactionRefusedError,
  UnknownFunctionError,
} from './errors.ts'
export type { BlockHeaderView, BlockSignatureView, BlockView, FullBlockView } from './json/block.ts'
export {
  type FullyProvenReceipt,
  type ProvenReceipt,
  type ProvenTransaction,
  verifyReceiptProof,
  verifyTransactionProof,
} from './json/proof.ts'
export type { BatchReceipts } from './json/receipt.ts'
export type { ReceiptLog, ReceiptSummary, TransactionReceipt } from './receipt.ts'
export type {
  ClientVersion,
  ConsensusStatusView,
  ManagementAnswer,
  NodeInfo,
  SyncPeer,
  SyncStatusView,
} from './json/status.ts'
export type { MinedTransaction, PendingTransaction, TransactionCount } from './json/transaction.ts'
export { Cns, type CnsEntry } from './services/cns.ts'
export { Consensus, type ConsensusResult } from './services/consensus.ts'
export {
  ContractLifeCycle,
  type ContractState,
  type ContractStatus,
} from './services/contract-life-cycle.ts'
export { CryptoService } from './services/crypto.ts'
export { GasCharge, type GasChargeResult } from './services/gas-charge.ts'
export {
  type AccountState,
  type AccountStatus,
  Governance,
  type GovernanceMember,
  type Vote,
  type VotesOfMember,
} from './services/governance.ts'
export {
  GroupManagement,
  type GroupState,
  type GroupStatusAnswer,
  type NewGroupInit,
} from './services/group-management.ts'
export { KvTables } from './services/kv-tables.ts'
export {
  NativeAddress,
  type NativeCall,
  NativeContract,
  type NativeContractName,
  type NativeResult,
  type NativeUser,
} from './services/native-contract.ts'
export { ParallelConfig } from './services/parallel-config.ts'
export { Permission, type PermissionEntry, type PermissionKind } from './services/permission.ts'
export { DagTransfer, HelloWorld } from './services/samples.ts'
export { SystemConfig, type SystemConfigKey } from './services/system-config.ts'
export {
  type RowRange,
  type TableCondition,
  type TableDescription,
  type TableOperation,
  type TableRow,
  Tables,
} from './services/tables.ts'
export type { BlockWatchOptions } from './subscriptions/block-watch.ts'
export type { EventWatchOptions, LogsListener } from './subscriptions/event-watch.ts'
export type { EventLog, WatchedLogs } from './subscriptions/log-filter.ts'
export type { Subscription, WatchOptions } from './subscriptions/subscription.ts'
export type {
  EventHandler,
  EventRequest,
  LogFilter,
  PushingTransport,
  PushTransport,
  Submission,
  SubmitMethod,
  TopicMessage,
  Transport,
  VerifyChallenge,
} from './transport.ts'
export { failoverTransport, type FailoverOptions } from './transports/failover.ts'
export { httpTransport, type HttpTransportInit } from './transports/http.ts'
export { sdkErrorGuide } from './error-guide.ts'

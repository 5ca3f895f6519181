/**
 * Client of a BCOS chain, for Node and browsers.
 *
 * @example
 * ```ts
 * import { standardSuite } from '@bcos-ts/crypto'
 * import { accountOf, Client, Contract, httpTransport } from '@bcos-ts/sdk'
 *
 * const client = new Client({ transport: httpTransport({ url: 'http://127.0.0.1:8545' }) })
 * const account = accountOf(secretKey, standardSuite)
 * const contract = await Contract.deploy({ client, account, abi }, code)
 * await contract.send('set', 'hello')
 * ```
 * @module
 */
export { type Account, accountOf } from './account.ts'
export {
  type CallAnswer,
  Client,
  type ClientInit,
  type OutgoingTransaction,
  type TransactionReceipt,
} from './client.ts'
export { Contract, type ContractInit, type ContractResult } from './contract.ts'
export {
  InvalidAnswerError,
  NoConnectionError,
  ReceiptTimeoutError,
  RpcError,
  SdkError,
  type SdkErrorCode,
  TransactionFailedError,
  UnknownFunctionError,
} from './errors.ts'
export { type TableCondition, type TableRow, Tables } from './tables.ts'
export type { Transport } from './transport.ts'
export { httpTransport, type HttpTransportInit } from './transports/http.ts'
export { sdkErrorGuide } from './error-guide.ts'

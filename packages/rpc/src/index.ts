/**
 * JSON-RPC of a BCOS node, as the SDKs and the console of 2.x speak it. This entry answers texts; servers are
 * in `@bcos-ts/rpc/http` and `@bcos-ts/rpc/channel`.
 *
 * @example
 * ```ts
 * import { JsonRpc } from '@bcos-ts/rpc'
 *
 * const rpc = new JsonRpc({ node, suite }, logger)
 * await rpc.handle('{"jsonrpc":"2.0","method":"getBlockNumber","params":[1],"id":1}', { refusals: 'now' })
 * // {"id":1,"jsonrpc":"2.0","result":"0x1a2"}
 * ```
 * @module
 */
export {
  InvalidChannelCertificateError,
  RpcError,
  type RpcErrorCode,
  RpcListenFailedError,
  RpcServerError,
  type RpcServerErrorCode,
} from './errors.ts'
export { compactJson, type JsonObject, type JsonValue, styledJson } from './json.ts'
export { JsonRpc, type JsonRpcOptions } from './json-rpc.ts'
export type { RpcCaller, RpcServices } from './method.ts'
export {
  amopResultGuide,
  eventCodeGuide,
  otherAmopResults,
  rpcErrorGuide,
  rpcServerErrorGuide,
} from './error-guide.ts'
export { rpcErrorNumber } from './errors.ts'

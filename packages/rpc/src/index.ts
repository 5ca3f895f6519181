export { JsonRpc, type JsonRpcOptions } from './json-rpc.ts'

import { silentLogger } from '@bcos-ts/common'
import { JsonRpc } from '../src/json-rpc.ts'
import type { JsonObject, JsonValue } from '../src/json.ts'
import type { RpcCaller, RpcServices } from '../src/method.ts'
import { suite, type TestService } from './service.ts'

export const HTTP_CALLER: RpcCaller = { refusals: 'now' }

/** A recorded request with its response. */
export interface Exchange {
  readonly label: string
  readonly atBlock: number
  readonly request: JsonObject & { readonly method: string }
  readonly response: JsonObject & {
    readonly result?: JsonValue
    readonly error?: { readonly code: number; readonly message: string }
  }
}

export function rpcOf(
  node: TestService,
  options: Partial<
    Pick<RpcServices, 'management' | 'isManagementOff' | 'suite' | 'signatures' | 'peerLimits'>
  > = {},
): JsonRpc {
  return new JsonRpc({ suite, ...options, node }, silentLogger)
}

/** The answer to one call, as it is read by a client. */
export async function ask(
  rpc: JsonRpc,
  method: string,
  params: JsonValue,
  caller: RpcCaller = HTTP_CALLER,
): Promise<Exchange['response']> {
  const request = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
  const answer: Exchange['response'] = JSON.parse(await rpc.handle(request, caller))
  return answer
}

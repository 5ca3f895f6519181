/**
 * Peers changed at run time (spec 02 §14.2).
 * @module
 */
import { isBcosError } from '@bcos-ts/common'
import { GroupCode } from '@bcos-ts/protocol'
import type { ManagementResult } from '@bcos-ts/protocol/ports'
import { RpcError } from '../errors.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { type Call, freeMethod, type Method, type PeerLimits } from '../method.ts'
import { managementOf, refusal, resultView } from './groups.ts'

const LIMITS_DEFAULT: PeerLimits = { perCall: 10, inAll: 100 }

/** The addresses, or the answer that refuses them. */
function endpointsOf(
  list: JsonValue | undefined,
  { peerLimits = LIMITS_DEFAULT }: Call,
): readonly string[] | JsonObject {
  if (!Array.isArray(list)) return refusal('invalid params field, not array format json')
  if (list.length === 0) return refusal('failed for empty host list, expect at least one peer')
  const endpoints: string[] = []
  for (const one of list as readonly JsonValue[]) {
    const isForm = typeof one === 'string' && one.includes(':') && one.split(']').length <= 2
    if (!isForm) return refusal(`invalid peer at position ${endpoints.length + 1}`)
    endpoints.push(one)
  }
  const { perCall } = peerLimits
  if (endpoints.length > perCall) {
    const message = `refused for too many param peers. peers_param_limit: ${perCall}`
    return resultView({ code: GroupCode.internalError, message })
  }
  return endpoints
}

async function configure(call: Call, peers: readonly string[]): Promise<ManagementResult> {
  try {
    call.node.network.configurePeers(peers)
  } catch (error) {
    if (!isBcosError(error)) throw error
    throw new RpcError('RPC_INTERNAL', error.message)
  }
  const problem = await managementOf(call).savePeers(peers)
  if (problem !== undefined) return { code: GroupCode.internalError, message: problem }
  return { code: 0, message: 'update config file successfully' }
}

function answer(prefix: string, { code, message }: ManagementResult): JsonObject {
  return resultView({ code, message: prefix + message })
}

export const addPeers: Method = freeMethod(async (call, [list]) => {
  managementOf(call)
  const endpoints = endpointsOf(list, call)
  if (!isList(endpoints)) return endpoints
  const known = call.node.network.configuredPeers()
  const fresh = [...new Set(endpoints)].filter((one) => !known.includes(one))
  if (fresh.length === 0) {
    return answer('add peers :', { code: 0, message: 'all the inserted peers already exist' })
  }
  const { inAll } = call.peerLimits ?? LIMITS_DEFAULT
  if (known.length + fresh.length > inAll) {
    const message = `refused for too many peers. max_nodes_limit: ${inAll}`
    return resultView({ code: GroupCode.internalError, message })
  }
  return answer('add peers :', await configure(call, [...known, ...fresh]))
})

export const erasePeers: Method = freeMethod(async (call, [list]) => {
  managementOf(call)
  const endpoints = endpointsOf(list, call)
  if (!isList(endpoints)) return endpoints
  const known = call.node.network.configuredPeers()
  const left = known.filter((one) => !endpoints.includes(one))
  if (left.length === known.length) {
    return answer('erase peers :', { code: 0, message: 'none of the erased peers exist' })
  }
  return answer('erase peers :', await configure(call, left))
})

function isList(value: readonly string[] | JsonObject): value is readonly string[] {
  return Array.isArray(value)
}

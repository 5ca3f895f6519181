/**
 * Groups made, started and stopped at run time (spec 02 §14.10).
 * @module
 */
import { isHex } from '@bcos-ts/common'
import { GROUP_ID_MAX } from '@bcos-ts/protocol'
import type { ManagementResult, NewGroup, NodeManagement } from '@bcos-ts/protocol/ports'
import { RpcError } from '../errors.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { type Call, type Method, method } from '../method.ts'
import { quantity } from '../views/format.ts'

const NODE_ID_BYTES = 64
const TIMESTAMP_MAX = 2n ** 63n - 1n

/** Codes that are found before the group is looked at. */
const INVALID_PARAMETER = 7

export function managementOf({ management }: Call): NodeManagement {
  if (management === undefined) throw new RpcError('RPC_MANAGEMENT_DISABLED')
  return management
}

export function resultView({ code, message, status }: ManagementResult): JsonObject {
  return { code: quantity(code), message, status }
}

export function refusal(message: string): JsonObject {
  return resultView({ code: INVALID_PARAMETER, message })
}

function isGroupId(groupId: number): boolean {
  return groupId >= 1 && groupId <= GROUP_ID_MAX
}

const BAD_GROUP_ID = `GroupID should be between 1 and ${GROUP_ID_MAX}`

function groupAction(
  run: (management: NodeManagement, groupId: number) => Promise<ManagementResult>,
): Method {
  return method(['i'], async (call, [groupId]) => {
    const management = managementOf(call)
    if (!isGroupId(groupId)) return refusal(BAD_GROUP_ID)
    return resultView(await run(management, groupId))
  })
}

export const startGroup: Method = groupAction((management, id) => management.startGroup(id))
export const stopGroup: Method = groupAction((management, id) => management.stopGroup(id))
export const removeGroup: Method = groupAction((management, id) => management.removeGroup(id))
export const recoverGroup: Method = groupAction((management, id) => management.recoverGroup(id))

/** Answered also where management is switched off. */
export const queryGroupStatus: Method = method(['i'], async (call, [groupId]) => {
  if (!isGroupId(groupId)) {
    return resultView({ code: INVALID_PARAMETER, message: BAD_GROUP_ID, status: '' })
  }
  if (call.management !== undefined) {
    return resultView(await call.management.queryGroupStatus(groupId))
  }
  const status = call.node.group(groupId) === undefined ? 'INEXISTENT' : 'RUNNING'
  return resultView({ code: 0, message: '', status })
})

export const generateGroup: Method = method(['i', 'o'], async (call, [groupId, params]) => {
  const management = managementOf(call)
  if (!isGroupId(groupId)) return refusal(BAD_GROUP_ID)
  const group = newGroup(groupId, params)
  if (typeof group === 'string') return refusal(group)
  return resultView(await management.generateGroup(group))
})

/** The group that is asked for, or a sentence on the first parameter that does not fit. */
function newGroup(groupId: number, params: JsonObject): NewGroup | string {
  const { timestamp, sealers, enable_free_storage: isFreeStorage = false } = params
  if (typeof timestamp !== 'string') return 'invalid `timestamp` field'
  if (!isTimestamp(timestamp)) return `invalid timestamp: ${timestamp}`
  if (!Array.isArray(sealers)) return 'invalid `sealers` field'
  if (sealers.length === 0) {
    return 'GenerateGroup failed for empty sealer list, expect at least one sealer'
  }
  const nodeIds: string[] = []
  for (const sealer of sealers as readonly JsonValue[]) {
    if (typeof sealer !== 'string' || !isHex(sealer, NODE_ID_BYTES)) {
      return `invalid sealer ID at position ${nodeIds.length + 1}`
    }
    nodeIds.push(sealer.toLowerCase())
  }
  if (typeof isFreeStorage !== 'boolean') return 'invalid `enable_free_storage` field'
  return { groupId, timestamp: BigInt(timestamp), sealers: nodeIds, isFreeStorage }
}

function isTimestamp(text: string): boolean {
  return /^(?:0|[1-9]\d{0,18})$/.test(text) && BigInt(text) <= TIMESTAMP_MAX
}

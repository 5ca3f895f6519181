/**
 * Groups made, started and stopped at run time (spec 02 §14.10).
 * @module
 */
import { isHex } from '@bcos-ts/common'
import { GROUP_ID_MAX, GroupCode } from '@bcos-ts/protocol'
import type {
  GroupManagement,
  ManagementResult,
  NewGroup,
  NodeManagement,
} from '@bcos-ts/protocol/ports'
import { RpcError } from '../errors.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { type Call, type Method, method } from '../method.ts'
import { quantity } from '../views/format.ts'

const NODE_ID_BYTES = 64
const TIMESTAMP_MAX = 2n ** 63n - 1n

/** Throws `RPC_MANAGEMENT_DISABLED` where `rpc.disable_dynamic_group` refuses changes. */
export function managementOf({ management, isManagementOff }: Call): NodeManagement {
  if (management === undefined || isManagementOff === true) {
    throw new RpcError('RPC_MANAGEMENT_DISABLED')
  }
  return management
}

export function resultView({ code, message, status }: ManagementResult): JsonObject {
  return { code: quantity(code), message, status }
}

export function refusal(message: string): JsonObject {
  return resultView({ code: GroupCode.invalidParameter, message })
}

function isGroupId(groupId: number): boolean {
  return groupId >= 1 && groupId <= GROUP_ID_MAX
}

const BAD_GROUP_ID = `GroupID should be between 1 and ${GROUP_ID_MAX}`

function groupAction(
  run: (groups: GroupManagement, groupId: number) => Promise<ManagementResult>,
): Method {
  return method(['i'], async (call, [groupId]) => {
    const { groups } = managementOf(call)
    if (!isGroupId(groupId)) return refusal(BAD_GROUP_ID)
    return resultView(await run(groups, groupId))
  })
}

export const startGroup: Method = groupAction((groups, id) => groups.startGroup(id))
export const stopGroup: Method = groupAction((groups, id) => groups.stopGroup(id))
export const removeGroup: Method = groupAction((groups, id) => groups.removeGroup(id))
export const recoverGroup: Method = groupAction((groups, id) => groups.recoverGroup(id))

/** Answered also where management is switched off. */
export const queryGroupStatus: Method = method(['i'], async (call, [groupId]) => {
  if (!isGroupId(groupId)) {
    return resultView({ code: GroupCode.invalidParameter, message: BAD_GROUP_ID, status: '' })
  }
  if (call.management !== undefined) {
    return resultView(await call.management.groups.queryGroupStatus(groupId))
  }
  const status = call.node.group(groupId) === undefined ? 'INEXISTENT' : 'RUNNING'
  return resultView({ code: 0, message: '', status })
})

export const generateGroup: Method = method(['i', 'o'], async (call, [groupId, params]) => {
  const { groups } = managementOf(call)
  if (!isGroupId(groupId)) return refusal(BAD_GROUP_ID)
  const group = newGroup(groupId, params)
  if (typeof group === 'string') return refusal(group)
  return resultView(await groups.generateGroup(group))
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

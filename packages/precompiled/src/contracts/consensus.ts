/**
 * Consensus 0x1003 (spec 03 §3.4): which nodes seal and which only observe.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import { ResultCode, SystemTableName } from '@bcos-ts/protocol'
import type { Entry, StateTables, Table } from '@bcos-ts/protocol/ports'
import { native, type NativeContract, type NativeFrame } from '../framework/declaration.ts'
import { lowerCase } from '../text.ts'
import { fieldOf, newRow, systemTable, where } from './rows.ts'

/** The key of every row of `_sys_consensus_`. */
export const NODE_KEY = 'node'

/** What a node does; a working sealer is one that rPBFT has chosen for the time being. */
export const NodeType = {
  sealer: 'sealer',
  observer: 'observer',
  workingSealer: 'wSealer',
} as const

const NODE_ID_LENGTH = 128

export function nodesOfType(tables: StateTables, table: Table, type: ByteText): readonly Entry[] {
  return table.select(NODE_KEY, where(tables, 'type', type))
}

/** A chain keeps its last sealer, and its last working sealer even when plain sealers exist. */
function isLastSealer(tables: StateTables, table: Table, nodeId: ByteText): boolean {
  const sealers = nodesOfType(tables, table, NodeType.sealer)
  if (isOnly(sealers, nodeId))
    return nodesOfType(tables, table, NodeType.workingSealer).length === 0
  const [own] = table.select(NODE_KEY, where(tables, 'node_id', nodeId))
  if (own === undefined || fieldOf(own, 'type') !== NodeType.workingSealer) return false
  return isOnly(nodesOfType(tables, table, NodeType.workingSealer), nodeId)
}

function isOnly(rows: readonly Entry[], nodeId: ByteText): boolean {
  const [only] = rows
  return rows.length === 1 && only !== undefined && fieldOf(only, 'node_id') === nodeId
}

interface Request {
  readonly table: Table
  readonly nodeId: ByteText
}

/** Any 128 characters are a node id here, hexadecimal or not. */
function requestOf({ tables }: NativeFrame, text: ByteText): Request | undefined {
  const table = systemTable(tables, SystemTableName.consensus)
  const nodeId = lowerCase(text)
  return nodeId.length === NODE_ID_LENGTH ? { table, nodeId } : undefined
}

/** Adds the node with that type, or gives it the type. */
function setType(call: NativeFrame, { table, nodeId }: Request, type: ByteText): number {
  const { tables, origin, blockNumber } = call
  const condition = where(tables, 'node_id', nodeId)
  const isNew = table.select(NODE_KEY, condition).length === 0
  const row = newRow(tables, { type, name: NODE_KEY, enable_num: String(blockNumber) })
  if (!isNew) return table.update(NODE_KEY, row, { condition, writer: origin })
  row.set('node_id', nodeId)
  return table.insert(NODE_KEY, row, origin)
}

function isKnown({ tables }: NativeFrame, { table, nodeId }: Request): boolean {
  return table.select(NODE_KEY, where(tables, 'node_id', nodeId)).length > 0
}

const permission = 'access list of _sys_consensus_'

export const consensus: NativeContract = {
  name: 'Consensus',
  address: 0x1003,
  summary: 'Which nodes seal and which only observe.',
  memory: 'output',
  unknown({ tables }) {
    systemTable(tables, SystemTableName.consensus)
    return ResultCode.done
  },
  functions: [
    native('addSealer(string nodeId) returns (int256)', {
      permission,
      run(call, text) {
        const request = requestOf(call, text)
        return request ? setType(call, request, NodeType.sealer) : ResultCode.invalidNodeId
      },
    }),
    native('addObserver(string nodeId) returns (int256)', {
      permission,
      run(call, text) {
        const request = requestOf(call, text)
        if (request === undefined) return ResultCode.invalidNodeId
        if (isKnown(call, request) && isLastSealer(call.tables, request.table, request.nodeId)) {
          return ResultCode.lastSealer
        }
        return setType(call, request, NodeType.observer)
      },
    }),
    native('remove(string nodeId) returns (int256)', {
      permission,
      run(call, text) {
        const request = requestOf(call, text)
        if (request === undefined) return ResultCode.invalidNodeId
        const { table, nodeId } = request
        if (isLastSealer(call.tables, table, nodeId)) return ResultCode.lastSealer
        const condition = where(call.tables, 'node_id', nodeId)
        return table.remove(NODE_KEY, { condition, writer: call.origin })
      },
    }),
  ],
}

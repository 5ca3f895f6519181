import type { CryptoSuite, SignatureBatches, Transaction } from '@bcos-ts/protocol'
import type { GroupService, NodeManagement, NodeService } from '@bcos-ts/protocol/ports'
import { RpcError } from './errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts'

/** What methods work on. */
export interface RpcServices {
  readonly node: NodeService
  readonly suite: CryptoSuite
  /** Checks the signatures of batches on other cores; without it they are checked one by one. */
  readonly signatures?: SignatureBatches | undefined
  /** Without it, groups and peers stay as they are. */
  readonly management?: NodeManagement | undefined
  /** Changes are refused although the node could make them (`rpc.disable_dynamic_group`). */
  readonly isManagementOff?: boolean
  /** `p2p.peers_param_limit` and `p2p.max_nodes_limit`. @default 10 and 100 */
  readonly peerLimits?: PeerLimits | undefined
}

/** How many addresses `addPeers` takes. */
export interface PeerLimits {
  readonly perCall: number
  readonly inAll: number
}

/** Where a request comes from, as far as it matters to methods. */
export interface RpcCaller {
  /**
   * `later`: a transaction is answered with its hash, and a refusal comes as a receipt (channel protocol
   * version 3). `now`: the answer waits for the pool's word.
   */
  readonly refusals: 'now' | 'later'
  /** Receives the receipt of a submitted transaction; HTTP clients have none. */
  readonly onReceipt?: ((receipt: JsonObject) => void) | undefined
  /** Rate limits and permissions: throws {@link RpcError}. Called before the method is looked up. */
  readonly admit?: ((method: string, groupId: number | undefined) => void) | undefined
}

export interface Call extends RpcServices {
  readonly caller: RpcCaller
  /** Transactions of the batch that have been read already, by their text. */
  readonly ahead?: ReadonlyMap<JsonValue, Transaction> | undefined
}

/** Letters of spec 02 §13.1: integer, string, boolean, object. */
export interface ParamTypes {
  readonly i: number
  readonly s: string
  readonly b: boolean
  readonly o: JsonObject
}

export type ParamLetter = keyof ParamTypes

export interface Method {
  /** Empty: parameters are not looked at. */
  readonly params: readonly ParamLetter[]
  readonly run: (call: Call, params: readonly JsonValue[]) => JsonValue | Promise<JsonValue>
}

export type MethodTable = ReadonlyMap<string, Method>

const INT32_MAX = 2 ** 31 - 1

const CHECKS: Readonly<Record<ParamLetter, (value: JsonValue) => boolean>> = {
  i: (value) =>
    typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= INT32_MAX,
  s: (value) => typeof value === 'string',
  b: (value) => typeof value === 'boolean',
  o: isJsonObject,
}

/** A method with declared parameters: their number and types are checked before it runs. */
export function method<const TParams extends readonly ParamLetter[]>(
  params: TParams,
  run: (
    call: Call,
    params: { readonly [K in keyof TParams]: ParamTypes[TParams[K]] },
  ) => JsonValue | Promise<JsonValue>,
): Method {
  return {
    params,
    run: (call, values) => {
      const isFitting =
        values.length === params.length &&
        params.every((letter, index) => CHECKS[letter](values[index] ?? null))
      if (!isFitting) throw new RpcError('RPC_INVALID_PARAMS')
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- number and types were just checked
      return run(call, values as never)
    },
  }
}

/** A method without declared parameters takes, and ignores, whatever it is given. */
export function freeMethod(run: Method['run']): Method {
  return { params: [], run }
}

/** The group, or `RPC_GROUP_NOT_FOUND`. */
export function groupOf({ node }: Call, groupId: number): GroupService {
  const group = node.group(groupId)
  if (group === undefined) throw new RpcError('RPC_GROUP_NOT_FOUND')
  return group
}

/** The group, if this node is a sealer or an observer of it; else `RPC_NOT_A_MEMBER`. */
export function memberGroupOf(call: Call, groupId: number): GroupService {
  const group = groupOf(call, groupId)
  if (group.role() === 'free') throw new RpcError('RPC_NOT_A_MEMBER')
  return group
}

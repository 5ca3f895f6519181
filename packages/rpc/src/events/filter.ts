/**
 * What an application wants to hear of: logs of some contracts with some topics, in some blocks
 * (spec 02 §11.1, §11.2). Pure.
 * @module
 */
import { isBcosError, toHex } from '@bcos-ts/common'
import { type Address, GROUP_ID_MAX, type HashText, type LogEntry } from '@bcos-ts/protocol'
import { RpcError } from '../errors.ts'
import { isJsonObject, type JsonValue } from '../json.ts'
import { parseAddress, parseBlockNumber, parseHash } from '../params.ts'
import { parseJson } from '../parse-json.ts'

const TOPICS_MAX = 4
/** Addresses and topics of one filter; nobody needs more, and every log is compared with them. */
const VALUES_MAX = 10_000

/** Which logs match: an empty set stands for any. */
export interface LogPattern {
  readonly addresses: ReadonlySet<Address>
  /** At most four positions. */
  readonly topics: readonly ReadonlySet<HashText>[]
}

export interface EventRequest {
  /** Chosen by the application. */
  readonly filterId: string
  readonly groupId: number
  /** `undefined` is the latest block. */
  readonly fromBlock: number | undefined
  /** `undefined` is without end. */
  readonly toBlock: number | undefined
  readonly pattern: LogPattern
}

/** Reads a registration; `undefined` for anything that is none. */
export function parseEventRequest(text: string): EventRequest | undefined {
  const request = parseJson(text)
  if (!isJsonObject(request)) return undefined
  const { filterID, groupID, fromBlock, toBlock, addresses, topics } = request
  if (typeof filterID !== 'string' || filterID === '') return undefined
  if (addresses === undefined || topics === undefined) return undefined
  try {
    const groupId = parseNumber(groupID)
    if (groupId === undefined || groupId < 1 || groupId > GROUP_ID_MAX) return undefined
    return {
      filterId: filterID,
      groupId,
      fromBlock: parseNumber(fromBlock),
      toBlock: parseNumber(toBlock),
      pattern: { addresses: parseAddresses(addresses), topics: parseTopics(topics) },
    }
  } catch (error) {
    if (!isBcosError(error)) throw error
    return undefined
  }
}

/** Decimal or hexadecimal text, or a number; nothing, and `latest`, are `undefined`. */
function parseNumber(value: JsonValue | undefined): number | undefined {
  if (value === undefined || value === 'latest') return undefined
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new RpcError('RPC_INVALID_PARAMS')
  return parseBlockNumber(String(value))
}

function parseAddresses(value: JsonValue): Set<Address> {
  return new Set(textsOf(value).map(parseAddress))
}

function parseTopics(value: JsonValue): Set<HashText>[] {
  // A null in the place of the list is read as one topic that is no hash, which no log has.
  if (value === null) return [new Set([parseHash('')])]
  const positions = Array.isArray(value) ? value : [value]
  if (positions.length > TOPICS_MAX) throw new RpcError('RPC_INVALID_PARAMS')
  return positions.map((one) => new Set(one === null ? [] : textsOf(one).map(parseHash)))
}

function textsOf(value: JsonValue): readonly string[] {
  const values: readonly JsonValue[] = Array.isArray(value) ? value : [value]
  if (values.length > VALUES_MAX) throw new RpcError('RPC_INVALID_PARAMS')
  const texts = values.filter((one) => typeof one === 'string')
  if (texts.length < values.length) throw new RpcError('RPC_INVALID_PARAMS')
  return texts
}

/** Whether a log is wanted. A log without a topic at a wanted position is not. */
export function isMatch(log: LogEntry, { addresses, topics }: LogPattern): boolean {
  if (addresses.size > 0 && !addresses.has(log.address)) return false
  return topics.every((wanted, position) => {
    const topic = log.topics[position]
    return wanted.size === 0 || (topic !== undefined && wanted.has(toHex(topic)))
  })
}

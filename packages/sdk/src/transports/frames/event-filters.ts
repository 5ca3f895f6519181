import { fromUtf8, toHex, type RandomSource, utf8 } from '@bcos-ts/common'
import { ChannelType, EventCode, splitTopic, withTopic } from '@bcos-ts/protocol/channel'
import { address0x, hash0x } from '../../client/hex.ts'
import { EventRefusedError } from '../../errors.ts'
import { JsonReader, readJson } from '../../json/read.ts'
import type { EventHandler, EventRequest } from '../../transport.ts'
import type { Connection } from './connection.ts'

const FILTER_ID_BYTES = 16
const EMPTY_TOPIC = ''

const SENTENCES: Readonly<Record<number, string>> = {
  [EventCode.invalidRequest]: 'the node does not understand the filter',
  [EventCode.groupNotFound]: 'the node does not have the group',
  [EventCode.invalidRange]:
    'the blocks are in no order, or reach back further than the node searches',
  [EventCode.notAllowed]: 'the node does not let this application see the group',
  [EventCode.unknownFilter]: 'the node does not know the filter',
}

/** The filters that a node searches for on one connection (spec 02 §11). */
export class EventFilters {
  readonly #random: RandomSource
  readonly #handlers = new Map<string, EventHandler>()

  constructor(random: RandomSource) {
    this.#random = random
  }

  /** Throws `SDK_EVENT_REFUSED`, `SDK_NO_CONNECTION`. */
  async register(
    connection: Connection,
    request: EventRequest,
    handler: EventHandler,
  ): Promise<() => void> {
    const filterID = toHex(this.#random.bytes(FILTER_ID_BYTES))
    const data = withTopic(EMPTY_TOPIC, utf8(JSON.stringify(filterJson(filterID, request))))
    // Logs may come before the answer.
    this.#handlers.set(filterID, handler)
    try {
      const answer = await connection.request(ChannelType.registerEvent, data)
      const code = codeOf(answer.data)
      if (code !== EventCode.success) {
        throw new EventRefusedError(code, SENTENCES[code] ?? 'the node does not say why')
      }
    } catch (error) {
      this.#handlers.delete(filterID)
      throw error
    }
    return () => {
      if (!this.#handlers.delete(filterID)) return
      connection.request(ChannelType.unregisterEvent, data).catch(() => {})
    }
  }

  /** What a node pushes. */
  onPush(data: Uint8Array): void {
    const method = 'eventPush'
    const json = new JsonReader(method, readJson(method, fromUtf8(data)))
    const filterId = json.text('filterID')
    const handler = this.#handlers.get(filterId)
    if (handler === undefined) return
    const result = json.number('result')
    const logs = json.raw('logs')
    if (result === EventCode.success) {
      if (Array.isArray(logs)) handler.onLogs(logs)
      return
    }
    this.#handlers.delete(filterId)
    if (result === EventCode.completed) handler.onCompleted()
    else handler.onLost(new EventRefusedError(result, SENTENCES[result] ?? 'the filter has ended'))
  }

  /** The connection is gone, and with it every filter. */
  lose(error: Error): void {
    const handlers = [...this.#handlers.values()]
    this.#handlers.clear()
    for (const handler of handlers) handler.onLost(error)
  }
}

function filterJson(filterID: string, request: EventRequest): unknown {
  const { groupId, fromBlock, toBlock, addresses = [], topics = [] } = request
  return {
    fromBlock: String(fromBlock),
    toBlock: toBlock === undefined ? 'latest' : String(toBlock),
    addresses: addresses.map(address0x),
    topics: topics.map((one) => {
      if (one === null) return null
      return typeof one === 'string' ? hash0x(one) : one.map(hash0x)
    }),
    groupID: String(groupId),
    filterID,
  }
}

function codeOf(data: Uint8Array): number {
  const text = fromUtf8(splitTopic(data)?.payload ?? data)
  return new JsonReader('registerEvent', readJson('registerEvent', text)).number('result')
}

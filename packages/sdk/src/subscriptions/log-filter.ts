/**
 * Which logs are wanted, and what they look like (spec 02 §11.1, §11.2). Pure.
 * @module
 */
import { toHex } from '@bcos-ts/common'
import { EventCode } from '@bcos-ts/protocol/channel'
import { bareAddress } from '../client/hex.ts'
import { EventRefusedError } from '../errors.ts'
import { JsonReader, readBytes } from '../json/read.ts'
import type { BatchReceipts } from '../json/receipt.ts'
import type { ReceiptLog } from '../receipt.ts'
import type { LogFilter } from '../transport.ts'

/** A log with its place in the chain. Hashes and addresses are `0x` text. */
export interface EventLog extends ReceiptLog {
  readonly blockNumber: number
  readonly blockHash: string
  readonly transactionHash: string
  readonly transactionIndex: number
  /** Position within its receipt. */
  readonly logIndex: number
}

/** Which logs of which blocks. */
export interface WatchedLogs extends LogFilter {
  /**
   * The first block that is searched; `latest` is the last one that there is.
   * @default latest
   */
  readonly from?: number | 'latest'
  /** The last block that is searched. Missing: without end. */
  readonly to?: number
}

const TOPICS_MAX = 4

/** A filter with its texts in one form. */
export interface LogPattern {
  readonly addresses: ReadonlySet<string>
  /** An empty set is any. */
  readonly topics: readonly ReadonlySet<string>[]
}

/** Throws `SDK_EVENT_REFUSED` for more than four topics. */
export function patternOf({ addresses = [], topics = [] }: LogFilter): LogPattern {
  if (topics.length > TOPICS_MAX) {
    throw new EventRefusedError(EventCode.invalidRequest, `${topics.length} topics, a log has 4`)
  }
  return {
    addresses: new Set(addresses.map(bareAddress)),
    topics: topics.map((one) => new Set(alternatives(one).map(bareAddress))),
  }
}

function alternatives(topic: string | readonly string[] | null): readonly string[] {
  if (topic === null) return []
  return typeof topic === 'string' ? [topic] : topic
}

/** Whether a log is wanted. A log without a topic at a wanted position is not. */
function isWanted(log: ReceiptLog, { addresses, topics }: LogPattern): boolean {
  if (addresses.size > 0 && !addresses.has(bareAddress(log.address))) return false
  return topics.every((wanted, position) => {
    const topic = log.topics[position]
    return wanted.size === 0 || (topic !== undefined && wanted.has(toHex(topic)))
  })
}

/** The wanted logs of a block. */
export function logsOf(block: BatchReceipts, pattern: LogPattern): EventLog[] {
  const { blockNumber, blockHash } = block
  return block.receipts.flatMap(({ transactionHash, transactionIndex, logs }) =>
    logs
      .map((log, logIndex) => ({
        ...log,
        blockNumber,
        blockHash,
        transactionHash,
        transactionIndex,
        logIndex,
      }))
      .filter((log) => isWanted(log, pattern)),
  )
}

/** A log as nodes push it. */
export function readEventLog(method: string, value: unknown): EventLog {
  const json = new JsonReader(method, value)
  return {
    address: json.text('address'),
    topics: json.list('topics', readBytes),
    data: json.bytes('data'),
    blockNumber: json.number('blockNumber'),
    blockHash: json.text('blockHash'),
    transactionHash: json.text('transactionHash'),
    transactionIndex: json.number('transactionIndex'),
    logIndex: json.number('logIndex'),
  }
}

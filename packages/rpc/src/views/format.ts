/**
 * Forms of values in JSON answers (spec 02 §13.5).
 * @module
 */
import { to0x } from '@bcos-ts/common'
import type { Address, LogEntry } from '@bcos-ts/protocol'
import type { JsonObject } from '../json.ts'

/** `0x` and the fewest digits. */
export function quantity(value: number | bigint): string {
  return `0x${value.toString(16)}`
}

export function addressText(address: Address): string {
  return `0x${address}`
}

export function logView(log: LogEntry): JsonObject {
  return {
    address: addressText(log.address),
    data: to0x(log.data),
    topics: log.topics.map(to0x),
  }
}

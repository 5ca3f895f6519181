/**
 * Limits of `[flow_control]` in the files of a node and of its groups (spec 04 §2.9, 02 §8.3).
 * @module
 */
import { type Clock, type RateLimiter, TokenBucket } from '@bcos-ts/common'
import type { FlowConfig } from './config/node-config.ts'

/** Permits that a bandwidth limit may gather, bytes. */
const BANDWIDTH_STORED_MAX = 5_242_880

/** One set of limiters for a node: every part that sends or serves takes its permits here. */
export interface FlowControl {
  /** Limits of a group, from when it is opened; the former ones, if there were any, are forgotten. */
  configure(groupId: number, config: FlowConfig): void
  /** Requests of clients to the node, and to one group. */
  readonly requests: RateLimiter | undefined
  requestsOf(groupId: number): RateLimiter | undefined
  /** Bytes that the node sends. */
  readonly bandwidth: RateLimiter | undefined
  /** What messages of a group use up; they are never held back themselves. */
  outgoingOf(groupId: number): readonly RateLimiter[]
  /** Whether so many bytes may be sent now, such as a block is assumed to have when it is compressed. */
  mayServe(groupId: number, bytes: number): boolean
}

interface Limits {
  readonly requests: RateLimiter | undefined
  readonly bandwidth: RateLimiter | undefined
}

export function createFlowControl(node: FlowConfig, clock: Clock): FlowControl {
  const ofNode = limitsOf(node, clock)
  const ofGroup = new Map<number, Limits>()
  const outgoingOf = (groupId: number): readonly RateLimiter[] =>
    [ofNode.bandwidth, ofGroup.get(groupId)?.bandwidth].filter((one) => one !== undefined)
  return {
    configure: (groupId, config) => void ofGroup.set(groupId, limitsOf(config, clock)),
    requests: ofNode.requests,
    requestsOf: (groupId) => ofGroup.get(groupId)?.requests,
    bandwidth: ofNode.bandwidth,
    outgoingOf,
    mayServe: (groupId, bytes) => outgoingOf(groupId).every((limiter) => limiter.tryAcquire(bytes)),
  }
}

function limitsOf(config: FlowConfig, clock: Clock): Limits {
  const { requestsPerSecond, outgoingBytesPerSecond } = config
  const bucket = (permitsPerSecond: number | undefined, storedMax?: number) =>
    permitsPerSecond === undefined
      ? undefined
      : new TokenBucket({ permitsPerSecond, ...(storedMax !== undefined && { storedMax }) }, clock)
  return {
    requests: bucket(requestsPerSecond),
    bandwidth: bucket(outgoingBytesPerSecond, BANDWIDTH_STORED_MAX),
  }
}

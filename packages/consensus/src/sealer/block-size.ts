/**
 * How many transactions a block may have, learnt from what was too much (spec 04 §6.12).
 * @module
 */

export interface BlockSize {
  /** `tx_count_limit` of the system configuration. */
  readonly limit: number
  /** Transactions of the next block. */
  readonly current: number
  readonly timeouts: number
  /** The largest block known to be agreed on in time. */
  readonly largestGood: number
  /** The smallest block known to time out; `Infinity` when there is none. */
  readonly smallestBad: number
}

export function initialBlockSize(limit: number): BlockSize {
  return { limit, current: limit, timeouts: 0, largestGood: 0, smallestBad: Infinity }
}

/** A changed system configuration. */
export function withLimit(size: BlockSize, limit: number): BlockSize {
  if (size.limit === limit) return size
  const wasFull = size.current === size.limit
  return { ...size, limit, current: wasFull ? limit : Math.min(size.current, limit) }
}

/** An executed proposal was not agreed on in time: half of it. */
export function afterTimeout(size: BlockSize, txCount: number): BlockSize {
  const { current, largestGood, smallestBad, timeouts } = size
  return {
    ...size,
    timeouts: timeouts + 1,
    smallestBad: txCount > largestGood ? Math.min(smallestBad, txCount) : smallestBad,
    current: current > 2 ? Math.floor(current / 2) : current,
  }
}

/** A block was committed: grow again, but not to what timed out. The first commit after a timeout only ends it. */
export function afterCommit(size: BlockSize, txCount: number): BlockSize {
  if (size.timeouts > 0) return { ...size, timeouts: 0 }
  const { limit, current } = size
  const largestGood = Math.max(size.largestGood, txCount)
  if (current >= limit) return { ...size, largestGood }
  const smallestBad = size.smallestBad > largestGood ? size.smallestBad : grown(largestGood)
  // The configured growth passes through a boolean in the reference: every setting doubles.
  const next = current < smallestBad ? Math.min(2 * current, smallestBad, limit) : current
  return { ...size, largestGood, smallestBad, current: next }
}

function grown(good: number): number {
  return good < 10 ? 2 * good : Math.floor(1.1 * good)
}

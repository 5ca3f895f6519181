/**
 * How many transactions a block may have, learnt from what was too much (spec 04 §6.12), and from how long
 * execution takes.
 * @module
 */

/** Execution of a block may take so long, ms: all sealers do it one after the other with the leader. */
const EXECUTION_MS = 1000

export interface BlockSize {
  /** `tx_count_limit` of the system configuration. */
  readonly limit: number
  /** What agreement in time allows. */
  readonly current: number
  readonly timeouts: number
  /** The largest block known to be agreed on in time. */
  readonly largestGood: number
  /** The smallest block known to time out; `Infinity` when there is none. */
  readonly smallestBad: number
  /** What can be executed within {@link EXECUTION_MS}, as far as it is known; `Infinity` when all of it could. */
  readonly executable: number
}

/** Transactions of the next block. */
export function nextBlockSize({ current, executable }: BlockSize): number {
  return Math.min(current, executable)
}

export function initialBlockSize(limit: number): BlockSize {
  return {
    limit,
    current: limit,
    timeouts: 0,
    largestGood: 0,
    smallestBad: Infinity,
    executable: Infinity,
  }
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

/** A block was executed: one that took too long sets the bound by its pace, one that was quick doubles it. */
export function afterExecution(
  size: BlockSize,
  { txCount, tookMs }: { readonly txCount: number; readonly tookMs: number },
): BlockSize {
  if (tookMs > EXECUTION_MS) {
    return { ...size, executable: Math.max(1, Math.floor((txCount * EXECUTION_MS) / tookMs)) }
  }
  if (size.executable === Infinity || tookMs > EXECUTION_MS / 2) return size
  const executable = 2 * Math.max(size.executable, txCount)
  return { ...size, executable: executable >= size.limit ? Infinity : executable }
}

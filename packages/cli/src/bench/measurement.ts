/** What a bench found, as it stands in the result file. */
export interface Measurement {
  readonly workload: string
  readonly nodes: number
  readonly transactions: number
  /** Sent before these, and not measured. */
  readonly warmUp: number
  readonly batch: number
  readonly concurrency: number
  /** Transactions a second that were offered; `null` in a closed loop. */
  readonly ratePerSecond: number | null
  readonly conflicts: number
  /** Taken into a pool; the others by the node's words. */
  readonly accepted: number
  readonly refused: Readonly<Record<string, number>>
  /** Mined, but not with status 0. */
  readonly failed: number
  /** From the first request to the block with the last transaction. */
  readonly seconds: number
  readonly perSecond: number
  readonly latencyMs: Percentiles
  readonly blocks: number
  readonly largestBlock: number
  /** Between two blocks, or a request and the first block. */
  readonly longestGapMs: number
  /** Blocks, but for the first, that took more than one view. */
  readonly viewChanges: number
  /** CPU time for a transaction, µs; `null` for nodes that are not processes of this machine. */
  readonly cpuUsPerTransaction: { readonly node: number | null; readonly load: number }
  readonly memoryMiB: {
    readonly before: number
    readonly after: number
    readonly most: number
  } | null
  /** By tenths of the load, in the order of blocks; fewer when blocks are larger than a tenth. */
  readonly tenths: readonly Tenth[]
  /** CPU time of a node for a transaction by stage, µs, largest first; the rest of the process is in it. */
  readonly stagesUs: Readonly<Record<string, number>> | null
}

/** A tenth of a load, as it was mined. */
export interface Tenth {
  readonly perSecond: number
  readonly latencyMs: Percentiles
  /** CPU time of a node for a transaction, µs; `null` for nodes that are not processes of this machine, as `memoryMiB`. */
  readonly cpuUs: number | null
  /** Resident at the end of it, of the node that has most. */
  readonly memoryMiB: number | null
}

export interface Percentiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** Of values in any order; all 0 when there are none. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).toSorted()
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

/**
 * From the conflict keys of a block's transactions to what may run side by side.
 *
 * Transactions that share a key, directly or through others, form a unit: it runs in the order of the block, in one
 * lane. One that may not run beside others is a barrier: what comes before it is finished first, as in the reference
 * (spec 03 §14.3). Segments between barriers whose work is not worth a second lane are left to serial execution.
 * @module
 */

/** What the plan must know of a transaction. */
export interface PlannedCall {
  /**
   * Texts on which it conflicts with others; none for one of which nobody has declared anything, and that is tried
   * beside everything else. `undefined` makes it a barrier.
   */
  readonly keys: readonly string[] | undefined
  /** Expected microseconds. */
  readonly cost: number
}

export type Segment =
  | { readonly type: 'serial'; readonly start: number; readonly end: number }
  | {
      readonly type: 'parallel'
      readonly start: number
      readonly end: number
      /** Indexes of transactions in ascending order; the dearest unit first. */
      readonly units: readonly (readonly number[])[]
    }

export interface PlanOptions {
  /** The caller's own lane included. */
  readonly lanes: number
  /** Microseconds to get lanes going, and to take over one result. */
  readonly overhead: { readonly segment: number; readonly transaction: number }
}

/** Segments in the order of the block, that together hold every transaction. */
export function planBlock(calls: readonly PlannedCall[], options: PlanOptions): Segment[] {
  const segments: Segment[] = []
  let start = 0
  for (let end = 0; end <= calls.length; end++) {
    if (end < calls.length && calls[end]?.keys !== undefined) continue
    if (end > start) segments.push(segmentOf(calls, { start, end }, options))
    if (end < calls.length) segments.push({ type: 'serial', start: end, end: end + 1 })
    start = end + 1
  }
  return joined(segments)
}

interface Range {
  readonly start: number
  readonly end: number
}

function segmentOf(
  calls: readonly PlannedCall[],
  { start, end }: Range,
  options: PlanOptions,
): Segment {
  const serial: Segment = { type: 'serial', start, end }
  let total = 0
  for (let i = start; i < end; i++) total += calls[i]?.cost ?? 0
  // Before the units are known: most blocks end here.
  if (!isWorthIt(total, { longest: 0, count: end - start }, options)) return serial
  const units = unitsOf(calls, { start, end })
  const costs = new Map(units.map((unit) => [unit, costOf(unit, calls)]))
  const sorted = units.toSorted((a, b) => (costs.get(b) ?? 0) - (costs.get(a) ?? 0))
  const longest = costs.get(sorted[0] ?? []) ?? 0
  if (!isWorthIt(total, { longest, count: end - start }, options)) return serial
  return { type: 'parallel', start, end, units: sorted }
}

function costOf(unit: readonly number[], calls: readonly PlannedCall[]): number {
  return unit.reduce((sum, index) => sum + (calls[index]?.cost ?? 0), 0)
}

/** What must be saved, as a share of the serial time: less would be lost in the noise, and risk something. */
const GAIN_MIN = 0.15

function isWorthIt(
  total: number,
  { longest, count }: { readonly longest: number; readonly count: number },
  { lanes, overhead }: PlanOptions,
): boolean {
  if (lanes < 2 || count < 2) return false
  const parallel = Math.max(total / lanes, longest)
  return total - parallel - overhead.segment - count * overhead.transaction > GAIN_MIN * total
}

/** Transactions joined by shared keys. */
function unitsOf(calls: readonly PlannedCall[], { start, end }: Range): number[][] {
  const leaders = new Leaders()
  const lastOfKey = new Map<string, number>()
  for (let index = start; index < end; index++) {
    for (const key of calls[index]?.keys ?? []) {
      const before = lastOfKey.get(key)
      if (before !== undefined) leaders.join(before, index)
      lastOfKey.set(key, index)
    }
  }
  const units = new Map<number, number[]>()
  for (let index = start; index < end; index++) {
    const leader = leaders.of(index)
    const unit = units.get(leader)
    if (unit === undefined) units.set(leader, [index])
    else unit.push(index)
  }
  return [...units.values()]
}

/** Disjoint sets of indexes; each is named by one of its members. */
class Leaders {
  readonly #parents = new Map<number, number>()

  of(index: number): number {
    let leader = index
    for (;;) {
      const parent = this.#parents.get(leader)
      if (parent === undefined) break
      leader = parent
    }
    if (leader !== index) this.#parents.set(index, leader)
    return leader
  }

  join(a: number, b: number): void {
    const [first, second] = [this.of(a), this.of(b)]
    if (first !== second) this.#parents.set(Math.max(first, second), Math.min(first, second))
  }
}

/** Serial segments side by side are one. */
function joined(segments: readonly Segment[]): Segment[] {
  const result: Segment[] = []
  for (const segment of segments) {
    const last = result.at(-1)
    if (last?.type === 'serial' && segment.type === 'serial') {
      result[result.length - 1] = { type: 'serial', start: last.start, end: segment.end }
    } else {
      result.push(segment)
    }
  }
  return result
}

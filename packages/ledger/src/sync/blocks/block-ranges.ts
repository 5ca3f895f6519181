/**
 * The blocks that one peer has asked for and not yet got (spec 04 §4.6).
 * @module
 */

/** Requests of one peer that may wait. */
const RANGES_MAX = 1000

export interface BlockRange {
  readonly from: number
  readonly count: number
}

/** Ascending by `from`. */
export type BlockRanges = readonly BlockRange[]

/** With one more request; unchanged when too many wait already. */
export function withRange(ranges: BlockRanges, range: BlockRange): BlockRanges {
  if (range.count <= 0 || ranges.length >= RANGES_MAX) return ranges
  const place = ranges.findIndex(({ from }) => from > range.from)
  return ranges.toSpliced(place < 0 ? ranges.length : place, 0, range)
}

/** The first request, grown by all that overlap or touch it; and the others. */
export function takeRange(
  ranges: BlockRanges,
): { readonly range: BlockRange; readonly rest: BlockRanges } | undefined {
  const [first] = ranges
  if (first === undefined) return undefined
  let end = first.from + first.count
  let taken = 1
  for (const { from, count } of ranges.slice(1)) {
    if (from > end) break
    end = Math.max(end, from + count)
    taken += 1
  }
  return { range: { from: first.from, count: end - first.from }, rest: ranges.slice(taken) }
}

import { describe, expect, it } from 'vitest'
import { type DerivedVectors, factOf, readVectors } from '../../../test/vectors.ts'
import { type BlockRanges, takeRange, withRange } from './block-ranges.ts'

const derived = readVectors<DerivedVectors>('sync-derived.json')

type Pairs = readonly (readonly [number, number])[]

const filled = (pushes: Pairs): BlockRanges =>
  pushes.reduce<BlockRanges>((all, [from, count]) => withRange(all, { from, count }), [])

function taken(ranges: BlockRanges): Pairs {
  const pops: (readonly [number, number])[] = []
  for (let next = takeRange(ranges); next !== undefined; next = takeRange(next.rest)) {
    pops.push([next.range.from, next.range.count])
  }
  return pops
}

describe('requests of a peer', () => {
  it('download-request-merge: overlapping and touching ones become one', () => {
    const fact = factOf<{ push: Pairs; pop: Pairs }>(derived, 'download-request-merge')
    expect(taken(filled(fact.push))).toEqual(fact.pop)
    expect(taken(filled(fact.push.toReversed()))).toEqual(fact.pop)
  })

  it('download-request-full: the one above the limit is refused', () => {
    const { capacity } = factOf<{ capacity: number }>(derived, 'download-request-full')
    const full = filled(Array.from({ length: capacity }, () => [1, 3] as const))
    expect(withRange(full, { from: 100, count: 3 })).toBe(full)
    expect(taken(full)).toEqual([[1, 3]])
  })

  it('are ignored when they ask for nothing', () => {
    expect(withRange([], { from: 5, count: 0 })).toEqual([])
    expect(takeRange([])).toBeUndefined()
  })

  it('stay apart when a block lies between them', () => {
    expect(
      taken(
        filled([
          [5, 2],
          [1, 3],
        ]),
      ),
    ).toEqual([
      [1, 3],
      [5, 2],
    ])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planBlock, type PlannedCall, type PlanOptions, type Segment } from './planner.ts'

const FREE: PlanOptions = { lanes: 2, overhead: { segment: 0, transaction: 0 } }

const call = (keys: readonly string[] | undefined, cost = 100): PlannedCall => ({ keys, cost })
const BARRIER = call(undefined)

const unitsOf = (segment: Segment | undefined) =>
  segment?.type === 'parallel' ? segment.units : undefined

describe('a plan', () => {
  it('puts what shares a key, directly or through others, into one unit', () => {
    const calls = [call(['a']), call(['b']), call(['a', 'c']), call(['d']), call(['c'])]
    const [segment] = planBlock(calls, FREE)
    expect(unitsOf(segment)?.toSorted((x, y) => x[0]! - y[0]!)).toEqual([[0, 2, 4], [1], [3]])
  })

  it('lets a barrier wait for all before it, and all after it wait for the barrier', () => {
    const calls = [call(['a']), call(['b']), BARRIER, call(['a']), call(['b'])]
    expect(planBlock(calls, FREE).map(({ type, start, end }) => [type, start, end])).toEqual([
      ['parallel', 0, 2],
      ['serial', 2, 3],
      ['parallel', 3, 5],
    ])
  })

  it('begins with the dearest unit, so that no lane ends long after the others', () => {
    const calls = [call(['a'], 1), call(['b'], 50), call(['c'], 60), call(['a'], 70)]
    expect(unitsOf(planBlock(calls, FREE)[0])).toEqual([[0, 3], [2], [1]])
  })

  it.each([
    ['one lane', { ...FREE, lanes: 1 }, [call(['a']), call(['b'])]],
    ['one unit', FREE, [call(['a']), call(['a']), call(['a'])]],
    ['one unit that is nearly everything', FREE, [call(['a'], 1000), call(['b'], 10)]],
    [
      'costs below those of lanes',
      { lanes: 2, overhead: { segment: 500, transaction: 20 } },
      Array.from({ length: 1000 }, (_, i) => call([String(i)], 10)),
    ],
    ['nothing but barriers', FREE, [BARRIER, BARRIER, BARRIER]],
  ])('is serial for %s', (_, options, calls) => {
    expect(planBlock(calls, options)).toEqual([{ type: 'serial', start: 0, end: calls.length }])
  })

  it('holds every transaction once, in the order of the block wherever two of them conflict', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')
    const planned = fc.record({
      keys: fc.option(fc.array(key, { maxLength: 3 }), { nil: undefined, freq: 6 }),
      cost: fc.integer({ min: 0, max: 1000 }),
    })
    fc.assert(
      fc.property(fc.array(planned, { maxLength: 40 }), (calls) => {
        let next = 0
        for (const segment of planBlock(calls, FREE)) {
          expect(segment.start).toBe(next)
          next = segment.end
          const units = unitsOf(segment)
          if (units === undefined) continue
          const indexes = units.flat().toSorted((a, b) => a - b)
          expect(indexes).toEqual(
            Array.from({ length: segment.end - segment.start }, (_, i) => segment.start + i),
          )
          const owners = new Map<string, number>()
          for (const [unit, members] of units.entries()) {
            expect(members).toEqual(members.toSorted((a, b) => a - b))
            for (const one of members.flatMap((index) => calls[index]?.keys ?? [])) {
              expect(owners.get(one) ?? unit).toBe(unit)
              owners.set(one, unit)
            }
          }
        }
        expect(next).toBe(calls.length)
      }),
    )
  })
})

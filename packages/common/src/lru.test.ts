import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LruMap } from './lru.ts'

describe('a map that forgets', () => {
  it('gives the newest value of a key, and keeps those that were used last', () => {
    const step = fc.tuple(fc.constantFrom('set', 'get', 'delete'), fc.nat(12))
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200 }),
        fc.integer({ min: 2, max: 16 }),
        (steps, limit) => {
          const map = new LruMap<number, number>(limit)
          const values = new Map<number, number>()
          /** Keys in the order of their last use. */
          let used: number[] = []
          steps.forEach(([kind, key], at) => {
            used = used.filter((other) => other !== key)
            if (kind === 'set') {
              map.set(key, at)
              values.set(key, at)
              used.push(key)
            } else if (kind === 'delete') {
              map.delete(key)
              values.delete(key)
            } else if (map.get(key) !== undefined) {
              used.push(key)
            }
            const found = [...values.keys()].filter((one) => map.has(one))
            expect(found.length).toBeLessThanOrEqual(limit)
            const last = used.slice(-Math.floor(limit / 2))
            for (const one of last) expect(map.has(one)).toBe(true)
            if (kind !== 'get' || !map.has(key)) return
            expect(map.get(key)).toBe(values.get(key))
          })
        },
      ),
    )
  })

  it('weighs its entries, and keeps the newest whatever it weighs', () => {
    const map = new LruMap<string, number>(10, (weight) => weight)
    map.set('light', 3)
    map.set('heavy', 50)
    expect(map.get('heavy')).toBe(50)
    map.set('next', 5)
    expect(map.get('heavy')).toBe(50)
    expect(map.has('light')).toBe(false)
  })

  it('holds nothing after it was cleared', () => {
    const map = new LruMap<string, number>(4)
    map.set('a', 1)
    map.set('b', 2)
    map.set('c', 3)
    map.clear()
    expect(['a', 'b', 'c'].some((key) => map.has(key))).toBe(false)
  })
})

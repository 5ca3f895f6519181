import { describe, expect, it } from 'vitest'
import { DecimalMemo } from '../src/decimal-memo.ts'
import { SizedCache } from '../src/sized-cache.ts'

describe('SizedCache', () => {
  it('never holds more than its bytes, and keeps what is asked for', () => {
    const cache = new SizedCache<number, string>(100)
    cache.set(0, 'asked for all the time', 10)
    for (let i = 1; i <= 1000; i++) {
      cache.set(i, 'once', 10)
      expect(cache.get(0)).toBe('asked for all the time')
      expect(cache.bytes).toBeLessThanOrEqual(100)
    }
    expect(cache.get(1)).toBeUndefined()
  })

  it('takes the place of an entry, and refuses one that is larger than itself', () => {
    const cache = new SizedCache<string, number>(100)
    cache.set('a', 1, 60)
    cache.set('a', 2, 30)
    expect([cache.get('a'), cache.bytes]).toEqual([2, 30])
    cache.set('b', 3, 101)
    expect([cache.get('b'), cache.bytes]).toEqual([undefined, 30])
  })
})

describe('DecimalMemo', () => {
  it('turns numbers to text and back, remembered or not', () => {
    const memo = new DecimalMemo()
    const values = Array.from(
      { length: 6000 },
      (_, i) => 2n ** 200n + 7n ** BigInt(i % 90) * BigInt(i),
    )
    for (const value of [
      0n,
      1n,
      2n ** 53n - 1n,
      2n ** 53n,
      2n ** 256n - 1n,
      ...values,
      ...values,
    ]) {
      expect(memo.text(value)).toBe(String(value))
      expect(memo.value(String(value))).toBe(value)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { TokenBucket } from './rate-limit.ts'

function bucketAt(permitsPerSecond: number, storedMax?: number) {
  const clock = { now: 1000, nowMs: () => clock.now }
  const options = storedMax === undefined ? { permitsPerSecond } : { permitsPerSecond, storedMax }
  return { clock, bucket: new TokenBucket(options, clock) }
}

describe('TokenBucket', () => {
  // The steps of the reference's own unit test, 50 000 permits a second: one every 20 µs.
  it('borrows, refuses while in debt, and gathers, step by step', () => {
    const { clock, bucket } = bucketAt(50_000)
    const start = clock.now
    clock.now = start - 0.01
    expect(bucket.tryAcquire()).toBe(false)
    expect(bucket.acquire()).toBeCloseTo(0.01, 9)
    clock.now = start + 0.03
    expect(bucket.tryAcquire()).toBe(true)
    expect(bucket.tryAcquire()).toBe(false)
    expect(bucket.acquire()).toBeCloseTo(0.01, 9)
    clock.now += 40
    expect(bucket.tryAcquire(1000)).toBe(true)
    expect(bucket.tryAcquire(900)).toBe(true)
  })

  it('lets one request an interval pass, always', () => {
    const { clock, bucket } = bucketAt(2000)
    for (let i = 0; i < 1000; i++) {
      clock.now += 0.5
      expect(bucket.tryAcquire()).toBe(true)
    }
  })

  it('refuses more than a second of permits at once', () => {
    const { clock, bucket } = bucketAt(10)
    expect(bucket.tryAcquire(10)).toBe(false)
    clock.now += 60_000
    expect(bucket.tryAcquire(20)).toBe(false)
    expect(bucket.tryAcquire(19)).toBe(true)
    expect(bucket.tryAcquire()).toBe(false)
  })

  it('stores no more than it may', () => {
    const { clock, bucket } = bucketAt(1000, 5)
    clock.now += 60_000
    expect(bucket.acquire(5)).toBe(0)
    expect(bucket.acquire(1)).toBe(0)
    expect(bucket.acquire(1)).toBe(1)
  })
})

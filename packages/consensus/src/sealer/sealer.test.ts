import { describe, expect, it } from 'vitest'
import {
  afterCommit,
  afterExecution,
  afterTimeout,
  initialBlockSize,
  nextBlockSize,
  withLimit,
} from './block-size.ts'
import { decideSealing, type SealingView } from './policy.ts'

const view: SealingView = {
  nowMs: 10_000,
  lastConsensusMs: 10_000,
  view: 0,
  pending: 0,
  limit: 100,
  minBlockGenerationMs: 500,
}
const at = (sinceMs: number, change: Partial<SealingView> = {}): SealingView => ({
  ...view,
  nowMs: 10_000 + sinceMs,
  ...change,
})

describe('closing a block (spec 04 §6.4)', () => {
  it('at once when it is full', () => {
    expect(decideSealing(at(0, { pending: 100 }))).toEqual({ type: 'seal' })
  })

  it('after the minimum time when it has a transaction', () => {
    expect(decideSealing(at(499, { pending: 1 }))).toEqual({ type: 'wait', untilMs: 10_500 })
    expect(decideSealing(at(500, { pending: 1 }))).toEqual({ type: 'seal' })
  })

  it('after a second when it is empty', () => {
    expect(decideSealing(at(999))).toEqual({ type: 'wait', untilMs: 11_000 })
    expect(decideSealing(at(1000))).toEqual({ type: 'seal' })
  })

  it('with a minimum time below a second, whatever the configuration says', () => {
    const slow = { pending: 1, minBlockGenerationMs: 5000 }
    expect(decideSealing(at(0, slow))).toEqual({ type: 'wait', untilMs: 10_999 })
  })

  it('not before locks could be shown after a view change, even when it is full', () => {
    const full = { pending: 100, view: 1 }
    expect(decideSealing(at(0, full))).toEqual({ type: 'wait', untilMs: 10_150 })
    expect(decideSealing(at(150, full))).toEqual({ type: 'seal' })
  })
})

describe('the size of a block (spec 04 §6.12)', () => {
  it('begins with the limit of the chain, and follows it', () => {
    const size = initialBlockSize(1000)
    expect(size.current).toBe(1000)
    expect(withLimit(size, 2000).current).toBe(2000)
    expect(withLimit(afterTimeout(size, 1000), 400).current).toBe(400)
    expect(withLimit(afterTimeout(size, 1000), 2000).current).toBe(500)
  })

  it('is halved by a timeout, down to two', () => {
    let size = initialBlockSize(9)
    for (let i = 0; i < 5; i++) size = afterTimeout(size, size.current)
    expect(size.current).toBe(2)
  })

  it('doubles with each good block, but stops below what timed out', () => {
    let size = afterTimeout(afterTimeout(initialBlockSize(1000), 800), 500)
    expect(size.current).toBe(250)
    // The first commit after timeouts only ends them.
    size = afterCommit(size, 250)
    expect(size.current).toBe(250)
    size = afterCommit(size, 250)
    expect(size.current).toBe(500)
    size = afterCommit(size, 400)
    expect(size.current).toBe(500)
  })

  it('dares a tenth more when what timed out has worked after all', () => {
    let size = afterCommit(afterTimeout(initialBlockSize(1000), 300), 300)
    size = afterCommit(size, 300)
    expect(size).toMatchObject({ current: 500, smallestBad: 330 })
  })

  it('never grows above the limit', () => {
    let size = afterCommit(afterTimeout(initialBlockSize(10), 1), 1)
    for (let i = 0; i < 20; i++) size = afterCommit(size, size.current)
    expect(size.current).toBe(10)
  })

  it('is what can be executed in a second, and grows again when that gets easier', () => {
    const slow = afterExecution(initialBlockSize(1000), { txCount: 1000, tookMs: 4000 })
    expect(nextBlockSize(slow)).toBe(250)
    const steady = afterExecution(slow, { txCount: 250, tookMs: 900 })
    expect(nextBlockSize(steady)).toBe(250)
    const eased = afterExecution(steady, { txCount: 250, tookMs: 400 })
    expect(nextBlockSize(eased)).toBe(500)
    expect(nextBlockSize(afterExecution(eased, { txCount: 500, tookMs: 100 }))).toBe(1000)
  })

  it('is not cut by a block that was quick, and never below one', () => {
    const size = initialBlockSize(1000)
    expect(afterExecution(size, { txCount: 1000, tookMs: 1000 })).toBe(size)
    expect(nextBlockSize(afterExecution(size, { txCount: 1, tookMs: 60_000 }))).toBe(1)
  })
})

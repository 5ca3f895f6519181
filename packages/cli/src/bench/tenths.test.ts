import { describe, expect, it } from 'vitest'
import { Tenths } from './tenths.ts'

/** Two nodes that use as much as they have been told to. */
function twoNodes() {
  let cpuMs = 0
  let memoryMiB = 100
  return {
    work(ms: number, mebibytes: number): void {
      cpuMs += ms
      memoryMiB += mebibytes
    },
    use: () => [
      { cpuMs, mainCpuMs: cpuMs, memoryMiB },
      { cpuMs, mainCpuMs: cpuMs, memoryMiB: memoryMiB - 10 },
    ],
  }
}

describe('the tenths of a load', () => {
  it('end with the block that completes them, and count what was mined in each', () => {
    const nodes = twoNodes()
    const tenths = new Tenths({ count: 100, fromMs: 1000, use: nodes.use })
    const latencies: number[] = []
    const block = (size: number, waitedMs: number, atMs: number): void => {
      for (let i = 0; i < size; i++) latencies.push(waitedMs)
      nodes.work(size, 1)
      tenths.seen({ latencies, atMs })
    }
    block(6, 50, 1500)
    expect(tenths.done).toEqual([])
    block(6, 70, 2000)
    expect(tenths.done).toEqual([
      {
        perSecond: 12,
        latencyMs: { p50: 70, p95: 70, p99: 70, max: 70 },
        cpuUs: 1000,
        memoryMiB: 102,
      },
    ])
    // The second tenth is complete at twenty, and begins with what the first one left over.
    block(7, 10, 2100)
    expect(tenths.done).toHaveLength(1)
    block(7, 20, 3000)
    expect(tenths.done[1]).toMatchObject({ perSecond: 14, latencyMs: { p50: 20, max: 20 } })
  })

  it('end at the last block, and tell neither time nor memory of nodes that are elsewhere', () => {
    const tenths = new Tenths({ count: 4, fromMs: 0, use: () => [] })
    const latencies = [1, 2, 3, 4]
    for (let mined = 1; mined <= 4; mined++) {
      tenths.seen({ latencies: latencies.slice(0, mined), atMs: mined * 1000 })
    }
    expect(tenths.done.map(({ perSecond }) => perSecond)).toEqual([1, 1, 1, 1])
    expect(tenths.done[0]).toMatchObject({ cpuUs: null, memoryMiB: null })
  })
})

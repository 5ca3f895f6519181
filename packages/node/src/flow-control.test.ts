import { World } from '@bcos-ts/testing/simulator'
import { describe, expect, it } from 'vitest'
import type { FlowConfig } from './config/node-config.ts'
import { createFlowControl } from './flow-control.ts'

const NONE: FlowConfig = { requestsPerSecond: undefined, outgoingBytesPerSecond: undefined }

async function flowOf(node: Partial<FlowConfig>, group: Partial<FlowConfig>) {
  const time = new World({ startMs: 1_000_000 })
  const flow = createFlowControl({ ...NONE, ...node }, time)
  flow.configure(1, { ...NONE, ...group })
  await time.pass(10_000)
  return { time, flow }
}

/** How many blocks of a kilobyte go out in ten seconds, once what had gathered is used up. */
async function blocksServed(node: Partial<FlowConfig>, group: Partial<FlowConfig>) {
  const { time, flow } = await flowOf(node, group)
  for (let i = 0; i < 100_000 && flow.mayServe(1, 1000); i++) continue
  let count = 0
  for (let i = 0; i < 1000; i++) {
    await time.pass(10)
    if (flow.mayServe(1, 1000)) count += 1
  }
  return count
}

describe('bandwidth', () => {
  it('is that of the node and that of the group: the smaller one counts', async () => {
    const bytes = (outgoingBytesPerSecond: number) => ({ outgoingBytesPerSecond })
    const slow = [
      await blocksServed(bytes(10_000), {}),
      await blocksServed({}, bytes(10_000)),
      await blocksServed(bytes(40_000), bytes(10_000)),
    ]
    for (const count of slow) {
      expect(count).toBeGreaterThan(85)
      expect(count).toBeLessThanOrEqual(100)
    }
    expect(await blocksServed(bytes(1_000_000), {})).toBeGreaterThan(850)
  })

  it('of a group is used up by its messages, which are never held back', async () => {
    const { time, flow } = await flowOf({}, { outgoingBytesPerSecond: 10_000 })
    for (const limiter of flow.outgoingOf(1)) limiter.acquire(200_000)
    await time.pass(5000)
    expect(flow.mayServe(1, 1)).toBe(false)
    await time.pass(6000)
    expect(flow.mayServe(1, 1)).toBe(true)
    expect(flow.outgoingOf(2)).toEqual([])
    expect(flow.mayServe(2, 1e9)).toBe(true)
  })

  it('and requests are without limit where nothing is said', async () => {
    const { flow } = await flowOf({}, {})
    expect([flow.requests, flow.bandwidth, flow.requestsOf(1)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(flow.mayServe(1, 1e12)).toBe(true)
  })
})

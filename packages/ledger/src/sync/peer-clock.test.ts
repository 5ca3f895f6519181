import { beforeEach, describe, expect, it } from 'vitest'
import { World } from '../../test/world.ts'
import { createPeerClock, type PeerClock } from './peer-clock.ts'

const MINUTE = 60_000

let world: World
let clock: PeerClock

beforeEach(() => {
  world = new World()
  clock = createPeerClock(world)
})

const observe = (count: number, offsetMs: number, prefix: string): void => {
  for (let i = 0; i < count; i++) clock.observe(`${prefix}${i}`, world.nowMs() + offsetMs)
}
const offset = (): number => clock.nowMs() - world.nowMs()

// Facts `node-time-median` of the reference's unit tests.
describe('the time of the group', () => {
  it('is the own clock without peers', () => {
    expect(offset()).toBe(0)
  })

  it('stays when as many peers are early as late', () => {
    observe(10, 45 * MINUTE, 'late')
    observe(10, -45 * MINUTE, 'early')
    expect(offset()).toBe(0)
  })

  it('follows when all are ahead', () => {
    observe(21, 120 * MINUTE, 'peer')
    expect(offset()).toBe(120 * MINUTE)
  })

  it('follows the majority', () => {
    observe(5, 10, 'near')
    observe(16, 1200 * MINUTE, 'far')
    expect(offset()).toBe(1200 * MINUTE)
  })

  it('ignores moves of up to three minutes', () => {
    clock.observe('peer', world.nowMs() + 100)
    clock.observe('peer', world.nowMs() + 3 * MINUTE + 100)
    expect(offset()).toBe(100)
    clock.observe('peer', world.nowMs() + 3 * MINUTE + 101)
    expect(offset()).toBe(3 * MINUTE + 101)
  })

  it('forgets a peer', () => {
    observe(1, 10 * MINUTE, 'a')
    observe(1, 20 * MINUTE, 'b')
    expect(offset()).toBe(15 * MINUTE)
    clock.forget('b0')
    expect(offset()).toBe(10 * MINUTE)
    clock.forget('a0')
    expect(offset()).toBe(0)
  })
})

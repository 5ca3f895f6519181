import type { NodeId } from '@bcos-ts/protocol'
import { describe, expect, it } from 'vitest'
import type { GroupView } from '../group-view.ts'
import {
  BUNDLES_MAX,
  GOSSIP_DEFAULTS,
  type GossipEffect,
  type GossipEvent,
  type GossipState,
  nextDueMs,
  REQUESTS_MAX,
  startGossip,
  stepGossip,
} from './step.ts'

const ids = (count: number): readonly NodeId[] =>
  Array.from({ length: count }, (_, i) => `n${String(i).padStart(2, '0')}`)

const moment = { nowMs: 1000, dice: 12345 }
const later = (nowMs: number) => ({ nowMs, dice: 999 })

function viewOf(
  self: NodeId,
  sealers: readonly NodeId[],
  more: Partial<GroupView> = {},
): GroupView {
  const connected = new Set(sealers.filter((id) => id !== self))
  return { self, consensusNodes: sealers, sealers, members: sealers, connected, ...more }
}

/** A machine that keeps its state. */
function machine(view: GroupView, options = GOSSIP_DEFAULTS) {
  let state: GossipState = startGossip(view.self, options)
  const feed = (event: GossipEvent): readonly GossipEffect[] => {
    const next = stepGossip(state, event)
    state = next.state
    return next.effects
  }
  feed({ type: 'view', view, moment })
  return { feed, state: () => state }
}

const nodes = ids(8)
const [self = '', friend = ''] = nodes

describe('a step of gossip', () => {
  it('sends at once, and mentions fifty milliseconds later those who were left out', () => {
    const { feed, state } = machine(viewOf(self, nodes))
    const effects = feed({ type: 'submitted', hashes: ['aa'], moment })
    expect(effects).toEqual([
      { type: 'send', to: nodes.slice(1, 4), hashes: ['aa'], startIndex: 0 },
    ])
    expect(nextDueMs(state())).toBe(1050)
    expect(feed({ type: 'tick', moment: later(1049) })).toEqual([])
    const mentions = feed({ type: 'tick', moment: later(1050) })
    expect(mentions).toHaveLength(2)
    for (const effect of mentions) {
      expect(effect).toMatchObject({ type: 'mention', hashes: ['aa'] })
      if (effect.type === 'mention') expect(nodes.slice(4)).toContain(effect.to)
    }
    expect(nextDueMs(state())).toBeUndefined()
  })

  it('splits what is too much for one packet', () => {
    const { feed } = machine(viewOf(self, nodes))
    const hashes = Array.from({ length: 2500 }, (_, i) => String(i))
    const sizes = feed({ type: 'submitted', hashes, moment }).map((effect) =>
      effect.type === 'send' ? effect.hashes.length : 0,
    )
    expect(sizes).toEqual([1000, 1000, 500])
    const asked = feed({ type: 'mentioned', from: friend, unknown: hashes, moment })
    expect(asked).toHaveLength(3)
  })

  it('chooses a start for a node that does not seal', () => {
    const view = viewOf('observer', nodes, { members: [...nodes, 'observer'] })
    const starts = new Set<number | undefined>()
    for (let dice = 0; dice < 40; dice++) {
      const { feed } = machine(view)
      const [effect] = feed({ type: 'submitted', hashes: ['aa'], moment: { nowMs: 0, dice } })
      if (effect?.type !== 'send') throw new Error('nothing is sent')
      starts.add(effect.startIndex)
      expect(effect.to).toEqual([nodes[effect.startIndex ?? 99]])
    }
    expect(starts.size).toBe(nodes.length)
  })

  it('is the same for the same state and event', () => {
    const { state } = machine(viewOf(self, nodes))
    const event: GossipEvent = { type: 'imported', hashes: ['aa'], holders: [friend], moment }
    expect(stepGossip(state(), event)).toEqual(stepGossip(state(), event))
  })

  it('keeps a bounded number of bundles and requests', () => {
    const { feed, state } = machine(viewOf(self, nodes))
    for (let i = 0; i < BUNDLES_MAX + 50; i++) {
      feed({ type: 'imported', hashes: [`i${i}`], holders: [], moment })
    }
    expect(state().bundles).toHaveLength(BUNDLES_MAX)
    expect(state().bundles[0]?.hashes).toEqual(['i50'])
    for (let i = 0; i < REQUESTS_MAX + 50; i++) {
      feed({ type: 'mentioned', from: friend, unknown: [`m${i}`], moment })
    }
    expect(state().requests).toHaveLength(REQUESTS_MAX)
    feed({ type: 'mentioned', from: friend, unknown: [], moment: later(10_000) })
    expect(state().requests).toEqual([])
  })

  it('mentions nothing where nobody may be told', () => {
    const { feed } = machine(viewOf(self, nodes), { ...GOSSIP_DEFAULTS, mentionsMax: 0 })
    feed({ type: 'imported', hashes: ['aa'], holders: [], moment })
    expect(feed({ type: 'tick', moment: later(2000) })).toEqual([])
    const alone = machine(viewOf(self, [self]))
    expect(alone.feed({ type: 'submitted', hashes: ['aa'], moment })).toEqual([])
    expect(alone.feed({ type: 'tick', moment: later(2000) })).toEqual([])
  })

  it('drops everything when the node leaves the group', () => {
    const { feed, state } = machine(viewOf(self, nodes))
    feed({ type: 'submitted', hashes: ['aa'], moment })
    feed({ type: 'view', view: viewOf(self, nodes.slice(1)), moment })
    expect(nextDueMs(state())).toBeUndefined()
    expect(feed({ type: 'submitted', hashes: ['bb'], moment })).toEqual([])
  })
})

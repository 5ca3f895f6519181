import type { NodeId } from '@bcos-ts/protocol'
import {
  assertBlockSync,
  BLOCK_SYNC_DEFAULTS,
  type BlockCandidate,
  type BlockSyncEffect,
  type BlockSyncEvent,
  type BlockSyncOptions,
  type BlockSyncState,
  type ChainPoint,
  startBlockSync,
} from '../src/sync/blocks/state.ts'
import { stepBlockSync } from '../src/sync/blocks/step.ts'
import { credibleBlock } from '../src/sync/blocks/trust.ts'
import type { GroupView } from '../src/sync/group-view.ts'

export const GENESIS = 'genesis'
export const SELF = 'a-self'
/** Sealers beside this node: with it there are seven, of whom two may lie. */
export const PEERS: readonly NodeId[] = ['b', 'c', 'd', 'e', 'f', 'g']

export const point = (number: number): ChainPoint => ({ number, hash: `hash ${number}` })
export const block = (number: number, from: NodeId, size = 100): BlockCandidate => ({
  ...point(number),
  bytes: new Uint8Array(size),
  from,
})
export const stretch = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i)

type Happening = BlockSyncEvent extends infer E
  ? E extends BlockSyncEvent
    ? Omit<E, 'moment'>
    : never
  : never

/** A machine that keeps its state and its clock, in a group of which this node is a member. */
export class Machine {
  state: BlockSyncState
  nowMs = 1_000_000
  dice = 1

  constructor(options: Partial<BlockSyncOptions> = {}, view: Partial<GroupView> = {}) {
    this.state = startBlockSync({
      options: { ...BLOCK_SYNC_DEFAULTS, isStatusByTree: false, ...options },
      genesisHash: GENESIS,
      head: { number: 0, hash: GENESIS },
      self: SELF,
    })
    const sealers = [SELF, ...PEERS]
    this.feed({
      type: 'view',
      view: {
        self: SELF,
        consensusNodes: sealers,
        sealers,
        members: sealers,
        connected: new Set(PEERS),
        ...view,
      },
    })
  }

  feed(happening: Happening): readonly BlockSyncEffect[] {
    const moment = { nowMs: this.nowMs, dice: this.dice }
    const { state, effects } = stepBlockSync(this.state, { ...happening, moment })
    assertBlockSync(state)
    this.state = state
    return effects
  }

  pass(ms: number): readonly BlockSyncEffect[] {
    this.nowMs += ms
    return this.feed({ type: 'tick' })
  }

  claim(from: NodeId, number: number): readonly BlockSyncEffect[] {
    const { hash } = point(number)
    const status = { number, genesisHash: GENESIS, latestHash: hash, timeMs: this.nowMs }
    return this.feed({ type: 'status', from, status })
  }

  /** The blocks of a request, as its peer would send them. */
  answer(request: Request, size = 100): readonly BlockSyncEffect[] {
    const { to, from, count } = request
    const blocks = stretch(from, from + count - 1).map((number) => block(number, to, size))
    return this.feed({ type: 'blocks', from: to, blocks })
  }

  commit(number: number): readonly BlockSyncEffect[] {
    return this.feed({ type: 'committed', head: point(number) })
  }

  /** The block under way is added, or not. */
  applied(
    from: NodeId,
    outcome: Extract<BlockSyncEvent, { type: 'applied' }>['outcome'] = { type: 'committed' },
  ): readonly BlockSyncEffect[] {
    const number = this.state.applying?.candidate.number ?? 0
    const first = outcome.type === 'committed' ? this.commit(number) : []
    return [...first, ...this.feed({ type: 'applied', number, from, outcome })]
  }

  get known(): ChainPoint {
    return credibleBlock(this.state, this.nowMs)
  }
}

export type Request = Extract<BlockSyncEffect, { type: 'requestBlocks' }>

export const requests = (effects: readonly BlockSyncEffect[]): readonly Request[] =>
  effects.filter((effect) => effect.type === 'requestBlocks')

export const reports = (effects: readonly BlockSyncEffect[], type: string) =>
  effects.flatMap((effect) =>
    effect.type === 'report' && effect.report.type === type ? [effect.report] : [],
  )

export const only = <T>(values: readonly T[]): T => {
  const [value] = values
  if (value === undefined || values.length > 1) throw new Error(`${values.length} values`)
  return value
}

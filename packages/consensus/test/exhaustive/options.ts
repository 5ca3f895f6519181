/**
 * Everything that may happen next to one honest sealer, given how the others have voted. The fourth sealer lies: it
 * may say whatever its own signature allows, to each of the others something else.
 *
 * More is let happen than can: any leader may have proposed any block, and any others may have asked for any view.
 * Then nobody has to remember who did, and what holds here holds where less happens.
 * @module
 */
import { isTurnToSeal } from '../../src/pbft/round.ts'
import type { Other } from './heard.ts'
import type { Sealer } from './sealer.ts'
import {
  executionOf,
  headEvent,
  leaderAt,
  lockOf,
  type Message,
  parse,
  prepareEvent,
  proposalOf,
  QUORUM,
  requestEvent,
  type Said,
  SIZE,
  type Untimed,
  voteEvent,
} from './words.ts'

export interface Sizes {
  /** Blocks to agree on. */
  readonly heights: number
  /** Views that there are, the first included. */
  readonly views: number
  /** Different blocks that may be proposed at a height. */
  readonly blocks: number
  /** Index of the sealer that lies. */
  readonly liar: number
  /** Power may fail at any moment, any number of times. */
  readonly hasRestarts: boolean
}

/** Where the votes are that may have an effect. */
interface Due {
  readonly view: number
  /** What the sealer itself has said. */
  readonly own: readonly Message[]
  readonly liar: number
}

export interface Option {
  readonly label: string
  /** Tells it from every other option of the same sealer, where the label does not. */
  readonly key?: string
  readonly events: readonly Untimed[]
  /** `fetch`: a block that synchronisation brings; `nothing`: it must leave no trace. */
  readonly kind?: 'restart' | 'fetch' | 'nothing'
}

/** Names of the blocks that are proposed. */
export const BLOCKS: readonly string[] = ['a', 'b', 'c', 'd']

/** What may happen whatever the others have voted, where these blocks may be proposed. */
export function freeOptions(sealer: Sealer, blocks: number, sizes: Sizes): Option[] {
  const { state } = sealer
  if (state.head.number >= sizes.heights) return []
  const names = BLOCKS.slice(0, blocks)
  return [
    ...(state.toView < sizes.views - 1 ? [timerOption()] : []),
    ...(sizes.hasRestarts ? [{ label: 'restarts', events: [], kind: 'restart' } as const] : []),
    ...executionOptions(sealer),
    ...sealOptions(sealer, names),
    ...prepareOptions(sealer, names, sizes),
    ...requestOptions(sealer, sizes),
    straysOption(sealer, sizes),
  ]
}

/** What may happen because of what the others have voted in a view. */
export function dueOptions(sealer: Sealer, others: readonly Other[], due: Due): Option[] {
  const { round } = sealer.state
  const votes = round?.view === due.view ? voteOptions : lateVoteOptions
  return [...votes(sealer, others, due.liar), ...proofOptions(sealer, others, due)]
}

export function timerOption(): Option {
  return { label: 'runs out of patience', events: [{ type: 'timer' }] }
}

export function executionOptions(sealer: Sealer): Option[] {
  const { round, view } = sealer.state
  if (round?.stage !== 'executing') return []
  return [{ label: 'executes the proposal', events: executionsOf(sealer, view) }]
}

/** A leader seals whatever it likes, and not only when it is its turn: that may have passed while it was sealing. */
function sealOptions({ state, index }: Sealer, names: readonly string[]): Option[] {
  const { view } = state
  const height = state.head.number + 1
  if (leaderAt(height, view) !== index) return []
  return names.map((name) => sealOption(height, view, name))
}

function sealOption(height: number, view: number, name: string): Option {
  const proposal = proposalOf(height, name)
  return { label: `seals ${name} in view ${view}`, events: [{ type: 'proposed', view, proposal }] }
}

/** Where it is its turn, a block that nobody else has. */
export function sealTurnOptions({ state, index }: Sealer): Option[] {
  const { view } = state
  const height = state.head.number + 1
  return isTurnToSeal(state) ? [sealOption(height, view, `${index}${view}`)] : []
}

/** The leader of the view proposes any block, and so does that of the view before; the liar also where it does not lead. */
function prepareOptions(
  { state, index }: Sealer,
  names: readonly string[],
  sizes: Sizes,
): Option[] {
  const { view } = state
  const height = state.head.number + 1
  const propose = (by: number, at: number, name: string): Option[] =>
    by === index
      ? []
      : [
          {
            label: `hears ${by} propose ${name} in view ${at}`,
            events: [prepareEvent(by, { height, view: at, name })],
          },
        ]
  return [
    ...names.flatMap((name) => propose(leaderAt(height, view), view, name)),
    ...names.slice(-1).flatMap((name) => propose(leaderAt(height, view - 1), view - 1, name)),
    ...names.slice(-1).flatMap((name) => propose(sizes.liar, view, name)),
  ]
}

/** Some of the others ask for views. Which of them makes no difference. */
function requestOptions({ state, index }: Sealer, { views }: Sizes): Option[] {
  const others = Array.from({ length: SIZE }, (_, i) => i).filter((i) => i !== index)
  let combinations: number[][] = [[]]
  for (const _ of others) {
    combinations = combinations.flatMap((before) =>
      Array.from({ length: views }, (__, view) => view)
        .filter((view) => view <= (before.at(-1) ?? views))
        .map((view) => before.concat(view)),
    )
  }
  return combinations
    .filter((wanted) => (wanted[0] ?? 0) > state.view)
    .map((wanted) => ({
      label: `is asked for views ${wanted.join(', ')}`,
      events: wanted.flatMap((view, i) =>
        view === 0 ? [] : [requestEvent(others[i] ?? 0, state.head.number, view)],
      ),
    }))
}

/** Words of other heights, late executions, sessions that come: nothing follows that was not said before. */
function straysOption(sealer: Sealer, { liar }: Sizes): Option {
  const { index, state } = sealer
  const others = Array.from({ length: SIZE }, (_, i) => i).filter((i) => i !== index)
  const height = state.head.number + 1
  const late = { height: height - 1, view: 0, name: 'a' }
  const early = { height: height + 1, view: 0, name: 'a' }
  return {
    label: 'hears of other heights and views',
    events: [
      ...[late, early].map((place) => prepareEvent(leaderAt(place.height, 0), place)),
      ...[late, early].flatMap((place) =>
        others.map((by) => requestEvent(by, place.height - 1, 1)),
      ),
      voteEvent('commit', liar, late),
      ...others.map((by) => voteEvent('sign', by, early)),
      ...others.map((by) => voteEvent('commit', by, early)),
      { type: 'lockProof', lock: lockOf(early, others), from: liar },
      ...executionsOf(sealer, state.view - 1),
      { type: 'peers', connected: others },
    ],
    kind: 'nothing',
  }
}

/** What execution gives for the proposal at hand, if it was begun in this view. */
function executionsOf({ index, state }: Sealer, view: number): Untimed[] {
  const { round, head } = state
  if (round === undefined) return []
  const { hash } = round.proposal
  const execution = executionOf(index, { height: head.number + 1, view, name: hash })
  return [{ type: 'executed', proposalHash: hash, view, execution }]
}

function eventsOf(others: readonly Other[]): [string, Untimed][] {
  return others.flatMap(({ index, said }) =>
    said.map((message): [string, Untimed] => {
      const vote = parse(message)
      return [`${index} ${message}`, voteEvent(vote.kind === 'S' ? 'sign' : 'commit', index, vote)]
    }),
  )
}

/** All votes of the view arrive, or all signs, with those of the liar. Fewer do the same, or nothing. */
export function voteOptions(sealer: Sealer, others: readonly Other[], liar?: number): Option[] {
  const { round } = sealer.state
  if (round?.stage !== 'executed') return []
  const votes = [...liesOf(sealer, liar), ...eventsOf(others)]
  const signs = votes.filter(([, event]) => event.type === 'vote' && event.kind === 'sign')
  return [signs, votes].map((heard, i) => ({
    label: i === 0 ? 'hears the signs' : 'hears the votes',
    key: `votes ${heard.map(([key]) => key).join()}`,
    events: heard.map(([, event]) => event),
  }))
}

/** It votes for whatever is at hand. */
function liesOf({ state }: Sealer, liar: number | undefined): [string, Untimed][] {
  const { round, head } = state
  if (round === undefined || liar === undefined) return []
  const place = { height: head.number + 1, view: round.view, name: round.proposal.hash }
  return (['sign', 'commit'] as const).map((kind): [string, Untimed] => [
    `lying ${kind}`,
    voteEvent(kind, liar, place),
  ])
}

/** Votes of another view are no votes in this one. */
function lateVoteOptions(sealer: Sealer, others: readonly Other[], liar: number): Option[] {
  const late = eventsOf(others)
  if (sealer.state.round?.stage !== 'executed' || late.length === 0) return []
  const heard = [...liesOf(sealer, liar), ...late]
  return [
    {
      label: 'hears votes of another view',
      key: `late ${heard.map(([key]) => key).join()}`,
      events: heard.map(([, event]) => event),
    },
  ]
}

/** A quorum of signs is evidence, whoever shows it. The liar adds its own. */
function proofOptions(
  { state, index }: Sealer,
  others: readonly Other[],
  { view, liar, own }: Due,
): Option[] {
  const place = `S ${state.head.number + 1} ${view} `
  const signed = new Set(others.flatMap((one) => one.said).filter((one) => one.startsWith(place)))
  return [...signed].flatMap((message) => {
    const honest = [...others, { index, said: own }].filter(({ said }) => said.includes(message))
    const signers = [...honest.map((one) => one.index), liar]
    if (signers.length < QUORUM) return []
    const made: Said = parse(message)
    const lock = lockOf(made, signers.slice(-QUORUM))
    return [
      {
        label: `is shown a lock on ${made.name} of view ${view}`,
        key: `proof ${message}`,
        events: [{ type: 'lockProof', lock, from: liar }],
      },
    ]
  })
}

/** A block that somebody has, or can make up. */
export function fetchOption({ index, state }: Sealer): Option {
  const events = [headEvent(index, state.head.number + 1)]
  return { label: 'fetches the block', events, kind: 'fetch' }
}

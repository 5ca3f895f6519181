/**
 * Everything that may happen next to one honest sealer, given what the others have said. The fourth sealer lies: it
 * may say whatever its own signature allows, to each of the others something else.
 * @module
 */
import { leaderOf } from '../../src/committee.ts'
import { isTurnToSeal } from '../../src/pbft/round.ts'
import { headEventOf, type Sealer, type Untimed } from './sealer.ts'
import {
  headAt,
  lockOf,
  type Message,
  messageOf,
  parse,
  prepareOf,
  proposalOf,
  QUORUM,
  type Said,
  voteOf,
} from './words.ts'

export interface Sizes {
  /** Blocks to agree on. */
  readonly heights: number
  /** Views that a sealer may ask for of its own accord, the first included. */
  readonly views: number
  /** Index of the sealer that lies. */
  readonly liar: number
  /** Power may fail at any moment, any number of times. */
  readonly hasRestarts: boolean
}

/** What the other honest sealers have said, and have committed. */
export interface Other {
  readonly index: number
  readonly said: readonly Message[]
}

export interface Option {
  readonly label: string
  /** Tells it from every other option of the same sealer, where the label does not. */
  readonly key?: string
  readonly events: readonly Untimed[]
  /** A block that synchronisation brings. */
  readonly synced?: string
  readonly isRestart?: true
}

const LIES: readonly string[] = ['x', 'y']

export function optionsOf(sealer: Sealer, others: readonly Other[], sizes: Sizes): Option[] {
  const { state } = sealer
  if (state.head.number >= sizes.heights) return []
  const liar: Other = { index: sizes.liar, said: [] }
  return [
    ...(state.toView < sizes.views - 1 ? [timerOption()] : []),
    ...(sizes.hasRestarts ? [{ label: 'restarts', events: [], isRestart: true } as const] : []),
    ...sealOptions(sealer),
    ...prepareOptions(sealer, others),
    ...lyingPrepares(sealer, others, sizes),
    ...voteOptions(sealer, others, liar),
    ...viewChangeOptions(sealer, others, sizes),
    ...proofOptions(sealer, others, liar),
    ...syncOptions(sealer, others),
  ]
}

export function timerOption(): Option {
  return { label: 'runs out of patience', events: [{ type: 'timer' }] }
}

/** Whoever has forgotten its proposal makes another one. */
export function sealOptions({ state, said }: Sealer): Option[] {
  if (!isTurnToSeal(state)) return []
  const { view } = state
  const height = state.head.number + 1
  const isAgain = said.includes(messageOf('P', { height, view, name: `n${view}` }))
  const name = isAgain ? `m${view}` : `n${view}`
  const proposal = proposalOf(height, name)
  return [{ label: `seals ${name}`, events: [{ type: 'proposed', view, proposal }] }]
}

function prepareEvent(index: number, said: Said): Untimed {
  return { type: 'prepare', prepare: prepareOf(index, said), deferUpTo: -1 }
}

export function prepareOptions({ state }: Sealer, others: readonly Other[]): Option[] {
  const height = state.head.number + 1
  const prefix = `P ${height} `
  return others.flatMap(({ index, said }) =>
    said
      .filter((message) => message.startsWith(prefix))
      .map((message) => {
        const made = parse(message)
        const label = `hears ${index} propose ${made.name} in view ${made.view}`
        return { label, events: [prepareEvent(index, made)] }
      }),
  )
}

/** Two blocks of its own, and whatever anybody has proposed at this height, also where it does not lead. */
function lyingPrepares({ state }: Sealer, others: readonly Other[], { liar }: Sizes): Option[] {
  const height = state.head.number + 1
  const { view } = state
  const heard = others.flatMap(({ said }) => namesOf(said, `P ${height} `))
  const isLeading = leaderOf(state.committee, view, height - 1) === liar
  const names = new Set(isLeading ? [...LIES, ...heard] : LIES.slice(0, 1))
  return [...names].map((name) => ({
    label: `hears liar propose ${name} in view ${view}`,
    events: [prepareEvent(liar, { height, view, name })],
  }))
}

function namesOf(said: readonly Message[], prefix: string): string[] {
  return said.filter((message) => message.startsWith(prefix)).map((message) => parse(message).name)
}

function voteEventsOf({ index, said }: Other, height: number, view: number): Untimed[] {
  const of = (kind: 'S' | 'C'): Untimed[] =>
    said
      .filter((message) => message.startsWith(`${kind} ${height} `))
      .map(parse)
      // Votes of before are part of it where a mutant might count them.
      .toSorted((a, b) => a.view - b.view)
      .filter((vote) => vote.view <= view || kind === 'S')
      .map((vote) => ({
        type: 'vote',
        kind: kind === 'S' ? 'sign' : 'commit',
        vote: voteOf(kind === 'S' ? 'sign' : 'commit', index, vote),
        deferUpTo: -1,
      }))
  return [...of('S'), ...of('C')]
}

/** All votes that there are arrive, with those of the liar or without. Fewer never lead to more. */
export function voteOptions(sealer: Sealer, others: readonly Other[], liar?: Other): Option[] {
  const { round, head } = sealer.state
  if (round === undefined) return []
  const height = head.number + 1
  const honest = others.flatMap((other) => voteEventsOf(other, height, round.view))
  const said = { height, view: round.view, name: round.proposal.hash }
  const lies = (['sign', 'commit'] as const).map((kind): Untimed => ({
    type: 'vote',
    kind,
    vote: voteOf(kind, liar?.index ?? -1, said),
    deferUpTo: -1,
  }))
  const key = others.map((one) => `${one.index} ${one.said.join()}`).join(' ')
  const all = honest.length === 0 ? [] : [{ label: 'hears the votes', key, events: honest }]
  if (liar === undefined) return all
  const label = 'hears the votes and the liar’s'
  return [...all, { label, key: `${key} lies`, events: [...lies, ...honest] }]
}

function viewChangeOptions(
  { state }: Sealer,
  others: readonly Other[],
  { views, liar }: Pick<Sizes, 'views' | 'liar'>,
): Option[] {
  const height = state.head.number
  const choices = [
    ...others.map(({ index, said }) => ({
      index,
      views: said.filter((one) => one.startsWith(`V ${height} `)).map((one) => parse(one).view),
    })),
    { index: liar, views: Array.from({ length: views - 1 }, (_, i) => i + 1) },
  ]
  let combinations: { index: number; view: number }[][] = [[]]
  for (const choice of choices) {
    combinations = combinations.flatMap((before) => [
      before,
      ...choice.views.map((view) => before.concat({ index: choice.index, view })),
    ])
  }
  return combinations.slice(1).map((asked) => viewChangeOption(height, asked))
}

export function viewChangeOption(
  height: number,
  asked: readonly { readonly index: number; readonly view: number }[],
): Option {
  const { hash } = headAt(height)
  return {
    label: `hears ${asked.map(({ index, view }) => `${index} ask for view ${view}`).join(', ')}`,
    events: asked.map(({ index, view }) => ({
      type: 'viewChange',
      index,
      change: { height, view, hash },
      from: index,
    })),
  }
}

/** A quorum of signs is evidence, whoever shows it. The liar adds its own. */
function proofOptions(sealer: Sealer, others: readonly Other[], liar: Other): Option[] {
  const height = sealer.state.head.number + 1
  const signers = new Map<Message, number[]>()
  for (const { index, said } of [...others, sealer]) {
    for (const message of said) {
      if (!message.startsWith(`S ${height} `)) continue
      signers.set(message, [...(signers.get(message) ?? []), index])
    }
  }
  return [...signers].flatMap(([message, honest]) => {
    const all = [...honest, liar.index]
    return all.length < QUORUM ? [] : [proofOption(parse(message), all.slice(-QUORUM), liar.index)]
  })
}

function proofOption(made: Said, signers: readonly number[], from: number): Option {
  const label = `is shown a lock on ${made.name} of view ${made.view}`
  return { label, events: [{ type: 'lockProof', lock: lockOf(made, signers), from }] }
}

/** The others show the locks that they hold. */
export function shownLocks({ state }: Sealer, others: readonly Sealer[]): Option[] {
  return others.flatMap(({ index, state: { lock, head } }) => {
    if (lock === undefined || head.number !== state.head.number) return []
    const made = { height: head.number + 1, view: lock.view, name: lock.proposal.hash }
    return [
      proofOption(
        made,
        lock.signs.map((sign) => sign.index),
        index,
      ),
    ]
  })
}

/** Whoever has a block serves it; two honest commits and the liar's are enough to make one up. */
export function syncOptions(sealer: Sealer, others: readonly Other[]): Option[] {
  const height = sealer.state.head.number + 1
  const committers = new Map<string, Set<number>>()
  const served = others.flatMap(({ said }) => namesOf(said, `D ${height} `))
  for (const { index, said } of [...others, sealer]) {
    for (const name of namesOf(said, `C ${height} `)) {
      committers.set(name, (committers.get(name) ?? new Set()).add(index))
    }
  }
  const made = [...committers].filter(([, by]) => by.size >= QUORUM - 1).map(([name]) => name)
  return [...new Set([...served, ...made])].map((name) => ({
    label: `fetches block ${name}`,
    events: [headEventOf(sealer.index, height)],
    synced: name,
  }))
}

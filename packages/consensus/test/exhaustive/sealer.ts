/**
 * One honest sealer of the symbolic group: the shipping step, its disk, and what it has said.
 *
 * A state is brought to a normal form after each event. Time is gone from it: any timer may fire at any moment. What
 * others have said is gone too: the network forgets nothing, and hands out again what is needed. So two states are
 * one when the sealer will act alike.
 * @module
 */
import { assertStep } from '../../src/pbft/invariants.ts'
import type {
  DurableVotes,
  PbftEffect,
  PbftEvent,
  PbftState,
  Transition,
} from '../../src/pbft/state.ts'
import { startPbft, type step as pbftStep } from '../../src/pbft/step.ts'
import { committeeFor, executionOf, headAt, type Message, messageOf, nameOf } from './words.ts'

/** What the rules under test are: the shipping ones, or a mutant of them. */
export interface Rules {
  readonly step: typeof pbftStep
  /** What is left of the own votes when a node starts again. */
  readonly restore: (votes: DurableVotes | undefined) => DurableVotes | undefined
  /** Whether the assertions of the engine are part of the net. */
  readonly isAsserting: boolean
}

export interface Sealer {
  readonly index: number
  readonly state: PbftState
  readonly durable: DurableVotes | undefined
  /** Names of the committed blocks from {@link base} on. */
  readonly chain: readonly string[]
  /** Height below the first of {@link chain}: everybody has it. */
  readonly base: number
  /** Everything that was said at heights above {@link base}, in order of the texts. */
  readonly said: readonly Message[]
}

/** What must not be, with the name of the rule that was broken. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

/** Later than any deadline. */
const LATE_MS = 1e9

export function firstSealer(index: number): Sealer {
  return restarted({
    index,
    state: startPbft(initOf(index, 0, undefined)).state,
    durable: undefined,
    chain: [],
    base: 0,
    said: [],
  })
}

const initOf = (index: number, height: number, restored: DurableVotes | undefined) => ({
  committee: committeeFor(index),
  head: headAt(height),
  consensusTimeoutMs: 3000,
  nowMs: 0,
  restored,
})

/** The power fails and comes back. */
export function restarted(sealer: Sealer, rules?: Rules): Sealer {
  const { index, state, durable } = sealer
  const kept = rules === undefined ? durable : rules.restore(durable)
  const first = startPbft(initOf(index, state.head.number, kept))
  return normal(carryOut({ ...sealer, state: first.state }, first, rules))
}

/** Lets something happen, and everything that follows from it at once. Throws {@link Violation}. */
export function happen(sealer: Sealer, events: readonly Untimed[], rules: Rules): Sealer {
  let now = sealer
  for (const event of events) {
    const nowMs = event.type === 'timer' ? LATE_MS : 0
    now = apply(now, { ...event, nowMs }, rules)
  }
  return normal(now)
}

type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never
export type Untimed = DistributiveOmit<PbftEvent, 'nowMs'>

function apply(sealer: Sealer, event: PbftEvent, rules: Rules): Sealer {
  const transition = rules.step(sealer.state, event)
  if (rules.isAsserting) assertStep(sealer.state, transition)
  return carryOut({ ...sealer, state: transition.state }, transition, rules)
}

/** Like the driver: in order, and what follows at once becomes an event. */
function carryOut(sealer: Sealer, { effects }: Transition, rules: Rules | undefined): Sealer {
  let now = sealer
  const events: PbftEvent[] = []
  for (const effect of effects) {
    now = carryOutOne(now, effect)
    const event = followUp(now, effect)
    if (event !== undefined) events.push(event)
  }
  if (rules === undefined) return now
  for (const event of events) now = apply(now, event, rules)
  return now
}

function carryOutOne(sealer: Sealer, effect: PbftEffect): Sealer {
  switch (effect.type) {
    case 'persist':
      checkDisk(sealer, effect.votes)
      return { ...sealer, durable: effect.votes }
    case 'propose':
      return say(sealer, messageOf('P', { ...effect, name: effect.proposal.hash }))
    case 'sendSign':
      checkSign(sealer, effect.vote.view, nameOf(effect.vote.hash))
      return say(sealer, messageOf('S', { ...effect.vote, name: nameOf(effect.vote.hash) }))
    case 'sendCommit':
      checkCommit(sealer, nameOf(effect.executedHash))
      return say(sealer, messageOf('C', { ...effect, name: nameOf(effect.executedHash) }))
    case 'sendViewChange': {
      const { height, view } = effect.change
      return view === 0 ? sealer : say(sealer, messageOf('V', { height, view, name: '' }))
    }
    case 'commit':
      return decided(sealer, effect.height, effect.proposal.hash)
    default:
      return sealer
  }
}

function followUp(sealer: Sealer, effect: PbftEffect): PbftEvent | undefined {
  const { index } = sealer
  if (effect.type === 'execute') {
    const { height, view, proposal } = effect
    const execution = executionOf(index, { height, view, name: proposal.hash })
    return { type: 'executed', proposalHash: proposal.hash, view, execution, nowMs: 0 }
  }
  if (effect.type !== 'commit') return undefined
  return headEventOf(index, effect.height)
}

export function headEventOf(index: number, height: number): Extract<PbftEvent, { type: 'head' }> {
  const committee = committeeFor(index)
  return { type: 'head', head: headAt(height), committee, consensusTimeoutMs: 3000, nowMs: 0 }
}

/** A lock on disk is followed by none but a later one, while its height lasts. */
function checkDisk({ durable }: Sealer, votes: DurableVotes): void {
  const { lock } = durable ?? {}
  if (lock === undefined || durable?.height !== votes.height) return
  const now = votes.lock
  if (now === undefined || now.view < lock.view) {
    throw new Violation('lock: a lock is replaced by none, or by an earlier one')
  }
  if (now.view === lock.view && now.proposal.hash !== lock.proposal.hash) {
    throw new Violation('lock: two quorums in one view')
  }
}

/** Write-ahead, one vote a view, and the rule of locks, looked at where the vote leaves. */
function checkSign({ durable, said, state }: Sealer, view: number, name: string): void {
  const height = state.head.number + 1
  // What is said again was looked at when it was said first; a lock may have come since.
  if (said.includes(messageOf('S', { height, view, name }))) return
  const isKept = durable?.height === height && durable.view >= view
  if (!isKept || (durable.view === view && durable.signed !== name)) {
    throw new Violation('write-ahead: a sign leaves that is not on disk')
  }
  if (
    durable.lock !== undefined &&
    durable.lock.view < view &&
    durable.lock.proposal.hash !== name
  ) {
    throw new Violation('lock: a locked sealer signs another proposal')
  }
  const place = `S ${height} ${view} `
  if (said.some((one) => one.startsWith(place) && one !== place + name)) {
    throw new Violation('two votes: one sealer signs two proposals in one view')
  }
}

function checkCommit({ durable, state }: Sealer, name: string): void {
  const isKept = durable?.height === state.head.number + 1 && durable.lock?.proposal.hash === name
  if (!isKept) throw new Violation('write-ahead: a commit leaves without its lock on disk')
}

/** A block is there, by agreement or by synchronisation; whoever has it serves it. */
export function decided(sealer: Sealer, height: number, name: string): Sealer {
  const told = say(sealer, messageOf('D', { height, view: 0, name }))
  return { ...told, chain: [...sealer.chain, name] }
}

function say(sealer: Sealer, message: Message): Sealer {
  if (sealer.said.includes(message)) return sealer
  return { ...sealer, said: [...sealer.said, message].toSorted() }
}

/** Forgets time, and what others have said. */
function normal(sealer: Sealer): Sealer {
  const { state, index } = sealer
  const { round } = state
  const own = state.viewChanges.get(index)
  const height = state.head.number + 1
  const { sign, commit } = state.votes.get(height) ?? { sign: new Map(), commit: new Map() }
  const ownOf = <T>(votes: ReadonlyMap<number, T>): ReadonlyMap<number, T> =>
    new Map([...votes].filter(([by, vote]) => by === index && vote !== undefined))
  return {
    ...sealer,
    state: {
      ...state,
      changeCycle: 0,
      lastConsensusMs: 0,
      lastQuorumMs: 0,
      repeatedAtMs: 0,
      heardAtMs: new Map(),
      toldAtMs: new Map(),
      peerViews: new Map(),
      links: new Map(),
      future: [],
      votes: new Map([[height, { sign: ownOf(sign), commit: ownOf(commit) }]]),
      viewChanges: own === undefined ? new Map() : new Map([[index, own]]),
      round: round && { ...round, arrivedAtMs: 0, executedAtMs: 0, requestedAtMs: 0, requests: 0 },
    },
  }
}

/** Forgets what was said at heights that everybody has committed: nobody listens to it any more. */
export function forgetUpTo(sealer: Sealer, height: number): Sealer {
  return {
    ...sealer,
    base: height,
    chain: sealer.chain.slice(height - sealer.base),
    // A view change names the height that is committed.
    said: sealer.said.filter((message) => {
      const [kind, at] = message.split(' ')
      return Number(at) > (kind === 'V' ? height - 1 : height)
    }),
  }
}

/** Two sealers with equal texts act alike. */
export function textOf({ state, durable, chain, base, said, index }: Sealer): string {
  const { view, toView, isLeaderFailed, round, lock, voted, head } = state
  const ofHeight = state.votes.get(head.number + 1)
  const own = [...(ofHeight?.sign.values() ?? []), ...(ofHeight?.commit.values() ?? [])]
  return [
    head.number,
    view,
    toView,
    isLeaderFailed,
    round && `${round.view} ${round.proposal.hash} ${round.stage} ${round.isCommitSent}`,
    lock && `${lock.view} ${lock.proposal.hash}`,
    voted && `${voted.view} ${voted.hash}`,
    own.map((vote) => `${vote.view} ${vote.hash} ${vote.bond}`).join(),
    state.viewChanges.get(index)?.view,
    durable &&
      `${durable.height} ${durable.view} ${durable.signed} ${durable.lock?.view} ${durable.lock?.proposal.hash}`,
    base,
    chain.join(),
    said.join(),
  ].join('|')
}

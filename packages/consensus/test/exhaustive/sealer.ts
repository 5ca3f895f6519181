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
import {
  committeeFor,
  headAt,
  headEvent,
  leaderAt,
  type Message,
  messageOf,
  nameOf,
  prepareEvent,
  QUORUM,
  requestEvent,
  type Untimed,
} from './words.ts'

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
}

/** What becomes of a sealer, and what it sends on the way. */
export interface Outcome {
  readonly sealer: Sealer
  readonly votes: readonly Message[]
  readonly letters: readonly Letter[]
}

/** A proposal, a request for a view, or evidence, as it arrives. */
export interface Letter {
  readonly kind: 'propose' | 'request' | 'proof'
  readonly key: string
  readonly from: number
  /** `undefined`: everybody. */
  readonly to: number | undefined
  readonly event: Untimed
}

/** What must not be, with the name of the rule that was broken. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

/** Later than any deadline. */
const LATE_MS = 1e9
/** When everything else happens: late enough for a sealer that lags to be told where the others are. */
const SOON_MS = 1000

export function firstSealer(index: number, height: number): Sealer {
  const { state } = startPbft(initOf(index, height, undefined))
  return normal({ index, state, durable: undefined })
}

const initOf = (index: number, height: number, restored: DurableVotes | undefined) => ({
  committee: committeeFor(index),
  head: headAt(height),
  consensusTimeoutMs: 3000,
  nowMs: 0,
  restored,
})

/** The power fails and comes back. */
export function restarted({ index, state, durable }: Sealer, rules: Rules): Outcome {
  const first = startPbft(initOf(index, state.head.number, rules.restore(durable)))
  const happening = new Happening({ index, state: first.state, durable }, rules)
  happening.carryOut(first)
  return happening.outcome()
}

/** Lets something happen, and everything that follows from it at once. Throws {@link Violation}. */
export function happen(sealer: Sealer, events: readonly Untimed[], rules: Rules): Outcome {
  const happening = new Happening(sealer, rules)
  for (const event of events) {
    const nowMs = event.type === 'timer' ? LATE_MS : SOON_MS
    happening.apply({ ...event, nowMs })
  }
  return happening.outcome()
}

/** A sealer while something happens to it. */
class Happening {
  readonly #rules: Rules
  readonly #votes: Message[] = []
  readonly #letters: Letter[] = []
  #sealer: Sealer

  constructor(sealer: Sealer, rules: Rules) {
    this.#sealer = sealer
    this.#rules = rules
  }

  outcome(): Outcome {
    return { sealer: normal(this.#sealer), votes: this.#votes, letters: this.#letters }
  }

  apply(event: PbftEvent): void {
    const { state } = this.#sealer
    const transition = this.#rules.step(state, event)
    if (transition.state === state && transition.effects.length === 0) return
    if (this.#rules.isAsserting) assertStep(state, transition)
    checkEntry(state, transition.state, event)
    checkProposal(state, transition.state, event)
    this.#sealer = { ...this.#sealer, state: transition.state }
    this.carryOut(transition)
    if (event.type === 'head') checkHead(this.#sealer, this.#rules)
  }

  /** Like the driver: in order, and a decision is a new head at once. Execution takes its time. */
  carryOut({ effects }: Transition): void {
    for (const effect of effects) this.#carryOutOne(effect)
    for (const effect of effects) {
      if (effect.type !== 'commit') continue
      this.apply({ ...headEvent(this.#sealer.index, effect.height), nowMs: SOON_MS })
    }
  }

  #carryOutOne(effect: PbftEffect): void {
    const sealer = this.#sealer
    switch (effect.type) {
      case 'persist':
        checkDisk(sealer, effect.votes)
        this.#sealer = { ...sealer, durable: effect.votes }
        return
      case 'sendSign': {
        const name = nameOf(effect.vote.hash)
        // What is said again was looked at when it was said first; a lock may have come since.
        if (!effect.isAgain) checkSign(sealer, effect.vote.view, name)
        this.#votes.push(messageOf('S', { ...effect.vote, name }))
        return
      }
      case 'sendCommit': {
        const name = nameOf(effect.executedHash)
        checkCommit(sealer, name)
        this.#votes.push(messageOf('C', { ...effect, name }))
        return
      }
      default: {
        const letter = letterOf(sealer.index, effect)
        if (letter !== undefined) this.#letters.push(letter)
      }
    }
  }
}

function letterOf(from: number, effect: PbftEffect): Letter | undefined {
  switch (effect.type) {
    case 'propose': {
      const { height, view, proposal, to } = effect
      const key = `${from} proposes ${proposal.hash} in view ${view} of height ${height}`
      const event = prepareEvent(from, { height, view, name: proposal.hash })
      return { kind: 'propose', key, from, to, event }
    }
    case 'sendViewChange': {
      const { change, to } = effect
      const key = `${from} asks for view ${change.view} above ${change.height}`
      const event = requestEvent(from, change.height, change.view)
      return { kind: 'request', key, from, to, event }
    }
    case 'sendLockProof': {
      const { height, lock, to } = effect
      const key = `${from} shows ${lock.proposal.hash} of view ${lock.view} at height ${height} to ${to}`
      return { kind: 'proof', key, from, to, event: { type: 'lockProof', lock, from } }
    }
    default:
      return undefined
  }
}

/** A view is entered for a quorum of requests, the own one among them. */
function checkEntry(before: PbftState, after: PbftState, event: PbftEvent): void {
  if (after.head.number !== before.head.number || after.view === before.view) return
  const requests = [...before.viewChanges]
  if (event.type === 'viewChange') requests.push([event.index, event.change])
  const { self } = before.committee
  const asking = requests
    .filter(([, { height, view }]) => height === before.head.number && view >= after.view)
    .map(([index]) => index)
  if (after.view < before.view || new Set(asking.concat(self)).size < QUORUM) {
    throw new Violation('view: a view is entered without a quorum of requests')
  }
}

/** The first proposal of the leader of a view is taken up, and no other. */
function checkProposal(before: PbftState, after: PbftState, event: PbftEvent): void {
  if (event.type !== 'prepare' || after.round === undefined) return
  const { height, view, index } = event.prepare
  if (after.round.proposal.hash === before.round?.proposal.hash) return
  if (before.round !== undefined && before.view === after.view) {
    throw new Violation('proposal: a second one is taken up in one view')
  }
  if (index !== leaderAt(height, view) || view !== after.view) {
    throw new Violation('proposal: one is taken up that is not of the leader of the view')
  }
}

/** Nothing of a height outlives it but the disk, and that is not read again: all heights are alike. */
function checkHead(sealer: Sealer, rules: Rules): void {
  const { index, state } = sealer
  const first = textOf(firstSealer(index, state.head.number))
  if (textOf(normal(sealer)) !== first || textOf(restarted(sealer, rules).sealer) !== first) {
    throw new Violation('height: something of a height outlives it')
  }
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

/** Write-ahead, and the rule of locks, looked at where the vote leaves. */
function checkSign({ durable, state }: Sealer, view: number, name: string): void {
  const height = state.head.number + 1
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
}

function checkCommit({ durable, state }: Sealer, name: string): void {
  const isKept = durable?.height === state.head.number + 1 && durable.lock?.proposal.hash === name
  if (!isKept) throw new Violation('write-ahead: a commit leaves without its lock on disk')
}

/** Forgets time, what others have said, and a disk that is not read again. */
function normal(sealer: Sealer): Sealer {
  const { state, index, durable } = sealer
  const { round } = state
  const own = state.viewChanges.get(index)
  const height = state.head.number + 1
  const { sign, commit } = state.votes.get(height) ?? { sign: new Map(), commit: new Map() }
  const ownOf = <T>(votes: ReadonlyMap<number, T>): ReadonlyMap<number, T> =>
    new Map([...votes].filter(([by, vote]) => by === index && vote !== undefined))
  return {
    ...sealer,
    durable: durable?.height === height ? durable : undefined,
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

/** Two sealers with equal texts act alike. */
export function textOf({ state, durable, index }: Sealer): string {
  const { view, toView, isLeaderFailed, round, lock, voted, head } = state
  const ofHeight = state.votes.get(head.number + 1)
  const own = [...(ofHeight?.sign.values() ?? []), ...(ofHeight?.commit.values() ?? [])]
  return [
    index,
    head.number,
    view,
    toView,
    isLeaderFailed,
    round &&
      `${round.view} ${round.index} ${round.proposal.hash} ${round.stage} ${round.isCommitSent}`,
    lock && `${lock.view} ${lock.proposal.hash}`,
    voted && `${voted.view} ${voted.hash}`,
    own.map((vote) => `${vote.view} ${vote.hash} ${vote.bond}`).join(),
    state.viewChanges.get(index)?.view,
    durable &&
      `${durable.height} ${durable.view} ${durable.signed} ${durable.lock?.view} ${durable.lock?.proposal.hash}`,
  ].join('|')
}

/**
 * Small mistakes, planted in the shipping rules one at a time, to see which net finds them.
 * @module
 */
import { leaderOf } from '../../src/committee.ts'
import type { VoteKind } from '../../src/pbft/messages.ts'
import type {
  DurableVotes,
  PbftEffect,
  PbftEvent,
  PbftState,
  Transition,
  Vote,
} from '../../src/pbft/state.ts'
import { step } from '../../src/pbft/step.ts'

export interface Mutant {
  readonly name: string
  readonly step?: typeof step
  readonly restore?: (votes: DurableVotes | undefined) => DurableVotes | undefined
}

type Change<T> = (value: T) => T

const inState =
  (change: Change<PbftState>, concerns: (event: PbftEvent) => boolean = () => true): typeof step =>
  (state, event) => {
    if (!concerns(event)) return step(state, event)
    const changed = change(state)
    const made = step(changed, event)
    // The mistake is in the rule, not in what the node knows of its committee.
    const isSame = made.state.committee === changed.committee
    return isSame ? { ...made, state: { ...made.state, committee: state.committee } } : made
  }

const inEvent =
  (change: (event: PbftEvent, state: PbftState) => PbftEvent): typeof step =>
  (state, event) =>
    step(state, change(event, state))

const inEffects =
  (
    change: (effects: readonly PbftEffect[], state: PbftState) => readonly PbftEffect[],
  ): typeof step =>
  (state, event) => {
    const { state: next, effects } = step(state, event)
    return { state: next, effects: change(effects, next) }
  }

const inPersisted = (change: Change<DurableVotes>): typeof step =>
  inEffects((effects) =>
    effects.map((one) => (one.type === 'persist' ? { ...one, votes: change(one.votes) } : one)),
  )

const without = (...types: readonly PbftEffect['type'][]): typeof step =>
  inEffects((effects) => effects.filter(({ type }) => !types.includes(type)))

const quorumOf =
  (quorum: number): Change<PbftState> =>
  (state) => ({
    ...state,
    committee: { ...state.committee, quorum },
  })

/** The step does not see this part of the state, and leaves it as it was unless it makes a new one. */
const blindTo =
  (part: 'lock' | 'voted' | 'round', concerns: (event: PbftEvent) => boolean): typeof step =>
  (state, event) => {
    if (!concerns(event) || state[part] === undefined) return step(state, event)
    const blind = { ...state, [part]: undefined }
    const made = step(blind, event)
    if (made.state === blind) return { state, effects: made.effects }
    return { ...made, state: { ...made.state, [part]: made.state[part] ?? state[part] } }
  }

const isOf =
  (...types: readonly PbftEvent['type'][]) =>
  (event: PbftEvent): boolean =>
    types.includes(event.type)

const isVote =
  (kind: VoteKind) =>
  (event: PbftEvent): boolean =>
    event.type === 'vote' && event.kind === kind

const both = (state: PbftState, events: readonly PbftEvent[]): Transition => {
  const effects: PbftEffect[] = []
  let now = state
  for (const event of events) {
    const made = step(now, event)
    now = made.state
    effects.push(...made.effects)
  }
  return { state: now, effects }
}

const inVote = (change: (vote: Vote, state: PbftState) => Partial<Vote>): typeof step =>
  inEvent((event, state) =>
    event.type === 'vote'
      ? { ...event, vote: { ...event.vote, ...change(event.vote, state) } }
      : event,
  )

const inPrepare = (
  change: (state: PbftState) => { readonly view?: number; readonly index?: number },
): typeof step =>
  inEvent((event, state) =>
    event.type === 'prepare'
      ? {
          ...event,
          prepare: {
            ...event.prepare,
            ...change(state),
            signer: state.committee.sealers[change(state).index ?? event.prepare.index] ?? '',
          },
        }
      : event,
  )

const onEnteredView =
  (change: Change<PbftState>): typeof step =>
  (state, event) => {
    const made = step(state, event)
    return made.state.view > state.view ? { ...made, state: change(made.state) } : made
  }

export const MUTANTS: readonly Mutant[] = [
  { name: 'a quorum is two of four', step: inState(quorumOf(2)) },
  { name: 'two signs make a lock', step: inState(quorumOf(2), isVote('sign')) },
  { name: 'two commits make a block', step: inState(quorumOf(2), isVote('commit')) },
  { name: 'one request changes the view', step: inState(quorumOf(1), isOf('viewChange')) },
  {
    name: 'a vote counts twice',
    step: (state, event) => {
      if (event.type !== 'vote') return step(state, event)
      const { working, self } = state.committee
      const other = working.find((index) => index !== event.vote.index && index !== self) ?? 0
      return both(state, [event, { ...event, vote: { ...event.vote, index: other } }])
    },
  },
  {
    name: 'a sign counts as a commit too',
    step: (state, event) => {
      const bonds = state.round?.execution?.bonds
      if (event.type !== 'vote' || event.kind !== 'sign' || bonds === undefined) {
        return step(state, event)
      }
      const vote = { ...event.vote, bond: bonds.commit }
      return both(state, [event, { ...event, kind: 'commit', vote }])
    },
  },
  {
    name: 'votes count for the proposal at hand, whatever they are for',
    step: inVote(({ hash }, { round }) => ({
      hash: round?.execution?.hash ?? hash,
      bond: undefined,
    })),
  },
  { name: 'votes of other views count', step: inVote((_, { view }) => ({ view })) },
  {
    name: 'a lock is dropped when the view changes',
    step: onEnteredView((state) => ({ ...state, lock: undefined })),
  },
  {
    name: 'a locked sealer takes up any proposal',
    step: blindTo('lock', isOf('prepare', 'executed')),
  },
  {
    name: 'a locked leader proposes something new',
    step: blindTo('lock', isOf('viewChange', 'proposed', 'executed')),
  },
  {
    name: 'an earlier quorum replaces a later lock',
    step: (state, event) => {
      const isEarlier = event.type === 'lockProof' && state.lock !== undefined
      return step(isEarlier ? { ...state, lock: undefined } : state, event)
    },
  },
  {
    name: 'a later quorum replaces no lock',
    step: (state, event) =>
      event.type === 'lockProof' && state.lock !== undefined
        ? { state, effects: [] }
        : step(state, event),
  },
  {
    name: 'a sealer commits to what it has only signed',
    step: inEffects((effects, { round, lock }) =>
      effects.flatMap((effect) => {
        const execution = round?.execution
        if (effect.type !== 'sendSign' || execution === undefined || lock !== undefined)
          return [effect]
        const { height, view, hash, signature } = effect.vote
        const bond = execution.bonds.commit
        const commit = {
          height,
          view,
          executedHash: hash,
          bond,
          signature,
          isAgain: true,
          to: undefined,
        }
        return [effect, { type: 'sendCommit', ...commit } as const]
      }),
    ),
  },
  { name: 'a second proposal of a view is taken up', step: blindTo('round', isOf('prepare')) },
  {
    name: 'two proposals of a view are signed',
    step: (state, event) =>
      event.type === 'prepare'
        ? step({ ...state, round: undefined, voted: undefined }, event)
        : step(state, event),
  },
  {
    name: 'anybody may propose',
    step: inPrepare((state) => ({
      index: leaderOf(state.committee, state.view, state.head.number),
    })),
  },
  { name: 'proposals of past views are taken up', step: inPrepare(({ view }) => ({ view })) },
  {
    name: 'after a crash a leader proposes again in its view',
    step: blindTo('voted', isOf('proposed')),
  },
  {
    name: 'what was executed in a former view is signed in this one',
    step: inEvent((event, { view }) => (event.type === 'executed' ? { ...event, view } : event)),
  },
  { name: 'nothing is kept', step: without('persist') },
  { name: 'the view is not kept', step: inPersisted((votes) => ({ ...votes, view: 0 })) },
  {
    name: 'the signed proposal is not kept',
    step: inPersisted((votes) => ({ ...votes, signed: undefined })),
  },
  { name: 'the lock is not kept', step: inPersisted((votes) => ({ ...votes, lock: undefined })) },
  {
    name: 'a vote leaves before it is kept',
    step: inEffects((effects) => [
      ...effects.filter(({ type }) => type !== 'persist'),
      ...effects.filter(({ type }) => type === 'persist'),
    ]),
  },
  { name: 'what was kept is not read', restore: () => undefined },
  { name: 'the kept lock is not read', restore: (votes) => votes && { ...votes, lock: undefined } },
  {
    name: 'the kept vote is not read',
    restore: (votes) => votes && { ...votes, signed: undefined },
  },
  { name: 'the kept view is not read', restore: (votes) => votes && { ...votes, view: 0 } },
  { name: 'no view change is sent', step: without('sendViewChange') },
  { name: 'no lock is ever shown', step: without('sendLockProof') },
  { name: 'no commit is sent', step: without('sendCommit') },
  {
    name: 'nobody runs out of patience',
    step: (state, event) => (event.type === 'timer' ? { state, effects: [] } : step(state, event)),
  },
  {
    name: 'a leader is silent in all views but the first',
    step: inEffects((effects, { view }) =>
      view === 0 ? effects : effects.filter(({ type }) => type !== 'propose'),
    ),
  },
  {
    name: 'a lock outlives its height',
    step: (state, event) => {
      const made = step(state, event)
      return event.type === 'head' ? { ...made, state: { ...made.state, lock: state.lock } } : made
    },
  },
  {
    name: 'a sealer goes back to view 0 when a lock is shown to it',
    step: (state, event) => {
      const made = step(state, event)
      if (event.type !== 'lockProof') return made
      return { ...made, state: { ...made.state, view: 0, round: undefined } }
    },
  },
]

import type { VoteKind } from './messages.ts'
/**
 * Votes, counted by who cast them and never by their bytes (spec 04 §6.14, W4).
 * @module
 */
import type { Vote, HeightVotes, PbftState } from './state.ts'

const NO_VOTES: HeightVotes = { sign: new Map(), commit: new Map() }

function votesAt(state: PbftState, height: number): HeightVotes {
  return state.votes.get(height) ?? NO_VOTES
}

/** The vote that is kept of a sealer, if any. */
export function voteOf(
  state: PbftState,
  kind: VoteKind,
  vote: { readonly height: number; readonly index: number },
): Vote | undefined {
  return votesAt(state, vote.height)[kind].get(vote.index)
}

/** One vote of a kind is kept for each sealer and height: memory is bounded by sealers, not by messages. */
export function withVote(state: PbftState, kind: VoteKind, vote: Vote): PbftState['votes'] {
  const ofHeight = votesAt(state, vote.height)
  const ofKind = new Map(ofHeight[kind]).set(vote.index, vote)
  return new Map(state.votes).set(vote.height, { ...ofHeight, [kind]: ofKind })
}

/**
 * Votes for the executed proposal of the current view, ascending by index. A bound vote counts only
 * for what it was bound to.
 */
export function votesForRound(state: PbftState, kind: VoteKind): Vote[] {
  const { round } = state
  const execution = round?.execution
  if (round === undefined || execution === undefined) return []
  const counted: Vote[] = []
  for (const vote of votesAt(state, state.head.number + 1)[kind].values()) {
    const isBoundElsewhere = vote.bond !== undefined && vote.bond !== execution.bonds[kind]
    if (vote.hash === execution.hash && vote.view === round.view && !isBoundElsewhere) {
      counted.push(vote)
    }
  }
  return counted.toSorted((a, b) => a.index - b.index)
}

/** Without what a view left behind: votes of lower views, at the height being agreed on. */
export function votesFromView(state: PbftState, view: number): PbftState['votes'] {
  const height = state.head.number + 1
  const { sign, commit } = votesAt(state, height)
  const current = (votes: ReadonlyMap<number, Vote>) =>
    new Map([...votes].filter(([, vote]) => vote.view >= view))
  return new Map(state.votes).set(height, { sign: current(sign), commit: current(commit) })
}

/** Without heights that are committed. */
export function votesAbove(state: PbftState, committed: number): PbftState['votes'] {
  return new Map([...state.votes].filter(([height]) => height > committed))
}

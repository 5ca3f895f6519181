import type { Common } from './messages.ts'
import type { Chance, RaftEffect, RaftState } from './state.ts'

/** A step in the making. */
export interface RaftDraft extends Chance {
  state: RaftState
  readonly effects: RaftEffect[]
}

export function update(draft: RaftDraft, change: Partial<RaftState>): void {
  draft.state = { ...draft.state, ...change }
}

/** Promises that are about to be told have to be kept first. */
export function persist(draft: RaftDraft): void {
  const { term, votedFor, entry } = draft.state
  draft.effects.push({ type: 'persist', record: { term, votedFor, entry } })
}

/** What stands at the beginning of every message. */
export function common({ committee, term, head }: RaftState): Common {
  return { index: committee.self, term, height: head.number, blockHash: head.hash }
}

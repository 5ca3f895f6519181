import type { PbftEffect, PbftState } from './state.ts'

/** A step in the making: rules apply one after another, each to what the former left behind. */
export interface Draft {
  state: PbftState
  readonly effects: PbftEffect[]
  readonly nowMs: number
}

export function update(draft: Draft, change: Partial<PbftState>): void {
  draft.state = { ...draft.state, ...change }
}

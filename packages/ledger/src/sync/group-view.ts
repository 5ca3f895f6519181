import type { NodeId } from '@bcos-ts/protocol'

/** Who belongs to the group, and who can be reached, as this node sees it after its latest block. */
export interface GroupView {
  readonly self: NodeId
  /** Ascending; those who vote (rPBFT: the working sealers). */
  readonly consensusNodes: readonly NodeId[]
  /** Ascending. */
  readonly sealers: readonly NodeId[]
  /** Sealers and observers, ascending. */
  readonly members: readonly NodeId[]
  /** Nodes with a session, of whatever group; without this one. */
  readonly connected: ReadonlySet<NodeId>
}

export function isMember(view: GroupView): boolean {
  return view.members.includes(view.self)
}

/** When a step happens, and the chance it may use: with both given, a step is a function of its arguments. */
export interface Moment {
  readonly nowMs: number
  /** Any integer from 0 to 2^32 - 1. */
  readonly dice: number
}

/** The values in an order that `dice` decides. */
export function shuffled<T>(values: readonly T[], dice: number): T[] {
  const left = [...values]
  const order: T[] = []
  let random = dice >>> 0
  while (left.length > 0) {
    // Numerical Recipes' linear congruential generator; its high bits are the good ones.
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0
    const [taken] = left.splice(Math.floor((random / 2 ** 32) * left.length), 1)
    if (taken !== undefined) order.push(taken)
  }
  return order
}

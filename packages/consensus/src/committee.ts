import type { NodeId } from '@bcos-ts/protocol'
import type { Membership } from '@bcos-ts/protocol/ports'
import { maxFaulty, quorumOf } from './quorum.ts'

/** Index of a node that is not a sealer. */
export const NOT_A_SEALER = 65_535

/** Who agrees on one height, and how many of them it takes. */
export interface Committee {
  /** All sealers, ascending; the position is the index of every message. */
  readonly sealers: readonly NodeId[]
  /** Indices of those that take part: all of them, or the working sealers of rPBFT (spec 04 §7). */
  readonly working: readonly number[]
  /** Node ids of the working sealers, as block headers list them. */
  readonly workingIds: readonly NodeId[]
  /** Index of this node, or {@link NOT_A_SEALER} when it does not take part. */
  readonly self: number
  readonly quorum: number
  readonly maxFaulty: number
}

export function committeeOf(
  membership: Pick<Membership, 'sealers' | 'workingSealers'>,
  self: NodeId,
): Committee {
  const { sealers, workingSealers } = membership
  const working = workingSealers.map((id) => sealers.indexOf(id)).filter((index) => index >= 0)
  const own = sealers.indexOf(self)
  return {
    sealers,
    working,
    workingIds: working.map((index) => sealers[index] ?? ''),
    self: working.includes(own) ? own : NOT_A_SEALER,
    quorum: quorumOf(working.length),
    maxFaulty: maxFaulty(working.length),
  }
}

export function isSealer(committee: Committee): boolean {
  return committee.self !== NOT_A_SEALER
}

/** Index of the leader in a view above the block `height`, which is committed (spec 04 §6.1, §7.2). */
export function leaderOf(committee: Committee, view: number, height: number): number {
  const { working } = committee
  return working[(view + height) % working.length] ?? NOT_A_SEALER
}

/** Whether the same sealers stand behind the same indices, and the same of them take part. */
export function isSameCommittee(one: Committee, other: Committee): boolean {
  return (
    one.sealers.join() === other.sealers.join() && one.workingIds.join() === other.workingIds.join()
  )
}

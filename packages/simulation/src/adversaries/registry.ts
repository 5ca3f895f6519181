import type { AdversaryKind } from './adversary.ts'
import { equivocatingLeader, forgedHeader, silentLeader, withholdingLeader } from './leaders.ts'
import { hourAhead, hourBehind, twin } from './machines.ts'
import { badTransactions, malformedPackets, selectiveGossip, slowDrip } from './packets.ts'
import { lyingSyncPeer } from './sync-peers.ts'
import { unfinishedBlocks } from './unfinished-blocks.ts'
import {
  commitsInPrivate,
  forgedView,
  replayer,
  votesAhead,
  votesForEverything,
  votesForInvalidBlock,
  wrongExecution,
} from './votes.ts'

/** Every adversary there is. */
export const ADVERSARIES: readonly AdversaryKind[] = [
  equivocatingLeader,
  silentLeader,
  withholdingLeader,
  forgedHeader,
  forgedView,
  votesForEverything,
  votesForInvalidBlock,
  wrongExecution,
  replayer,
  votesAhead,
  commitsInPrivate,
  malformedPackets,
  badTransactions,
  slowDrip,
  selectiveGossip,
  lyingSyncPeer,
  unfinishedBlocks,
  hourAhead,
  hourBehind,
  twin,
]

export function adversaryNamed(name: string): AdversaryKind | undefined {
  return ADVERSARIES.find((kind) => kind.name === name)
}

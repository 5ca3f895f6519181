/**
 * Blocks that a quorum has signed and perhaps nobody has committed (`SyncedBlockEvidence` says how that can be). Such a
 * block waits until more is known: which block of this height other peers name or show, what the block after it says, or
 * a proof of somebody who has committed it. When nothing of that comes for long, it is taken after all: a member that
 * crashes may be the only one that has committed it, and then nobody else has another.
 * @module
 */
import type { HashText, NodeId } from '@bcos-ts/protocol'
import type { Moment } from '../group-view.ts'
import { deadline } from './download.ts'
import {
  type Applying,
  type BlockCandidate,
  type BlockSyncEffect,
  type BlockSyncState,
  type BlockSyncTransition,
  type Knowledge,
  type Shard,
  SHARDS_MAX,
  type Undecided,
} from './state.ts'
import { type Source, sources } from './trust.ts'

/** Peers are asked again for proofs: some show only with their first votes who they are. */
const ASK_AGAIN_MS = 200
/** Of the commits of thousands of sealers. */
const PROOF_BYTES_MAX = 1_048_576

/** One proof of each peer, of the block that it names. */
export function noteProof(
  state: BlockSyncState,
  {
    from,
    hash,
    proof,
  }: { readonly from: NodeId; readonly hash: HashText; readonly proof: Uint8Array },
): BlockSyncState {
  const { proofs, claims } = state
  const isWanted = claims.get(from) === hash && !proofs.has(from)
  if (!isWanted || proof.length > PROOF_BYTES_MAX) return state
  return { ...state, proofs: new Map(proofs).set(from, proof) }
}

// Judging

export function knowledgeOf(
  { head, queue, claims, proofs }: BlockSyncState,
  { hash }: BlockCandidate,
): Knowledge {
  let latest: Uint8Array | undefined
  for (const [from, proof] of proofs) if (claims.get(from) === hash) latest = proof
  return { claims, next: queue.get(head.number + 2), proof: latest }
}

/** Whether nothing has changed since the block was found undecided. */
export function isHeldBack(
  state: BlockSyncState,
  candidate: BlockCandidate,
  moment: Moment,
): boolean {
  const { undecided } = state
  if (undecided?.hash !== candidate.hash) return false
  const { claims, next, proof } = knowledgeOf(state, candidate)
  const { tried } = undecided
  const isNews = claims !== tried.claims || next !== tried.next || proof !== tried.proof
  return !isNews && !isOverdue(state, candidate, moment)
}

/** Whether a block has waited in vain, and nobody is left who could show another. */
export function isOverdue(
  state: BlockSyncState,
  { hash, number }: BlockCandidate,
  { nowMs }: Moment,
): boolean {
  const { undecided, claims, options } = state
  if (undecided?.hash !== hash) return false
  if (nowMs < undecided.sinceMs + options.undecidedWaitMs) return false
  return sources(state, nowMs).every(
    ({ peer, latest }) => latest.number <= number || claims.has(peer),
  )
}

/** The block goes back to where it waited. */
export function onUndecided(
  state: BlockSyncState,
  applying: Applying | undefined,
  { nowMs }: Moment,
): BlockSyncTransition {
  if (applying === undefined) return { state, effects: [] }
  const { candidate, knowledge: tried } = applying
  const { number, hash, bytes } = candidate
  // Consensus was faster.
  if (number !== state.head.number + 1) return { state, effects: [] }
  const isKnown = state.undecided?.hash === hash
  const undecided: Undecided =
    state.undecided !== undefined && isKnown
      ? { ...state.undecided, tried }
      : { hash, sinceMs: nowMs, tried, askedAtMs: Number.NEGATIVE_INFINITY }
  const effects = isKnown ? [] : [reportUndecided(candidate, false)]
  if (state.queue.has(number)) return { state: { ...state, undecided }, effects }
  const queue = new Map(state.queue).set(number, candidate)
  const queueBytes = state.queueBytes + bytes.length
  return { state: { ...state, undecided, queue, queueBytes }, effects }
}

export function reportUndecided(
  { number, hash, from }: BlockCandidate,
  late: boolean,
): BlockSyncEffect {
  const report = {
    type: 'undecided',
    point: { number, hash },
    peer: from,
    isOverdue: late,
  } as const
  return { type: 'report', report }
}

// Asking

/** Asks for a proof whoever says that it has the block. */
export function requestProofs(state: BlockSyncState, { nowMs }: Moment): BlockSyncTransition {
  const { undecided, claims, proofs } = state
  if (undecided === undefined || nowMs < undecided.askedAtMs + ASK_AGAIN_MS) {
    return { state, effects: [] }
  }
  const { hash } = undecided
  const to = [...claims.keys()].filter((id) => claims.get(id) === hash && !proofs.has(id))
  const asked: BlockSyncState = { ...state, undecided: { ...undecided, askedAtMs: nowMs } }
  return { state: asked, effects: to.length === 0 ? [] : [{ type: 'requestProof', to, hash }] }
}

/**
 * Where even the block after it leaves a block undecided, as after a great change of sealers, or since one of both is a
 * lie: asks those that are ahead for their block of this height.
 */
export function requestOpinions(
  state: BlockSyncState,
  found: readonly Source[],
  moment: Moment,
): BlockSyncTransition {
  const { undecided, claims, head } = state
  if (undecided?.tried.next === undefined) return { state, effects: [] }
  const number = head.number + 1
  const busy = new Set(state.shards.map(({ peer }) => peer))
  const shards: Shard[] = [...state.shards]
  const effects: BlockSyncEffect[] = []
  for (const { peer, latest } of found) {
    if (shards.length >= SHARDS_MAX) break
    if (latest.number <= number || claims.has(peer) || busy.has(peer)) continue
    const range = { first: number, last: number }
    shards.push({ peer, ...range, deadlineMs: deadline(range, moment), isAnswered: false })
    effects.push({ type: 'requestBlocks', to: peer, from: number, count: 1 })
  }
  return { state: effects.length === 0 ? state : { ...state, shards }, effects }
}

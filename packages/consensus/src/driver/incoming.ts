/**
 * From a packet of a peer to an event of the protocol. What leaves here has been decoded once and verified once;
 * what does not matter is dropped before any signature is looked at.
 * @module
 */
import { isBcosError } from '@bcos-ts/common'
import type { HashText, NodeId, Transaction } from '@bcos-ts/protocol'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import { bondOf, prepareBond, viewChangeBond } from '../pbft/bond.ts'
import {
  isBehind,
  judgePlace,
  refusesLockProof,
  refusesViewChange,
  refusesVote,
} from '../pbft/checks.ts'
import { decodeBody, decodeEnvelope, decodeLockProof, decodePrepare } from '../pbft/codec.ts'
import {
  type Envelope,
  PacketId,
  type Proposal,
  type SignedBody,
  type VoteKind,
} from '../pbft/messages.ts'
import { decodeProposal } from '../pbft/proposal.ts'
import { isEmpty, type PbftEvent, type PbftState } from '../pbft/state.ts'
import { isBoundTo, isLockProven, isSignedBy } from './signatures.ts'
import { isSignedWell } from './transactions.ts'
import { lockOfProof } from './vote-record.ts'

/** What the reader may know when a packet comes. */
export interface ReadingContext {
  readonly state: PbftState
  readonly nowMs: number
  readonly suite: CryptoSuite
  readonly txCountLimit: number
  /** Blocks up to here are left to synchronisation. */
  readonly deferUpTo: number
  /** Sealers that were caught lying at this height; this reader adds to them. */
  readonly liars: Set<number>
  /** Prepares come by way of others. Whoever passes one on can keep it back, but not change what it proposes. */
  readonly isPrepareRelayed: boolean
  isConnected(nodeId: NodeId): boolean
  /** A transaction of the pool: its signature has been checked. */
  known(hash: HashText): Transaction | undefined
}

/** A good packet: what it means, and what passing it on needs. */
interface Received {
  readonly event: PbftEvent
  readonly envelope: Envelope
  /** `undefined` for packets that are not passed on. */
  readonly body: SignedBody | undefined
}

/** Why a packet was dropped: for the log. */
interface Dropped {
  readonly reason: string
}

export type Reading = Received | Dropped

const dropped = (reason: string): Dropped => ({ reason })

/** Total: anything a peer sends gives a reading, never an exception. */
export function readPacket(context: ReadingContext, payload: Uint8Array, from: number): Reading {
  try {
    const envelope = decodeEnvelope(payload)
    switch (envelope.packetId) {
      case PacketId.prepare:
        return readPrepare(context, envelope, from)
      case PacketId.sign:
        return readVote(context, envelope, { kind: 'sign', from })
      case PacketId.commit:
        return readVote(context, envelope, { kind: 'commit', from })
      case PacketId.viewChange:
        return readViewChange(context, envelope, from)
      case PacketId.lockProof:
        return readLockProof(context, envelope, from)
      default:
        return dropped(`unknown packet id ${envelope.packetId}`)
    }
  } catch (error) {
    if (isBcosError(error)) return dropped(error.message)
    throw error
  }
}

/**
 * Signatures of the reference do not cover the kind of a message (W8), so that a copy that was passed on may have
 * been changed. It counts only when its owner cannot tell us himself.
 */
function isSecondHand(context: ReadingContext, index: number, from: number): boolean {
  const owner = context.state.committee.sealers[index]
  return index !== from && owner !== undefined && context.isConnected(owner)
}

/** Why the origin of a message is not good, or `undefined`. */
function refusesOrigin(
  context: ReadingContext,
  body: SignedBody,
  { from, isRelayed = false }: { readonly from: number; readonly isRelayed?: boolean },
): string | undefined {
  const signer = context.state.committee.sealers[body.index]
  if (signer === undefined) return 'not of a sealer'
  if (!isRelayed && isSecondHand(context, body.index, from)) return 'second hand'
  return isSignedBy(body, signer, context.suite) ? undefined : 'bad signature'
}

function readPrepare(context: ReadingContext, envelope: Envelope, from: number): Reading {
  const { state, suite, deferUpTo, nowMs, txCountLimit } = context
  const body = decodePrepare(envelope.data)
  const verdict = judgePlace(state, body, deferUpTo)
  if (verdict.type === 'bad') return dropped(verdict.reason)
  if (!isBoundTo(body, prepareBond(body.hash, suite))) return dropped('bound to another proposal')
  const isRelayed = context.isPrepareRelayed
  const refusal = refusesOrigin(context, body, { from, isRelayed })
  if (refusal !== undefined) return dropped(refusal)
  // Who passes a prepare on has read it before, and answers for it as its owner does.
  const blamed = isRelayed ? from : body.index
  if (context.liars.has(blamed)) return dropped('of a sealer that lied')
  // Reading a proposal is the dearest thing a peer can ask for: whoever sent a bad one himself is not read again.
  if (blamed === from) context.liars.add(from)
  const proposal = decodeProposal(body.block, { hash: body.hash, txCountLimit }, suite)
  // The flag is not signed: whoever passes a prepare on could set it (W6).
  if (envelope.isEmptyBlock && !isEmpty(proposal)) return dropped('flagged empty, but is not')
  const checked = checkTransactions(context, proposal)
  if (checked === undefined) return dropped('a transaction has no good signature')
  if (blamed === from) context.liars.delete(from)
  const { height, view, index } = body
  const signer = state.committee.sealers[index] ?? ''
  const prepare = { height, view, index, signer, proposal: checked }
  return { event: { type: 'prepare', prepare, nowMs, deferUpTo }, envelope, body }
}

/**
 * Takes transactions of the pool where they are known, and checks the signatures of the others. A proposal by
 * hashes becomes whole when the pool knows all of it.
 */
function checkTransactions(context: ReadingContext, proposal: Proposal): Proposal | undefined {
  const { block, header, transactionHashes } = proposal
  const transactions: Transaction[] = []
  for (const [position, hash] of transactionHashes.entries()) {
    const known = context.known(hash)
    const transaction = known ?? block?.transactions[position]
    if (transaction === undefined) return proposal
    if (known === undefined && !isSignedWell(transaction, context.suite)) return undefined
    transactions.push(transaction)
  }
  return { ...proposal, block: { header, transactions, receipts: [], signatures: [] } }
}

function readVote(
  context: ReadingContext,
  envelope: Envelope,
  { kind, from }: { readonly kind: VoteKind; readonly from: number },
): Reading {
  const { state, deferUpTo, nowMs } = context
  const body = decodeBody(envelope.data)
  const refusal =
    refusesVote(state, kind, body, deferUpTo) ?? refusesOrigin(context, body, { from })
  if (refusal !== undefined) return dropped(refusal)
  const vote = { ...body, bond: bondOf(body.timestamp) }
  return { event: { type: 'vote', kind, vote, nowMs, deferUpTo }, envelope, body }
}

function readViewChange(context: ReadingContext, envelope: Envelope, from: number): Reading {
  const { state, suite, nowMs } = context
  const body = decodeBody(envelope.data)
  const { index, height, view, hash } = body
  const change = { height, view, hash }
  const stale = refusesViewChange(state, index, change)
  const wantsAnswer = index === from && isBehind(state, { from, change }, nowMs)
  if (stale !== undefined && !wantsAnswer) return dropped(stale)
  if (!isBoundTo(body, viewChangeBond(hash, suite))) return dropped('bound to something else')
  const refusal = refusesOrigin(context, body, { from })
  if (refusal !== undefined) return dropped(refusal)
  return { event: { type: 'viewChange', index, change, from, nowMs }, envelope, body }
}

function readLockProof(context: ReadingContext, envelope: Envelope, from: number): Reading {
  const { state, suite, nowMs } = context
  const proof = decodeLockProof(envelope.data)
  const refusal = refusesLockProof(state, proof)
  if (refusal !== undefined) return dropped(refusal)
  if (context.liars.has(from)) return dropped('of a sealer that lied')
  context.liars.add(from)
  const lock = lockOfProof(proof, suite)
  if (lock.proposal.header.number !== proof.height) return dropped('block of another height')
  if (!isLockProven(lock, state.committee, suite)) return dropped('proves nothing')
  context.liars.delete(from)
  return { event: { type: 'lockProof', lock, from, nowMs }, envelope, body: undefined }
}

/**
 * Own votes as bytes on disk.
 * @module
 */
import { EMPTY_BYTES, fromHex, toHex } from '@bcos-ts/common'
import { decodeBlock, encodeBytes, encodeInteger } from '@bcos-ts/protocol'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import { bondOf, voteBond } from '../pbft/bond.ts'
import { decodeLockProof, encodeLockProof } from '../pbft/codec.ts'
import type { LockProof } from '../pbft/messages.ts'
import { completeProposal, encodeWholeProposal } from '../pbft/proposal.ts'
import type { DurableVotes, Lock } from '../pbft/state.ts'
import { newestOf, openRecord, sealRecord } from './sealed-record.ts'

const FORMAT = 1

export interface VoteRecord {
  /** Grows with every record; the highest readable one counts. */
  readonly sequence: number
  readonly votes: DurableVotes
}

/** The lock in the form in which it travels and is kept. */
export function proofOf(height: number, lock: Lock, suite: CryptoSuite): LockProof {
  const { view, executedHash, signs, proposal } = lock
  return {
    height,
    view,
    executedHash,
    block: encodeWholeProposal(proposal.block, suite),
    signs,
  }
}

/** The lock in a proof. Says nothing about the signatures in it. */
export function lockOfProof(proof: LockProof, suite: CryptoSuite): Lock {
  const proposal = completeProposal(decodeBlock(proof.block, suite).block, suite)
  const hashes = { proposal: proposal.hash, executed: proof.executedHash }
  const expected = voteBond('sign', hashes, suite)
  const signs = proof.signs.map((sign) => ({ ...sign, bond: bondOf(sign.timestamp) }))
  return {
    view: proof.view,
    proposal,
    executedHash: proof.executedHash,
    signs,
    isProvable: signs.every((sign) => sign.bond === expected),
  }
}

/** The bytes end with a checksum, so that a torn record is known as one. */
export function encodeVoteRecord(record: VoteRecord, suite: CryptoSuite): Uint8Array {
  const { height, view, signed, lock } = record.votes
  return sealRecord(
    [
      encodeInteger(FORMAT),
      encodeInteger(record.sequence),
      encodeInteger(height),
      encodeInteger(view),
      encodeBytes(signed === undefined ? EMPTY_BYTES : fromHex(signed)),
      encodeBytes(lock === undefined ? EMPTY_BYTES : encodeLockProof(proofOf(height, lock, suite))),
    ],
    suite,
  )
}

/** `undefined` for a torn or foreign record. */
export function decodeVoteRecord(bytes: Uint8Array, suite: CryptoSuite): VoteRecord | undefined {
  const list = openRecord(bytes, suite)
  if (list?.number(0) !== FORMAT) return undefined
  const signed = list.bytes(4)
  const lock = list.bytes(5)
  return {
    sequence: list.number(1),
    votes: {
      height: list.number(2),
      view: list.number(3),
      signed: signed.length === 0 ? undefined : toHex(signed),
      lock: lock.length === 0 ? undefined : lockOfProof(decodeLockProof(lock), suite),
    },
  }
}

/** The newest readable record. Throws `CONSENSUS_VOTES_CORRUPT` for damage. */
export function newestRecord(
  records: readonly Uint8Array[],
  suite: CryptoSuite,
): VoteRecord | undefined {
  return newestOf(records, (bytes) => decodeVoteRecord(bytes, suite))
}

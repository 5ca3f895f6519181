/**
 * Own votes as bytes on disk.
 * @module
 */
import { concatBytes, EMPTY_BYTES, equalBytes, fromHex, toHex } from '@bcos-ts/common'
import { decodeBlock, decodeList, encodeBytes, encodeInteger, encodeList } from '@bcos-ts/protocol'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import { CorruptVotesError } from '../errors.ts'
import { bondOf, voteBond } from '../pbft/bond.ts'
import { decodeLockProof, encodeLockProof } from '../pbft/codec.ts'
import type { LockProof } from '../pbft/messages.ts'
import { completeProposal, encodeWholeProposal } from '../pbft/proposal.ts'
import type { DurableVotes, Lock } from '../pbft/state.ts'

const FORMAT = 1
const CHECK_BYTES = 8

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
  const content = encodeList([
    encodeInteger(FORMAT),
    encodeInteger(record.sequence),
    encodeInteger(height),
    encodeInteger(view),
    encodeBytes(signed === undefined ? EMPTY_BYTES : fromHex(signed)),
    encodeBytes(lock === undefined ? EMPTY_BYTES : encodeLockProof(proofOf(height, lock, suite))),
  ])
  return concatBytes(content, suite.hash(content).subarray(0, CHECK_BYTES))
}

/** `undefined` for a torn or foreign record. */
export function decodeVoteRecord(bytes: Uint8Array, suite: CryptoSuite): VoteRecord | undefined {
  if (bytes.length <= CHECK_BYTES) return undefined
  const content = bytes.subarray(0, bytes.length - CHECK_BYTES)
  const check = bytes.subarray(bytes.length - CHECK_BYTES)
  if (!equalBytes(suite.hash(content).subarray(0, CHECK_BYTES), check)) return undefined
  const list = decodeList(content)
  if (list.number(0) !== FORMAT) return undefined
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

/**
 * The newest readable record. A single unreadable one is the first that was ever written and was torn before
 * anything was sent; several unreadable ones are damage. Throws {@link CorruptVotesError}.
 */
export function newestRecord(
  records: readonly Uint8Array[],
  suite: CryptoSuite,
): VoteRecord | undefined {
  let newest: VoteRecord | undefined
  for (const bytes of records) {
    const record = decodeVoteRecord(bytes, suite)
    if (record !== undefined && record.sequence >= (newest?.sequence ?? 0)) newest = record
  }
  if (newest === undefined && records.length > 1) throw new CorruptVotesError(records.length)
  return newest
}

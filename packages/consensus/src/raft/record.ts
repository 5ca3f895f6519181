/**
 * Term, vote and accepted block as bytes on disk.
 * @module
 */
import { EMPTY_BYTES } from '@bcos-ts/common'
import { decodeBlock, encodeBytes, encodeInteger } from '@bcos-ts/protocol'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import { newestOf, openRecord, sealRecord } from '../driver/sealed-record.ts'
import { completeProposal, encodeWholeProposal } from '../pbft/proposal.ts'
import type { DurableRaft } from './state.ts'

const FORMAT = 1

export interface RaftRecord {
  /** Grows with every record; the highest readable one counts. */
  readonly sequence: number
  readonly kept: DurableRaft
}

/** The bytes end with a checksum, so that a torn record is known as one. */
export function encodeRaftRecord({ sequence, kept }: RaftRecord, suite: CryptoSuite): Uint8Array {
  const { term, votedFor, entry } = kept
  return sealRecord(
    [
      encodeInteger(FORMAT),
      encodeInteger(sequence),
      encodeInteger(term),
      // Nobody is 0.
      encodeInteger(votedFor === undefined ? 0 : votedFor + 1),
      encodeInteger(entry?.term ?? 0),
      encodeBytes(
        entry === undefined ? EMPTY_BYTES : encodeWholeProposal(entry.proposal.block, suite),
      ),
    ],
    suite,
  )
}

/** `undefined` for a torn or foreign record. */
export function decodeRaftRecord(bytes: Uint8Array, suite: CryptoSuite): RaftRecord | undefined {
  const list = openRecord(bytes, suite)
  if (list?.number(0) !== FORMAT) return undefined
  const voted = list.number(3)
  const block = list.bytes(5)
  const entry =
    block.length === 0
      ? undefined
      : {
          term: list.number(4),
          proposal: completeProposal(decodeBlock(block, suite).block, suite),
        }
  const kept = { term: list.number(2), votedFor: voted === 0 ? undefined : voted - 1, entry }
  return { sequence: list.number(1), kept }
}

/** The newest readable record. Throws `CONSENSUS_VOTES_CORRUPT` for damage. */
export function newestRaftRecord(
  records: readonly Uint8Array[],
  suite: CryptoSuite,
): RaftRecord | undefined {
  return newestOf(records, (bytes) => decodeRaftRecord(bytes, suite))
}

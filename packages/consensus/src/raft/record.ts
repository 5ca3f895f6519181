/**
 * Term, vote and accepted block as bytes on disk.
 * @module
 */
import { concatBytes, EMPTY_BYTES, equalBytes } from '@bcos-ts/common'
import { decodeBlock, decodeList, encodeBytes, encodeInteger, encodeList } from '@bcos-ts/protocol'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import { CorruptVotesError } from '../errors.ts'
import { completeProposal, encodeWholeProposal } from '../pbft/proposal.ts'
import type { DurableRaft } from './state.ts'

const FORMAT = 1
const CHECK_BYTES = 8

export interface RaftRecord {
  /** Grows with every record; the highest readable one counts. */
  readonly sequence: number
  readonly kept: DurableRaft
}

/** The bytes end with a checksum, so that a torn record is known as one. */
export function encodeRaftRecord({ sequence, kept }: RaftRecord, suite: CryptoSuite): Uint8Array {
  const { term, votedFor, entry } = kept
  const content = encodeList([
    encodeInteger(FORMAT),
    encodeInteger(sequence),
    encodeInteger(term),
    // Nobody is 0.
    encodeInteger(votedFor === undefined ? 0 : votedFor + 1),
    encodeInteger(entry?.term ?? 0),
    encodeBytes(
      entry === undefined ? EMPTY_BYTES : encodeWholeProposal(entry.proposal.block, suite),
    ),
  ])
  return concatBytes(content, suite.hash(content).subarray(0, CHECK_BYTES))
}

/** `undefined` for a torn or foreign record. */
export function decodeRaftRecord(bytes: Uint8Array, suite: CryptoSuite): RaftRecord | undefined {
  if (bytes.length <= CHECK_BYTES) return undefined
  const content = bytes.subarray(0, bytes.length - CHECK_BYTES)
  const check = bytes.subarray(bytes.length - CHECK_BYTES)
  if (!equalBytes(suite.hash(content).subarray(0, CHECK_BYTES), check)) return undefined
  const list = decodeList(content)
  if (list.number(0) !== FORMAT) return undefined
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

/**
 * The newest readable record. A single unreadable one is the first that was ever written and was torn before anything
 * was sent; several unreadable ones are damage. Throws {@link CorruptVotesError}.
 */
export function newestRaftRecord(
  records: readonly Uint8Array[],
  suite: CryptoSuite,
): RaftRecord | undefined {
  const readable = records.flatMap((bytes) => decodeRaftRecord(bytes, suite) ?? [])
  if (readable.length === 0 && records.length > 1) throw new CorruptVotesError(records.length)
  return readable.toSorted((a, b) => b.sequence - a.sequence)[0]
}

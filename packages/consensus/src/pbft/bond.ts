/**
 * Votes that cannot be recombined.
 *
 * On the wire of 2.x one signature covers the block hash and the other covers height, view, index and
 * timestamp: neither covers the kind of message, and nothing ties the two together (spec 04 §6.14, W8).
 * The timestamp is a number of 256 bits that only its sender fills and that nobody reads, so a node of this
 * implementation writes milliseconds into its low 64 bits and a digest of what the message means into the
 * high 192. With that, the second signature covers everything. Peers of the reference notice nothing;
 * their own timestamps are below 2^64 and are taken as they are.
 * @module
 */
import { bytesToBigInt, concatBytes, fromHex, toHex, utf8 } from '@bcos-ts/common'
import type { HashText } from '@bcos-ts/protocol'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import type { VoteKind } from './messages.ts'

const BOND_BYTES = 24
const CLOCK_BITS = 64n

/** 48 hex digits. Equal bonds mean: the signer meant the same. */
export type Bond = string

function bond(
  meaning: string,
  hashes: readonly HashText[],
  suite: Pick<CryptoSuite, 'hash'>,
): Bond {
  const digest = suite.hash(concatBytes(utf8(`bcos-ts/pbft/${meaning}`), ...hashes.map(fromHex)))
  return toHex(digest.subarray(0, BOND_BYTES))
}

/** A vote of this kind for this proposal, which execution turned into `executedHash`. */
export function voteBond(
  kind: VoteKind,
  hashes: { readonly proposal: HashText; readonly executed: HashText },
  suite: Pick<CryptoSuite, 'hash'>,
): Bond {
  return bond(kind, [hashes.proposal, hashes.executed], suite)
}

export function prepareBond(proposal: HashText, suite: CryptoSuite): Bond {
  return bond('prepare', [proposal], suite)
}

export function viewChangeBond(headHash: HashText, suite: CryptoSuite): Bond {
  return bond('view-change', [headHash], suite)
}

/** The timestamp to sign. Without a bond it is the plain clock of the reference. */
export function boundTimestamp(nowMs: number, bondOrNone: Bond | undefined): bigint {
  const clock = BigInt(Math.floor(nowMs))
  if (bondOrNone === undefined) return clock
  return (bytesToBigInt(fromHex(bondOrNone)) << CLOCK_BITS) | clock
}

/** The bond in a timestamp, `undefined` in a plain one. */
export function bondOf(timestamp: bigint): Bond | undefined {
  const high = timestamp >> CLOCK_BITS
  return high === 0n ? undefined : high.toString(16).padStart(2 * BOND_BYTES, '0')
}

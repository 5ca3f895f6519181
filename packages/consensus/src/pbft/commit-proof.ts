/**
 * Commits of a quorum, handed on between nodes of this implementation: what a block's signatures alone do not show.
 * Each is bound to its kind and to what it means, see `bond.ts`.
 * @module
 */
import { fromHex, isBcosError, toHex } from '@bcos-ts/common'
import { encodeBytes, encodeList, type HashText } from '@bcos-ts/protocol'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import type { Committee } from '../committee.ts'
import { unwrap, wrap } from '../wrapped.ts'
import { type Bond, bondOf, voteBond } from './bond.ts'
import { decodeBody, encodeBody, encodeSignedFields, reading } from './codec.ts'
import type { SignedBody } from './messages.ts'

/** Commits in a proof, at most. */
const COMMITS_MAX = 10_000
const HASH_BYTES = 32

export interface CommitProof {
  /** Hash of the header before execution, which bonds cover too. */
  readonly proposalHash: HashText
  /** Of one height, view and executed block. */
  readonly commits: readonly SignedBody[]
}

export function encodeCommitProof({ proposalHash, commits }: CommitProof): Uint8Array {
  const bodies = commits.map((commit) => encodeBytes(encodeBody(commit)))
  return wrap(encodeBytes(fromHex(proposalHash)), encodeList(bodies))
}

function decodeCommitProof(bytes: Uint8Array): CommitProof {
  return reading('commit proof', () => {
    const list = unwrap(bytes)
    const bodies = list.list(1, COMMITS_MAX)
    return {
      proposalHash: toHex(list.fixed(0, HASH_BYTES)),
      commits: bodies.items.map((_, i) => decodeBody(bodies.bytes(i))),
    }
  })
}

/** The bound commits of a quorum; `undefined` when too many came from nodes of the reference, which bind nothing. */
export function commitProofOf(
  proposalHash: HashText,
  commits: readonly (SignedBody & { readonly bond: Bond | undefined })[],
  quorum: number,
): CommitProof | undefined {
  const bound = commits.filter(({ bond }) => bond !== undefined).slice(0, quorum)
  return bound.length < quorum ? undefined : { proposalHash, commits: bound }
}

/** Total: bytes of a peer prove it, or do not. */
export function provesCommit(
  bytes: Uint8Array,
  { height, hash }: { readonly height: number; readonly hash: HashText },
  {
    committee,
    suite,
  }: { readonly committee: Committee; readonly suite: Pick<CryptoSuite, 'hash' | 'verify'> },
): boolean {
  let proof: CommitProof
  try {
    proof = decodeCommitProof(bytes)
  } catch (error) {
    if (!isBcosError(error)) throw error
    return false
  }
  const expected = voteBond('commit', { proposal: proof.proposalHash, executed: hash }, suite)
  const view = proof.commits[0]?.view
  const signers = new Set<number>()
  for (const commit of proof.commits) {
    const { index, timestamp, signature2 } = commit
    const signer = committee.sealers[index]
    const isInPlace = commit.height === height && commit.view === view && commit.hash === hash
    const isBound = bondOf(timestamp) === expected
    if (signer === undefined || !committee.working.includes(index)) return false
    if (!isInPlace || !isBound || signers.has(index)) return false
    if (!suite.verify(signature2, suite.hash(encodeSignedFields(commit)), fromHex(signer))) {
      return false
    }
    signers.add(index)
  }
  return signers.size >= committee.quorum
}

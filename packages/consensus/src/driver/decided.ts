/**
 * Whether a block that came by synchronisation was committed by somebody honest.
 *
 * Its signatures do not say so: on the wire of 2.x a sealer signs a block before it locks it with the same signature as
 * when it commits it (spec 04 §6.14, W8). A leader that shows its proposal to a part of the group, and its own sign to
 * nobody, holds the signatures of a quorum for a block that nobody is locked on: the group goes on to another one, and
 * whoever took the first stands on a fork. More than `maxFaulty` sealers cannot lie, so what that many and one more say
 * was said by an honest one too.
 * @module
 */
import { equalBytes, fromHex, toHex } from '@bcos-ts/common'
import type { HashText } from '@bcos-ts/protocol'
import type { CryptoSuite, SuccessorClaim, SyncedBlockEvidence } from '@bcos-ts/protocol/ports'
import type { Committee } from '../committee.ts'
import { provesCommit } from '../pbft/commit-proof.ts'

export interface DecisionTerms {
  /** In force for the block. */
  readonly committee: Committee
  readonly suite: Pick<CryptoSuite, 'hash' | 'verify'>
}

/** `another`: it is certain that another block of this height was committed. */
export type Decision = 'this' | 'another' | 'open'

/** What evidence says of a block whose signatures are good. */
export function decisionOn(
  block: { readonly number: number; readonly hash: Uint8Array },
  evidence: SyncedBlockEvidence,
  terms: DecisionTerms,
): Decision {
  // Nobody lies in so small a group: that is what its quorum, all of them, takes for granted.
  if (terms.committee.maxFaulty === 0) return 'this'
  const hash = toHex(block.hash)
  const { claims, next, proof } = evidence
  const byClaims = decisionOfClaims(hash, claims, terms)
  if (byClaims !== 'open') return byClaims
  if (next?.number === block.number + 1 && isSignedByHonest(next, terms)) {
    // A sealer signs what follows the block that it has committed.
    return equalBytes(next.parentHash, block.hash) ? 'this' : 'another'
  }
  const place = { height: block.number, hash }
  return proof !== undefined && provesCommit(proof, place, terms) ? 'this' : 'open'
}

function decisionOfClaims(
  hash: HashText,
  claims: SyncedBlockEvidence['claims'],
  { committee }: DecisionTerms,
): Decision {
  const votes = new Map<HashText, number>()
  for (const id of committee.workingIds) {
    const claimed = claims.get(id)
    if (claimed !== undefined) votes.set(claimed, (votes.get(claimed) ?? 0) + 1)
  }
  if ((votes.get(hash) ?? 0) > committee.maxFaulty) return 'this'
  for (const count of votes.values()) if (count > committee.maxFaulty) return 'another'
  return 'open'
}

/** By sealers of the block before: some may have gone with it, but those that stay are as honest as they were. */
function isSignedByHonest({ hash, signatures }: SuccessorClaim, terms: DecisionTerms): boolean {
  const { committee, suite } = terms
  const signers = new Set<number>()
  for (const { index, signature } of signatures) {
    const signer = committee.sealers[index]
    if (signer === undefined || signers.has(index) || !committee.working.includes(index)) continue
    if (suite.verify(signature, hash, fromHex(signer))) signers.add(index)
    if (signers.size > committee.maxFaulty) return true
  }
  return false
}

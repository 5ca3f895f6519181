import { equalBytes, fromHex } from '@bcos-ts/common'
import { type Block, type BlockSignature, encodeHeader } from '@bcos-ts/protocol'
import type { CryptoSuite, SyncedBlockEvidence, SyncedBlockVerdict } from '@bcos-ts/protocol/ports'
import type { Committee } from '../committee.ts'
import { viewChain } from './chain-view.ts'
import { decisionOn } from './decided.ts'
import type { PbftHost } from './host.ts'

export interface SyncedBlockTerms {
  /** In force for the block: as the chain below it says. */
  readonly committee: Committee
  readonly txCountLimit: number
  readonly suite: Pick<CryptoSuite, 'hash' | 'verify'>
}

/** The terms for the next block of a chain. */
export function syncedBlockTerms(
  host: Pick<PbftHost, 'chain' | 'self'> & Pick<SyncedBlockTerms, 'suite'>,
): SyncedBlockTerms {
  const { committee, txCountLimit } = viewChain(host)
  return { committee, txCountLimit, suite: host.suite }
}

/** What every block that came by synchronisation must be, signed or not: a sentence when it is not. */
export function refusesSyncedHeader(
  block: Block,
  hash: Uint8Array,
  terms: SyncedBlockTerms,
): string | undefined {
  const { committee, txCountLimit, suite } = terms
  const { header, transactions } = block
  if (!equalBytes(suite.hash(encodeHeader(header)), hash))
    return 'the hash is not that of the header'
  const { workingIds, working } = committee
  const isSameList =
    header.sealerList.length === workingIds.length &&
    header.sealerList.every((id, i) => id === workingIds[i])
  if (!isSameList) return 'the sealer list is not the one in force'
  if (!working.includes(Number(header.sealer)))
    return `sealer ${header.sealer} is not a working one`
  return transactions.length > txCountLimit
    ? `${transactions.length} transactions, above the limit of ${txCountLimit}`
    : undefined
}

/**
 * Whether a block that came by synchronisation was signed by a quorum (spec 04 §6.8), whose signatures say so, and
 * whether it is certain that it was committed.
 *
 * The reference counts entries, so that one sealer could fill the list alone (W5), and refuses a block for one bad
 * entry. Here a quorum of distinct sealers with good signatures is needed, and is enough: no others are looked at, and
 * this node, which keeps these, passes on nothing that the reference refuses.
 */
export function checkSyncedBlock(
  block: Block,
  hash: Uint8Array,
  terms: SyncedBlockTerms,
  evidence: SyncedBlockEvidence = NO_EVIDENCE,
): SyncedBlockVerdict {
  const refusal = refusesSyncedHeader(block, hash, terms)
  if (refusal !== undefined) return { refusal }
  const { committee, suite } = terms
  const { working, sealers, quorum } = committee
  const agreed = new Map<number, BlockSignature>()
  for (const signed of block.signatures) {
    if (agreed.size >= quorum) break
    const { index, signature } = signed
    const signer = sealers[index]
    if (signer === undefined || agreed.has(index) || !working.includes(index)) continue
    if (suite.verify(signature, hash, fromHex(signer))) agreed.set(index, signed)
  }
  if (agreed.size < quorum) {
    return { refusal: `${agreed.size} good signatures, ${quorum} are needed` }
  }
  const decision = decisionOn({ number: block.header.number, hash }, evidence, terms)
  if (decision === 'another') return { refusal: 'the group has committed another block' }
  return { signatures: [...agreed.values()], isDecided: decision === 'this' }
}

const NO_EVIDENCE: SyncedBlockEvidence = { claims: new Map() }

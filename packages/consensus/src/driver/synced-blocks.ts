import { toHex } from '@bcos-ts/common'
import type { Block, HashText } from '@bcos-ts/protocol'
import type { SyncedBlockEvidence, SyncedBlockVerdict } from '@bcos-ts/protocol/ports'
import { provesCommit } from '../pbft/commit-proof.ts'
import { checkSyncedBlock, syncedBlockTerms } from './check-synced-block.ts'
import { CheckedSignatures } from './checked-signatures.ts'
import type { PbftHost } from './host.ts'

/** Judges blocks that come by synchronisation, and shows what peers need that get theirs from this node. */
export class SyncedBlocks {
  readonly #host: PbftHost
  readonly #signatures: CheckedSignatures

  constructor(host: PbftHost) {
    this.#host = host
    this.#signatures = new CheckedSignatures(host.suite)
  }

  check(block: Block, hash: Uint8Array, evidence: SyncedBlockEvidence): SyncedBlockVerdict {
    const { chain, self } = this.#host
    const terms = syncedBlockTerms({ chain, self, suite: this.#signatures })
    const verdict = checkSyncedBlock(block, hash, terms, evidence)
    const { proof } = evidence
    if (verdict.refusal !== undefined || proof === undefined) return verdict
    const place = { height: block.header.number, hash: toHex(hash) }
    return provesCommit(proof, place, terms) ? { ...verdict, proof } : verdict
  }

  proofOf(hash: HashText): Uint8Array | undefined {
    const { chain } = this.#host
    return toHex(chain.headHash()) === hash ? chain.commitProof() : undefined
  }
}

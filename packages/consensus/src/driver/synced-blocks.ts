import { toHex } from '@bcos-ts/common'
import type { Block } from '@bcos-ts/protocol'
import type { SyncedBlockEvidence, SyncedBlockVerdict } from '@bcos-ts/protocol/ports'
import { checkSyncedBlock, syncedBlockTerms } from './check-synced-block.ts'
import { CheckedSignatures } from './checked-signatures.ts'
import { CommitProofs } from './commit-proofs.ts'
import type { PbftHost } from './host.ts'

/** Judges blocks that come by synchronisation, and keeps what peers need that get theirs from this node. */
export class SyncedBlocks {
  readonly proofs: CommitProofs
  readonly #host: PbftHost
  readonly #signatures: CheckedSignatures

  constructor(host: PbftHost) {
    this.#host = host
    this.#signatures = new CheckedSignatures(host.suite)
    this.proofs = new CommitProofs(host.proofs)
  }

  check(block: Block, hash: Uint8Array, evidence: SyncedBlockEvidence): SyncedBlockVerdict {
    const { chain, self } = this.#host
    const terms = syncedBlockTerms({ chain, self, suite: this.#signatures })
    const verdict = checkSyncedBlock(block, hash, terms, evidence)
    if (verdict.isDecided === true) this.proofs.note(toHex(hash), evidence.proof)
    return verdict
  }
}

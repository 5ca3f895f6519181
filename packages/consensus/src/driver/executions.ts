import { isBcosError, toHex } from '@bcos-ts/common'
import type { HashText } from '@bcos-ts/protocol'
import type { BlockExecutor, CryptoSuite, ExecutedBlock } from '@bcos-ts/protocol/ports'
import { voteBond } from '../pbft/bond.ts'
import type { CompleteProposal } from '../pbft/proposal.ts'
import type { Execution } from '../pbft/state.ts'
import type { Signer } from './signatures.ts'

/** Results kept of one height: the proposal of this view, a locked one, and one to spare. */
const KEPT_MAX = 3

interface Kept {
  readonly executed: ExecutedBlock
  /** Over the executed hash; sign, commit and block list carry the same one. */
  readonly signature: Uint8Array | undefined
}

export interface ExecutionsInit {
  readonly executor: Pick<BlockExecutor, 'execute'>
  readonly suite: CryptoSuite
  readonly signer: Signer
}

/** Executed proposals of the height being agreed on. One that is proposed again is not executed again. */
export class Executions {
  readonly #init: ExecutionsInit
  readonly #kept = new Map<HashText, Kept>()

  constructor(init: ExecutionsInit) {
    this.#init = init
  }

  /**
   * Executes, and prepares the sign vote. `undefined` when the block cannot be executed: a typed error of the
   * executor. Anything else that it throws is a mistake of ours and passes through.
   */
  run(
    proposal: CompleteProposal,
    place: { readonly height: number; readonly view: number; readonly index: number },
  ): Execution | undefined {
    const { suite, signer } = this.#init
    const kept = this.#execute(proposal)
    if (kept === undefined) return undefined
    const hash = toHex(kept.executed.hash)
    const hashes = { proposal: proposal.hash, executed: hash }
    const bonds = {
      sign: voteBond('sign', hashes, suite),
      commit: voteBond('commit', hashes, suite),
    }
    const reused = kept.signature === undefined ? {} : { signature: kept.signature }
    const body = signer.sign({ ...place, hash, bond: bonds.sign, ...reused })
    this.#kept.set(proposal.hash, { ...kept, signature: body.signature })
    const vote = { ...body, bond: signer.isVoteBound ? bonds.sign : undefined }
    return { hash, sign: vote, bonds }
  }

  /** Whether it has been executed already. */
  has({ hash }: CompleteProposal): boolean {
    return this.#kept.has(hash)
  }

  /** The result for the ledger. */
  take(proposal: CompleteProposal): ExecutedBlock | undefined {
    return this.#execute(proposal)?.executed
  }

  clear(): void {
    this.#kept.clear()
  }

  #execute(proposal: CompleteProposal): Kept | undefined {
    const kept = this.#kept.get(proposal.hash)
    if (kept !== undefined) return kept
    try {
      const executed = this.#init.executor.execute(proposal.block)
      const fresh = { executed, signature: undefined }
      this.#kept.set(proposal.hash, fresh)
      for (const oldest of this.#kept.keys()) {
        if (this.#kept.size <= KEPT_MAX) break
        this.#kept.delete(oldest)
      }
      return fresh
    } catch (error) {
      if (isBcosError(error)) return undefined
      throw error
    }
  }
}

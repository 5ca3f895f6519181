/**
 * When this node leads: closing a block of its own.
 * @module
 */
import type { Logger } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/protocol/ports'
import { completeProposal, type CompleteProposal } from '../pbft/proposal.ts'
import { isTurnToSeal } from '../pbft/round.ts'
import type { PbftState } from '../pbft/state.ts'
import {
  afterCommit,
  afterExecution,
  afterTimeout,
  type BlockSize,
  initialBlockSize,
  nextBlockSize,
  withLimit,
} from '../sealer/block-size.ts'
import { decideSealing, EMPTY_BLOCK_INTERVAL_MS } from '../sealer/policy.ts'
import { proposalBlock } from '../sealer/proposal-block.ts'
import type { CommitteeRotation } from './extension.ts'
import type { PbftHost, PbftOptions } from './host.ts'
import { shortHash } from './report.ts'

type SealingNeeds = Pick<PbftHost, 'chain' | 'pool' | 'blockClock' | 'clock'> & {
  readonly suite: CryptoSuite
  readonly logger: Logger
  readonly rotation: CommitteeRotation | undefined
}

/** Either a block, or the time at which to look again; `Infinity` when it is not our turn. */
export type Sealing =
  | { readonly type: 'sealed'; readonly proposal: CompleteProposal }
  | { readonly type: 'wait'; readonly untilMs: number }

const NEVER: Sealing = { type: 'wait', untilMs: Infinity }

export class Sealer {
  readonly #needs: SealingNeeds
  readonly #options: PbftOptions
  #size: BlockSize

  constructor(needs: SealingNeeds, options: PbftOptions, txCountLimit: number) {
    this.#needs = needs
    this.#options = options
    this.#size = initialBlockSize(txCountLimit)
  }

  onTimeout(txCount: number): void {
    if (this.#options.isBlockSizeDynamic) this.#size = afterTimeout(this.#size, txCount)
  }

  onCommit(txCount: number): void {
    if (this.#options.isBlockSizeDynamic) this.#size = afterCommit(this.#size, txCount)
  }

  onExecuted(txCount: number, tookMs: number): void {
    if (!this.#options.isBlockSizeDynamic) return
    this.#size = afterExecution(this.#size, { txCount, tookMs })
  }

  onTxCountLimit(limit: number): void {
    this.#size = withLimit(this.#size, limit)
  }

  trySeal(state: PbftState): Sealing {
    if (!isTurnToSeal(state)) return NEVER
    const decision = this.#decide(state, this.#needs.pool.size())
    if (decision.type === 'wait') return decision
    const { pool, rotation } = this.#needs
    const isRotating = rotation?.isDue() ?? false
    // The rotation has the first place of the block, and at times the only one.
    const places = nextBlockSize(this.#size) - (isRotating ? 1 : 0)
    const waiting = places > 0 ? pool.fetch(places, new Set()) : []
    if (waiting.length === 0 && places > 0) {
      // What waited has expired: then an empty block has to wait for its time.
      const again = this.#decide(state, 0)
      if (again.type === 'wait') return again
    }
    const first = isRotating && rotation !== undefined ? [rotation.transaction()] : []
    return { type: 'sealed', proposal: this.#seal(state, [...first, ...waiting]) }
  }

  #decide(state: PbftState, pending: number): ReturnType<typeof decideSealing> {
    const isCommitteeNew = this.#needs.rotation?.isCommitteeNew() ?? false
    return decideSealing({
      nowMs: this.#needs.clock.nowMs(),
      lastConsensusMs: state.lastConsensusMs,
      view: state.view,
      pending,
      // Members who do not know yet that they are some would miss a proposal that came at once.
      limit: isCommitteeNew ? Infinity : nextBlockSize(this.#size),
      minBlockGenerationMs: Math.min(this.#options.minBlockGenerationMs, EMPTY_BLOCK_INTERVAL_MS),
    })
  }

  #seal(
    state: PbftState,
    transactions: CompleteProposal['block']['transactions'],
  ): CompleteProposal {
    const { chain, blockClock, suite, logger } = this.#needs
    const { committee } = state
    const block = proposalBlock(
      {
        parent: chain.head(),
        parentHash: chain.headHash(),
        transactions,
        committee,
        nowMs: blockClock.nowMs(),
      },
      suite,
    )
    const proposal = completeProposal(block, suite)
    logger.info('++++++++++++++++ Generating seal on', {
      blkNum: block.header.number,
      tx: transactions.length,
      nodeIdx: committee.self,
      hash: shortHash(proposal.hash),
    })
    return proposal
  }
}

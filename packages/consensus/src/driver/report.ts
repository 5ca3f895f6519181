/**
 * The log lines that users and their tools look for (spec 04 §14.1). Wording and field names are theirs.
 * @module
 */
import type { Logger } from '@bcos-ts/common'
import type { BlockHeader, HashText } from '@bcos-ts/protocol'
import type { PbftState } from '../pbft/state.ts'

/** As logs abridge hashes. */
export function shortHash(hash: HashText): string {
  return `${hash.slice(0, 8)}...`
}

export interface CommittedBlock {
  readonly header: BlockHeader
  readonly hash: HashText
  readonly txCount: number
}

/** One line a block; `get_tps.sh` reads it. */
export function reportCommit(logger: Logger, block: CommittedBlock, state: PbftState): void {
  const { header, hash, txCount } = block
  logger.info('^^^^^^^^Report', {
    num: header.number,
    sealerIdx: header.sealer,
    hash: shortHash(hash),
    next: header.number + 1,
    tx: txCount,
    nodeIdx: state.committee.self,
  })
}

/** A view that failed, other than by a leader without transactions. */
export function reportTimeout(logger: Logger, state: PbftState, toView: number): void {
  logger.warn('ViewChangeWarning: not caused by omit empty block ', {
    v: state.view,
    toV: toView,
    curNum: state.head.number,
    hash: shortHash(state.head.hash),
    nodeIdx: state.committee.self,
    myNode: shortHash(state.committee.sealers[state.committee.self] ?? ''),
  })
}

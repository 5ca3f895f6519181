import { BcosError, type ErrorDetails } from '@bcos-ts/common'

export type ConsensusErrorCode =
  | 'CONSENSUS_INVALID_PACKET'
  | 'CONSENSUS_VOTES_CORRUPT'
  | 'CONSENSUS_HOST_FAILED'

export class ConsensusError<
  TCode extends ConsensusErrorCode = ConsensusErrorCode,
  TDetails extends ErrorDetails = ErrorDetails,
> extends BcosError<TCode, TDetails> {
  override readonly name = 'ConsensusError'
}

/** Bytes from a peer that are no packet of consensus; `part` is the first that does not fit. */
export class InvalidPacketError extends ConsensusError<
  'CONSENSUS_INVALID_PACKET',
  { readonly part: string; readonly reason: string }
> {
  constructor(part: string, reason: string, cause?: unknown) {
    super('CONSENSUS_INVALID_PACKET', `invalid packet of consensus, ${part}: ${reason}`, {
      details: { part, reason },
      cause,
    })
  }
}

/**
 * Records of own votes exist, but none can be read. Taking part without them could break an earlier promise,
 * so the engine does not start.
 */
export class CorruptVotesError extends ConsensusError<
  'CONSENSUS_VOTES_CORRUPT',
  { readonly records: number }
> {
  constructor(records: number, cause?: unknown) {
    super(
      'CONSENSUS_VOTES_CORRUPT',
      `none of the ${records} records of this node's own votes can be read; let the group commit the next block ` +
        'without this node (run it as observer), then remove the records and start it as sealer again',
      { details: { records }, cause },
    )
  }
}

/** The disk or the ledger failed; the engine has stopped before it could say what it could not keep. */
export class HostFailedError extends ConsensusError<
  'CONSENSUS_HOST_FAILED',
  { readonly action: string; readonly height: number }
> {
  constructor(action: string, height: number, cause: unknown) {
    super(
      'CONSENSUS_HOST_FAILED',
      `consensus stopped at height ${height}: ${action} failed; repair the cause (disk full, database closed) and restart`,
      { details: { action, height }, cause },
    )
  }
}

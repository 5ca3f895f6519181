import { BcosError } from '@bcos-ts/common'

export type SyncErrorCode = 'SYNC_INVALID_PACKET' | 'SYNC_EXECUTION_DIFFERS'

/** Bytes of a peer that are no packet of block and transaction synchronisation, or one beyond its limits. */
export class InvalidSyncPacketError extends BcosError<
  'SYNC_INVALID_PACKET',
  { readonly packet: string; readonly reason: string }
> {
  override readonly name = 'InvalidSyncPacketError'

  constructor(packet: string, reason: string, cause?: unknown) {
    super('SYNC_INVALID_PACKET', `invalid sync packet (${packet}): ${reason}`, {
      details: { packet, reason },
      cause,
    })
  }
}

/** A block that the group has decided, and that has another result here. The group stands still on this node. */
export class ExecutionDiffersError extends BcosError<
  'SYNC_EXECUTION_DIFFERS',
  { readonly number: number; readonly hash: string }
> {
  override readonly name = 'ExecutionDiffersError'

  constructor(number: number, hash: string) {
    super(
      'SYNC_EXECUTION_DIFFERS',
      `block ${number} (${hash}) is decided by the group, but has another result here; this node adds no block of ` +
        'the group until its program or its data are repaired and it is started anew; see bcos-ts difference',
      { details: { number, hash } },
    )
  }
}

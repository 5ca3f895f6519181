import { BcosError } from '@bcos-ts/common'

export type SyncErrorCode = 'SYNC_INVALID_PACKET'

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

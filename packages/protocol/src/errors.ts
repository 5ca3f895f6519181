import { BcosError, type ErrorDetails } from '@bcos-ts/common'

export type ProtocolErrorCode =
  | 'PROTOCOL_INVALID_RLP'
  | 'PROTOCOL_INVALID_TRANSACTION'
  | 'PROTOCOL_INVALID_BLOCK'
  | 'PROTOCOL_INVALID_GENESIS'
  | 'PROTOCOL_INVALID_ABI'
  | 'PROTOCOL_INVALID_FRAME'
  | 'PROTOCOL_UNSUPPORTED_VERSION'

export class ProtocolError<
  TCode extends ProtocolErrorCode = ProtocolErrorCode,
  TDetails extends ErrorDetails = ErrorDetails,
> extends BcosError<TCode, TDetails> {
  override readonly name = 'ProtocolError'
}

/** Bytes that are not the RLP that was expected. */
export class InvalidRlpError extends ProtocolError<
  'PROTOCOL_INVALID_RLP',
  { readonly reason: string; readonly offset: number }
> {
  constructor(reason: string, offset: number) {
    super('PROTOCOL_INVALID_RLP', `invalid RLP at byte ${offset}: ${reason}`, {
      details: { reason, offset },
    })
  }
}

/** Bytes that are RLP, but not a transaction; `field` is the first that does not fit. */
export class InvalidTransactionError extends ProtocolError<
  'PROTOCOL_INVALID_TRANSACTION',
  { readonly field: string; readonly reason: string }
> {
  constructor(field: string, reason: string, cause?: unknown) {
    super('PROTOCOL_INVALID_TRANSACTION', `invalid transaction, field ${field}: ${reason}`, {
      details: { field, reason },
      cause,
    })
  }
}

/** Bytes that are RLP, but not a block, header or receipt. */
export class InvalidBlockError extends ProtocolError<
  'PROTOCOL_INVALID_BLOCK',
  { readonly part: string; readonly reason: string }
> {
  constructor(part: string, reason: string, cause?: unknown) {
    super('PROTOCOL_INVALID_BLOCK', `invalid block, ${part}: ${reason}`, {
      details: { part, reason },
      cause,
    })
  }
}

/** Genesis parameters that no chain can have. */
export class InvalidGenesisError extends ProtocolError<
  'PROTOCOL_INVALID_GENESIS',
  { readonly parameter: string; readonly reason: string }
> {
  constructor(parameter: string, reason: string) {
    super('PROTOCOL_INVALID_GENESIS', `invalid genesis, ${parameter}: ${reason}`, {
      details: { parameter, reason },
    })
  }
}

/** ABI data or an ABI description that cannot be read. */
export class InvalidAbiError extends ProtocolError<
  'PROTOCOL_INVALID_ABI',
  { readonly type: string; readonly reason: string }
> {
  constructor(type: string, reason: string) {
    super('PROTOCOL_INVALID_ABI', `ABI type ${type}: ${reason}`, { details: { type, reason } })
  }
}

/** Bytes on a channel that are no frame; nothing that follows on the connection can be read. */
export class InvalidChannelFrameError extends ProtocolError<
  'PROTOCOL_INVALID_FRAME',
  { readonly reason: string }
> {
  constructor(reason: string) {
    super('PROTOCOL_INVALID_FRAME', `invalid channel frame: ${reason}`, { details: { reason } })
  }
}

/** A chain format that this implementation does not speak. */
export class UnsupportedVersionError extends ProtocolError<
  'PROTOCOL_UNSUPPORTED_VERSION',
  { readonly version: string }
> {
  constructor(version: string) {
    super(
      'PROTOCOL_UNSUPPORTED_VERSION',
      `supported_version "${version}" is not spoken here; chains of 2.9.0 and 2.9.1 are`,
      { details: { version } },
    )
  }
}

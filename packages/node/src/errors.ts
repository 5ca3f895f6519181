import { BcosError, type ErrorDetails } from '@bcos-ts/common'

export type NodeErrorCode =
  | 'CONFIG_UNREADABLE'
  | 'CONFIG_SYNTAX'
  | 'CONFIG_INVALID_VALUE'
  | 'CONFIG_MISSING_KEY'
  | 'CONFIG_OTHER_GROUP'
  | 'NODE_GUOMI_TRANSPORT'
  | 'NODE_ENCRYPTION_NOT_OFFERED'
  | 'NODE_INVALID_DIFFERENCE'
  | 'REPLAY_INVALID_RECORDING'

export class NodeError<
  TCode extends NodeErrorCode = NodeErrorCode,
  TDetails extends ErrorDetails = ErrorDetails,
> extends BcosError<TCode, TDetails> {
  override readonly name = 'NodeError'
}

export class ConfigUnreadableError extends NodeError<
  'CONFIG_UNREADABLE',
  { readonly file: string; readonly reason: string }
> {
  constructor(file: string, reason: string, cause?: unknown) {
    super('CONFIG_UNREADABLE', `cannot read ${file}: ${reason}`, {
      details: { file, reason },
      cause,
    })
  }
}

export class ConfigSyntaxError extends NodeError<
  'CONFIG_SYNTAX',
  { readonly file: string; readonly line: number; readonly reason: string }
> {
  constructor(file: string, line: number, reason: string) {
    super('CONFIG_SYNTAX', `${file}:${line}: ${reason}`, { details: { file, line, reason } })
  }
}

/** A value that its key cannot have; names the place and the form that is expected. */
export class InvalidValueError extends NodeError<
  'CONFIG_INVALID_VALUE',
  {
    readonly file: string
    readonly line: number
    readonly key: string
    readonly value: string
    readonly expected: string
  }
> {
  constructor(place: {
    readonly file: string
    readonly line: number
    readonly key: string
    readonly value: string
    readonly expected: string
  }) {
    super(
      'CONFIG_INVALID_VALUE',
      `${place.file}:${place.line}: ${place.key} is "${place.value}", expected ${place.expected}`,
      { details: place },
    )
  }
}

export class MissingKeyError extends NodeError<
  'CONFIG_MISSING_KEY',
  { readonly file: string; readonly key: string; readonly expected: string }
> {
  constructor(file: string, key: string, expected: string) {
    super('CONFIG_MISSING_KEY', `${file}: ${key} is missing, expected ${expected}`, {
      details: { file, key, expected },
    })
  }
}

/** A genesis file that describes another group than its name says. */
export class InvalidGroupFileError extends NodeError<
  'CONFIG_OTHER_GROUP',
  { readonly file: string; readonly expected: number; readonly actual: number }
> {
  constructor(file: string, expected: number, actual: number) {
    super(
      'CONFIG_OTHER_GROUP',
      `${file}: group.id is ${actual}, but the file is named for group ${expected}; rename it, or restore its content`,
      { details: { file, expected, actual } },
    )
  }
}

/** Disk encryption is switched on. Going on without it would leave data in the clear. */
export class EncryptionNotOfferedError extends NodeError<
  'NODE_ENCRYPTION_NOT_OFFERED',
  { readonly file: string }
> {
  constructor(file: string) {
    super(
      'NODE_ENCRYPTION_NOT_OFFERED',
      `${file}: storage_security.enable is on, but encryption of the database is not offered yet; ` +
        'set it to false to run this node with its data in the clear',
      { details: { file } },
    )
  }
}

/** National TLS between nodes, which Node's OpenSSL does not speak. */
export class GuomiTransportError extends NodeError<
  'NODE_GUOMI_TRANSPORT',
  { readonly file: string }
> {
  constructor(file: string) {
    super(
      'NODE_GUOMI_TRANSPORT',
      `${file}: chain.sm_crypto is on, but TLS of national cryptography between nodes is not offered yet; ` +
        'build the chain without -g',
      { details: { file } },
    )
  }
}

/** A folder that is not a recording, or one that contradicts itself. */
export class InvalidRecordingError extends NodeError<
  'REPLAY_INVALID_RECORDING',
  { readonly folder: string; readonly reason: string }
> {
  constructor(folder: string, reason: string, cause?: unknown) {
    super(
      'REPLAY_INVALID_RECORDING',
      `${folder} is not a recording that can be replayed: ${reason}`,
      {
        details: { folder, reason },
        cause,
      },
    )
  }
}

/** A file of the data folder that is named as a report on a difference and is none. */
export class InvalidDifferenceError extends NodeError<
  'NODE_INVALID_DIFFERENCE',
  { readonly file: string }
> {
  constructor(file: string) {
    super(
      'NODE_INVALID_DIFFERENCE',
      `${file} is not a report on a difference; remove it and start the node, which writes it anew when the block still differs`,
      { details: { file } },
    )
  }
}

import { BcosError, type ErrorDetails } from '@bcos-ts/common'

export type StorageErrorCode =
  | 'STORAGE_NOT_OPEN'
  | 'STORAGE_BLOCK_GAP'
  | 'STORAGE_CORRUPT'
  | 'STORAGE_OPEN_FAILED'
  | 'STATE_UNDECLARED_FIELD'

export class StorageError<
  TCode extends StorageErrorCode = StorageErrorCode,
  TDetails extends ErrorDetails = ErrorDetails,
> extends BcosError<TCode, TDetails> {
  override readonly name = 'StorageError'
}

export class StorageNotOpenError extends StorageError<
  'STORAGE_NOT_OPEN',
  { readonly driver: string }
> {
  constructor(driver: string) {
    super('STORAGE_NOT_OPEN', `the ${driver} storage is not started, or has been stopped`, {
      details: { driver },
    })
  }
}

export class BlockGapError extends StorageError<
  'STORAGE_BLOCK_GAP',
  { readonly expected: number; readonly actual: number }
> {
  constructor(expected: number, actual: number) {
    super('STORAGE_BLOCK_GAP', `expected block ${expected}, got ${actual}; nothing was written`, {
      details: { expected, actual },
    })
  }
}

export class CorruptStorageError extends StorageError<
  'STORAGE_CORRUPT',
  { readonly table: string; readonly reason: string }
> {
  constructor(table: string, reason: string, cause?: unknown) {
    super(
      'STORAGE_CORRUPT',
      `the rows of table ${table} cannot be read (${reason}); remove the data directory and synchronise again`,
      { details: { table, reason }, cause },
    )
  }
}

export class StorageOpenError extends StorageError<
  'STORAGE_OPEN_FAILED',
  { readonly path: string; readonly reason: string }
> {
  constructor(path: string, reason: string, cause?: unknown) {
    super('STORAGE_OPEN_FAILED', `cannot open the database at ${path}: ${reason}`, {
      details: { path, reason },
      cause,
    })
  }
}

/** A row with a field that its table does not have (spec 03 §7.3). */
export class UndeclaredFieldError extends StorageError<
  'STATE_UNDECLARED_FIELD',
  { readonly table: string; readonly field: string }
> {
  constructor(table: string, field: string) {
    super('STATE_UNDECLARED_FIELD', `table ${table} has no field "${field}"`, {
      details: { table, field },
    })
  }
}

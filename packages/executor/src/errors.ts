import { BcosError, type ErrorDetails } from '@bcos-ts/common'

export type ExecutorErrorCode = 'EXECUTOR_WRONG_PARENT' | 'EXECUTOR_INVALID_BLOCK'

export class ExecutorError<
  TCode extends ExecutorErrorCode = ExecutorErrorCode,
  TDetails extends ErrorDetails = ErrorDetails,
> extends BcosError<TCode, TDetails> {
  override readonly name = 'ExecutorError'
}

/** A block that does not stand on the latest committed one. */
export class WrongParentError extends ExecutorError<
  'EXECUTOR_WRONG_PARENT',
  { readonly expected: number; readonly actual: number }
> {
  constructor(expected: number, actual: number) {
    super(
      'EXECUTOR_WRONG_PARENT',
      `block ${actual} cannot be executed now: block ${expected} is next`,
      {
        details: { expected, actual },
      },
    )
  }
}

/** A block that as a whole cannot be executed. */
export class InvalidBlockError extends ExecutorError<
  'EXECUTOR_INVALID_BLOCK',
  { readonly number: number; readonly reason: string }
> {
  constructor(number: number, reason: string) {
    super('EXECUTOR_INVALID_BLOCK', `block ${number} cannot be executed: ${reason}`, {
      details: { number, reason },
    })
  }
}

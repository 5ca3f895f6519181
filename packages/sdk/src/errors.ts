import { BcosError, type ErrorDetails } from '@bcos-ts/common'

export type SdkErrorCode =
  | 'SDK_NO_CONNECTION'
  | 'SDK_RPC_ERROR'
  | 'SDK_INVALID_ANSWER'
  | 'SDK_RECEIPT_TIMEOUT'
  | 'SDK_TRANSACTION_FAILED'
  | 'SDK_UNKNOWN_FUNCTION'

export class SdkError<
  TCode extends SdkErrorCode = SdkErrorCode,
  TDetails extends ErrorDetails = ErrorDetails,
> extends BcosError<TCode, TDetails> {
  override readonly name = 'SdkError'
}

export class NoConnectionError extends SdkError<'SDK_NO_CONNECTION', { readonly url: string }> {
  constructor(url: string, reason: string, cause?: unknown) {
    super('SDK_NO_CONNECTION', `no answer from ${url}: ${reason}; is the node running?`, {
      details: { url },
      cause,
    })
  }
}

/** The node refused a request; code and text are its own. */
export class RpcError extends SdkError<
  'SDK_RPC_ERROR',
  { readonly method: string; readonly rpcCode: number }
> {
  constructor(method: string, rpcCode: number, message: string) {
    super('SDK_RPC_ERROR', `${method}: ${message} (${rpcCode})`, { details: { method, rpcCode } })
  }
}

export class InvalidAnswerError extends SdkError<
  'SDK_INVALID_ANSWER',
  { readonly method: string }
> {
  constructor(method: string, reason: string, cause?: unknown) {
    super('SDK_INVALID_ANSWER', `the answer to ${method} cannot be read: ${reason}`, {
      details: { method },
      cause,
    })
  }
}

export class ReceiptTimeoutError extends SdkError<
  'SDK_RECEIPT_TIMEOUT',
  { readonly hash: string; readonly waitedMs: number }
> {
  constructor(hash: string, waitedMs: number) {
    super(
      'SDK_RECEIPT_TIMEOUT',
      `transaction ${hash} was not in a block after ${waitedMs} ms; it may still be: ask for its receipt again`,
      { details: { hash, waitedMs } },
    )
  }
}

/** A transaction that is in a block and failed there. */
export class TransactionFailedError extends SdkError<
  'SDK_TRANSACTION_FAILED',
  { readonly hash: string; readonly status: number }
> {
  constructor(hash: string, status: number, reason: string) {
    super('SDK_TRANSACTION_FAILED', `transaction ${hash} failed: ${reason} (status ${status})`, {
      details: { hash, status },
    })
  }
}

export class UnknownFunctionError extends SdkError<
  'SDK_UNKNOWN_FUNCTION',
  { readonly name: string }
> {
  constructor(name: string, known: readonly string[]) {
    super('SDK_UNKNOWN_FUNCTION', `no function ${name}; there are ${known.join(', ')}`, {
      details: { name },
    })
  }
}

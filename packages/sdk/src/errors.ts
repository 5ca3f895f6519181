import { BcosError, type ErrorDetails } from '@bcos-ts/common'
import { resultCodeMessage, statusMessage } from '@bcos-ts/protocol'
import type { TransactionReceipt } from './receipt.ts'

export type SdkErrorCode =
  | 'SDK_NO_CONNECTION'
  | 'SDK_RPC_ERROR'
  | 'SDK_INVALID_ANSWER'
  | 'SDK_RECEIPT_TIMEOUT'
  | 'SDK_TRANSACTION_REFUSED'
  | 'SDK_TRANSACTION_FAILED'
  | 'SDK_CALL_FAILED'
  | 'SDK_UNKNOWN_FUNCTION'
  | 'SDK_AMBIGUOUS_FUNCTION'
  | 'SDK_OTHER_SUITE'
  | 'SDK_EVENT_REFUSED'
  | 'SDK_AMOP_FAILED'
  | 'SDK_INVALID_TOPIC'
  | 'SDK_NO_PUSH'
  | 'SDK_TABLE_ERROR'

export class SdkError<
  TCode extends SdkErrorCode = SdkErrorCode,
  TDetails extends ErrorDetails = ErrorDetails,
> extends BcosError<TCode, TDetails> {
  override readonly name = 'SdkError'
}

/** No answer came. A request that was on its way may have been carried out all the same. */
export class NoConnectionError extends SdkError<
  'SDK_NO_CONNECTION',
  { readonly url: string; readonly wasSent: boolean }
> {
  constructor(url: string, reason: string, { wasSent, cause }: NoConnectionCause) {
    super('SDK_NO_CONNECTION', `no answer from ${url}: ${reason}; is the node running?`, {
      details: { url, wasSent },
      cause,
    })
  }
}

export interface NoConnectionCause {
  /** `false` when the node cannot have seen the request. */
  readonly wasSent: boolean
  readonly cause?: unknown
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

/** A transaction that no block will hold: the node's pool did not take it, or threw it out. */
export class TransactionRefusedError extends SdkError<
  'SDK_TRANSACTION_REFUSED',
  { readonly hash: string; readonly status: number; readonly reason: string }
> {
  constructor(hash: string, status: number, reason: string = statusMessage(status)) {
    super(
      'SDK_TRANSACTION_REFUSED',
      `transaction ${hash} was refused: ${reason} (status ${status})`,
      { details: { hash, status, reason } },
    )
  }
}

/** Why a transaction or call failed: the contract's own words, or the name of the status. */
export interface FailureReason {
  readonly reason: string
  /** Number that a native contract answered with, `null` when it gave none. */
  readonly nativeCode: number | null
}

/** A transaction that is in a block and failed there. */
export class TransactionFailedError extends SdkError<
  'SDK_TRANSACTION_FAILED',
  {
    readonly hash: string
    readonly status: number
    readonly reason: string
    readonly nativeCode: number | null
  }
> {
  readonly receipt: TransactionReceipt

  constructor(receipt: TransactionReceipt, { reason, nativeCode }: FailureReason) {
    const { transactionHash: hash, status } = receipt
    super(
      'SDK_TRANSACTION_FAILED',
      `transaction ${hash} failed: ${withCode(reason, nativeCode)} (status ${status})`,
      { details: { hash, status, reason, nativeCode } },
    )
    this.receipt = receipt
  }
}

/** A call that ended with a status other than 0. */
export class CallFailedError extends SdkError<
  'SDK_CALL_FAILED',
  {
    readonly to: string
    readonly status: number
    readonly reason: string
    readonly nativeCode: number | null
  }
> {
  constructor(to: string, status: number, { reason, nativeCode }: FailureReason) {
    super(
      'SDK_CALL_FAILED',
      `the call to ${to} failed: ${withCode(reason, nativeCode)} (status ${status})`,
      { details: { to, status, reason, nativeCode } },
    )
  }
}

function withCode(reason: string, nativeCode: number | null): string {
  return nativeCode === null
    ? reason
    : `${reason}: ${resultCodeMessage(nativeCode)} (${nativeCode})`
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

export class AmbiguousFunctionError extends SdkError<
  'SDK_AMBIGUOUS_FUNCTION',
  { readonly name: string }
> {
  constructor(name: string, signatures: readonly string[]) {
    super(
      'SDK_AMBIGUOUS_FUNCTION',
      `${name} is overloaded: name one of ${signatures.join(', ')} instead`,
      { details: { name } },
    )
  }
}

/** The account's cryptography is not the chain's, so its signatures and addresses mean nothing there. */
export class OtherSuiteError extends SdkError<
  'SDK_OTHER_SUITE',
  { readonly account: string; readonly chain: string }
> {
  constructor(account: string, chain: string) {
    super(
      'SDK_OTHER_SUITE',
      `the account is of suite ${account}, the chain of suite ${chain}; make the account with the chain's suite`,
      { details: { account, chain } },
    )
  }
}

/** The node does not take up a filter of events; the code is one of spec 02 §11.1. */
export class EventRefusedError extends SdkError<
  'SDK_EVENT_REFUSED',
  { readonly eventCode: number }
> {
  constructor(eventCode: number, reason: string) {
    super('SDK_EVENT_REFUSED', `the events cannot be watched: ${reason} (${eventCode})`, {
      details: { eventCode },
    })
  }
}

/** A message between applications was not answered; the code is one of spec 02 §7. */
export class AmopFailedError extends SdkError<
  'SDK_AMOP_FAILED',
  { readonly topic: string; readonly amopCode: number }
> {
  constructor(topic: string, amopCode: number, reason: string) {
    super('SDK_AMOP_FAILED', `no answer on topic ${topic}: ${reason} (${amopCode})`, {
      details: { topic, amopCode },
    })
  }
}

export class InvalidTopicError extends SdkError<'SDK_INVALID_TOPIC', { readonly topic: string }> {
  constructor(topic: string) {
    super('SDK_INVALID_TOPIC', `a topic has at most 254 bytes, not ${topic.length} characters`, {
      details: { topic: topic.slice(0, 80) },
    })
  }
}

export class NoPushError extends SdkError<'SDK_NO_PUSH', { readonly what: string }> {
  constructor(what: string) {
    super(
      'SDK_NO_PUSH',
      `${what} needs a connection on which nodes speak first: use webSocketTransport or channelTransport`,
      { details: { what } },
    )
  }
}

/** A table refuses to be read; the code is the contract's. */
export class TableError extends SdkError<
  'SDK_TABLE_ERROR',
  { readonly table: string; readonly nativeCode: number }
> {
  constructor(table: string, nativeCode: number, reason: string) {
    super('SDK_TABLE_ERROR', `table ${table} cannot be read: ${reason} (${nativeCode})`, {
      details: { table, nativeCode },
    })
  }
}

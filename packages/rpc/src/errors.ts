import { BcosError, type ErrorDetails } from '@bcos-ts/common'

export type RpcErrorCode =
  | 'RPC_PARSE_ERROR'
  | 'RPC_INVALID_REQUEST'
  | 'RPC_METHOD_NOT_FOUND'
  | 'RPC_INVALID_PARAMS'
  | 'RPC_NOTIFICATION'
  | 'RPC_INTERNAL'
  | 'RPC_GROUP_NOT_FOUND'
  | 'RPC_BLOCK_HASH_NOT_FOUND'
  | 'RPC_BLOCK_NUMBER_NOT_FOUND'
  | 'RPC_TRANSACTION_INDEX_RANGE'
  | 'RPC_CALL_WITHOUT_FROM'
  | 'RPC_NO_VIEW'
  | 'RPC_INVALID_SYSTEM_CONFIG'
  | 'RPC_NOT_A_MEMBER'
  | 'RPC_WRONG_CONSENSUS'
  | 'RPC_OVER_LIMIT'
  | 'RPC_SDK_NOT_ALLOWED'
  | 'RPC_RECEIPT_INDEX_RANGE'
  | 'RPC_MANAGEMENT_DISABLED'

/** What each failure is called in JSON-RPC: its number, and its message (spec 02 §13.3, §13.4). */
const FAILURES: Readonly<Record<RpcErrorCode, readonly [number: number, message: string]>> = {
  RPC_PARSE_ERROR: [-32_700, 'JSON_PARSE_ERROR: The JSON-Object is not JSON-Valid'],
  RPC_INVALID_REQUEST: [
    -32_600,
    'INVALID_JSON_REQUEST: The JSON sent is not a valid JSON-RPC Request object',
  ],
  RPC_METHOD_NOT_FOUND: [
    -32_601,
    'METHOD_NOT_FOUND: The method being requested is not available on this server',
  ],
  RPC_INVALID_PARAMS: [
    -32_602,
    'INVALID_PARAMS: Invalid method parameters (invalid name and/or type) recognised',
  ],
  RPC_NOTIFICATION: [
    -32_604,
    'PROCEDURE_IS_METHOD: The requested notification is declared as a method',
  ],
  // SDKs look for words behind this prefix, which the reference writes twice.
  RPC_INTERNAL: [-32_603, 'INTERNAL_ERROR: : INTERNAL_ERROR: : '],
  RPC_GROUP_NOT_FOUND: [-40_001, 'GroupID does not exist'],
  RPC_BLOCK_HASH_NOT_FOUND: [-40_003, 'BlockHash does not exist'],
  RPC_BLOCK_NUMBER_NOT_FOUND: [-40_004, 'BlockNumber does not exist'],
  RPC_TRANSACTION_INDEX_RANGE: [-40_005, 'TransactionIndex is out of range'],
  RPC_CALL_WITHOUT_FROM: [-40_006, "Call needs a 'from' field"],
  RPC_NO_VIEW: [-40_007, 'Only pbft consensus supports the view property'],
  RPC_INVALID_SYSTEM_CONFIG: [-40_008, 'Invalid System Config'],
  RPC_NOT_A_MEMBER: [-40_009, "Don't send request to this node who doesn't belong to the group"],
  RPC_WRONG_CONSENSUS: [-40_009, ''],
  RPC_OVER_LIMIT: [-40_011, ''],
  RPC_SDK_NOT_ALLOWED: [-40_012, ''],
  RPC_RECEIPT_INDEX_RANGE: [-40_099, ''],
  RPC_MANAGEMENT_DISABLED: [-100_001, 'Dynamic group related interfaces are forbidden to access'],
}

/** The number of a failure in JSON-RPC. */
export function rpcErrorNumber(code: RpcErrorCode): number {
  return FAILURES[code][0]
}

/** A failure that a client is told, as JSON-RPC tells it. */
export class RpcError extends BcosError<RpcErrorCode> {
  override readonly name = 'RpcError'
  /** The number of the failure in JSON-RPC. */
  readonly number: number

  /** `text` is what the message says beyond the words that are always the same. */
  constructor(code: RpcErrorCode, text = '') {
    const [number, message] = FAILURES[code]
    super(code, message + text, { details: { number } })
    this.number = number
  }
}

export type RpcServerErrorCode = 'RPC_LISTEN_FAILED' | 'RPC_INVALID_CERTIFICATE'

export class RpcServerError<
  TCode extends RpcServerErrorCode = RpcServerErrorCode,
  TDetails extends ErrorDetails = ErrorDetails,
> extends BcosError<TCode, TDetails> {
  override readonly name = 'RpcServerError'
}

/** A port for clients cannot be opened. */
export class RpcListenFailedError extends RpcServerError<
  'RPC_LISTEN_FAILED',
  { readonly endpoint: string; readonly reason: string }
> {
  constructor(endpoint: string, reason: string, cause?: unknown) {
    super(
      'RPC_LISTEN_FAILED',
      `cannot listen on ${endpoint}: ${reason}; another process may hold the port`,
      { details: { endpoint, reason }, cause },
    )
  }
}

/** Key and certificates with which no channel can be opened. */
export class InvalidChannelCertificateError extends RpcServerError<
  'RPC_INVALID_CERTIFICATE',
  { readonly reason: string }
> {
  constructor(reason: string, cause?: unknown) {
    super(
      'RPC_INVALID_CERTIFICATE',
      `key and certificates of the channel cannot be used: ${reason}`,
      { details: { reason }, cause },
    )
  }
}

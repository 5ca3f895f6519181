import { BcosError, type ErrorDetails } from '@bcos-ts/common'

export type NetworkErrorCode =
  | 'NETWORK_INVALID_FRAME'
  | 'NETWORK_INVALID_ENDPOINT'
  | 'NETWORK_INVALID_NODE_ID'
  | 'NETWORK_INVALID_CERTIFICATE'
  | 'NETWORK_LISTEN_FAILED'
  | 'NETWORK_DIAL_FAILED'
  | 'NETWORK_REQUEST_FAILED'

export class NetworkError<
  TCode extends NetworkErrorCode = NetworkErrorCode,
  TDetails extends ErrorDetails = ErrorDetails,
> extends BcosError<TCode, TDetails> {
  override readonly name = 'NetworkError'
}

/** Bytes of a peer that are not a frame. The session they came from is lost; nothing else is. */
export class InvalidFrameError extends NetworkError<
  'NETWORK_INVALID_FRAME',
  { readonly reason: string }
> {
  constructor(reason: string) {
    super('NETWORK_INVALID_FRAME', `invalid P2P frame: ${reason}`, { details: { reason } })
  }
}

/** An address that is not `host:port` or `[v6]:port`. */
export class InvalidEndpointError extends NetworkError<
  'NETWORK_INVALID_ENDPOINT',
  { readonly endpoint: string }
> {
  constructor(endpoint: string) {
    super(
      'NETWORK_INVALID_ENDPOINT',
      `"${endpoint}" is not an address; write host:port, or [address]:port for IPv6`,
      { details: { endpoint } },
    )
  }
}

/** An entry of an allow or deny list that is not a node id. */
export class InvalidNodeIdError extends NetworkError<
  'NETWORK_INVALID_NODE_ID',
  { readonly text: string }
> {
  constructor(text: string) {
    super('NETWORK_INVALID_NODE_ID', `"${text}" is not a node id of 128 hex digits`, {
      details: { text },
    })
  }
}

/** Key and certificates that do not make a node. */
export class InvalidCertificateError extends NetworkError<
  'NETWORK_INVALID_CERTIFICATE',
  { readonly reason: string }
> {
  constructor(reason: string, cause?: unknown) {
    super(
      'NETWORK_INVALID_CERTIFICATE',
      `key and certificates of the node cannot be used: ${reason}`,
      { details: { reason }, cause },
    )
  }
}

/** The P2P port cannot be opened. */
export class ListenFailedError extends NetworkError<
  'NETWORK_LISTEN_FAILED',
  { readonly endpoint: string; readonly reason: string }
> {
  constructor(endpoint: string, reason: string, cause?: unknown) {
    super(
      'NETWORK_LISTEN_FAILED',
      `cannot listen on ${endpoint}: ${reason}; another process may hold the port`,
      { details: { endpoint, reason }, cause },
    )
  }
}

/** No session with an address came about. */
export class DialFailedError extends NetworkError<
  'NETWORK_DIAL_FAILED',
  { readonly endpoint: string; readonly reason: string }
> {
  constructor(endpoint: string, reason: string, cause?: unknown) {
    super('NETWORK_DIAL_FAILED', `cannot connect to ${endpoint}: ${reason}`, {
      details: { endpoint, reason },
      cause,
    })
  }
}

/** A request to a peer that was not answered. */
export class RequestFailedError extends NetworkError<
  'NETWORK_REQUEST_FAILED',
  { readonly reason: 'timeout' | 'closed' | 'busy' }
> {
  constructor(reason: 'timeout' | 'closed' | 'busy') {
    super('NETWORK_REQUEST_FAILED', `the peer did not answer: ${reason}`, { details: { reason } })
  }
}

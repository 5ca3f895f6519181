/**
 * A {@link Transport} over mutual TLS 1.2 with secp256k1 certificates, as the reference node speaks it
 * (spec 04 §1.1–1.3). The guomi dialect of TLS is not spoken: Node's OpenSSL does not have it.
 *
 * @example
 * ```ts
 * import { tlsTransport } from '@bcos-ts/network/tls'
 *
 * const transport = tlsTransport({ listen: '0.0.0.0:30300', key, certificate, ca })
 * ```
 * @module
 */
import { ACCEPT_LIMITS_DEFAULT, type AcceptLimits } from '@bcos-ts/common'
import type { Transport } from '../transport.ts'
import { TlsTransport } from './transport.ts'

export { identifyPeer } from './identity.ts'

const HANDSHAKE_MS = 10_000

/** What the caller decides. Keys and certificates are PEM text. */
export interface TlsTransportInit {
  /** Address to listen on, `host:port`; port 0 takes a free one. */
  readonly listen: string
  /** `node.key`. */
  readonly key: string
  /** `node.crt`: own certificate, then those above it. */
  readonly certificate: string
  /** `ca.crt`: the certificate of the chain, which every peer's must lead to. */
  readonly ca: string
  /** Strangers have so long to finish a handshake, ms. @default 10_000 */
  readonly handshakeMs?: number
  readonly limits?: Partial<AcceptLimits>
}

/** Throws `NETWORK_INVALID_CERTIFICATE` when key and certificates do not make a node. */
export function tlsTransport(init: TlsTransportInit): Transport {
  return new TlsTransport({
    ...init,
    handshakeMs: init.handshakeMs ?? HANDSHAKE_MS,
    limits: { ...ACCEPT_LIMITS_DEFAULT, ...init.limits },
  })
}

/**
 * The channel protocol over TLS, as the official SDKs connect to a node. Node only.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { Client } from '@bcos-ts/sdk'
 * import { channelTransport } from '@bcos-ts/sdk/channel'
 *
 * const transport = channelTransport({
 *   endpoints: ['127.0.0.1:20200', '127.0.0.1:20201'],
 *   ca: readFileSync('sdk/ca.crt', 'utf8'),
 *   certificate: readFileSync('sdk/sdk.crt', 'utf8'),
 *   key: readFileSync('sdk/sdk.key', 'utf8'),
 * })
 * const client = new Client({ transport })
 * ```
 * @module
 */
import { connect } from 'node:tls'
import type { PushingTransport } from './transport.ts'
import { failoverTransport } from './transports/failover.ts'
import { PushLink, type PushLinkOptions } from './transports/frames/push-link.ts'
import type { Dial, Wire, WireHandler } from './transports/frames/wire.ts'

/** Credentials of an application, PEM text: `sdk/ca.crt`, `sdk/sdk.crt`, `sdk/sdk.key` of a chain. */
export interface ChannelCredentials {
  readonly ca: string
  /** Own certificate, then those above it. */
  readonly certificate: string
  readonly key: string
}

export type ChannelTransportInit = ChannelCredentials &
  PushLinkOptions &
  (
    | { readonly host: string; readonly port: number }
    /** Nodes, `host:port` or `[v6]:port`, the preferred one first. */
    | { readonly endpoints: readonly string[] }
  )

export type ChannelTransport = PushingTransport

/**
 * One node, or several behind each other (see `failoverTransport`). The certificates of a chain name no hosts, so
 * none is checked: whoever has a certificate of the chain's CA is a node.
 */
export function channelTransport(init: ChannelTransportInit): ChannelTransport {
  if (!('endpoints' in init)) return linkTo(init.host, init.port, init)
  const links = init.endpoints.map((endpoint) => {
    const { host, port } = splitEndpoint(endpoint)
    return linkTo(host, port, init)
  })
  const [only] = links
  return only !== undefined && links.length === 1 ? only : failoverTransport(links, init)
}

function linkTo(
  host: string,
  port: number,
  init: ChannelCredentials & PushLinkOptions,
): PushingTransport {
  const url = `channel://${host.includes(':') ? `[${host}]` : host}:${port}`
  return new PushLink({ ...init, url, dial: tlsDial({ host, port }, init) })
}

function splitEndpoint(endpoint: string): { host: string; port: number } {
  const colon = endpoint.lastIndexOf(':')
  const host = endpoint.slice(0, colon).replaceAll(/[[\]]/g, '')
  return { host, port: Number(endpoint.slice(colon + 1)) }
}

const CONNECT_MS = 10_000
const CLOSE_MS = 1000

function tlsDial(
  { host, port }: { readonly host: string; readonly port: number },
  { ca, certificate, key }: ChannelCredentials,
): Dial {
  return (handler) =>
    new Promise((resolve, reject) => {
      const socket = connect({
        host,
        port,
        ca,
        cert: certificate,
        key,
        // Nodes of 2.x take secp256k1 and nothing else, or no curve at all with RSA certificates (spec 02 §2.1).
        ecdhCurve: 'secp256k1:X25519:P-256:P-384',
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.2',
        checkServerIdentity: () => undefined,
      })
      let reason = 'closed by the node'
      let isOpen = false
      socket.setNoDelay(true)
      socket.setTimeout(CONNECT_MS, () =>
        socket.destroy(new Error(`no connection within ${CONNECT_MS} ms`)),
      )
      socket.on('error', (error) => (reason = error.message))
      socket.on('close', () => {
        if (isOpen) handler.onClose(reason)
        else reject(new Error(reason))
      })
      socket.on('secureConnect', () => {
        isOpen = true
        socket.setTimeout(0)
        resolve(wireOf(socket, handler))
      })
    })
}

function wireOf(socket: ReturnType<typeof connect>, handler: WireHandler): Wire {
  socket.on('data', (piece: Uint8Array) =>
    // A plain view: a Buffer shares memory where Uint8Array copies.
    handler.onData(new Uint8Array(piece.buffer, piece.byteOffset, piece.length)),
  )
  return {
    write: (frame) => {
      if (socket.writable) socket.write(frame)
    },
    close: () => {
      socket.end()
      const force = setTimeout(() => socket.destroy(), CLOSE_MS)
      socket.once('close', () => clearTimeout(force))
    },
  }
}

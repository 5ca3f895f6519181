import { constants, createPrivateKey, X509Certificate } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import {
  connect,
  createServer as createTlsServer,
  type SecureContextOptions,
  type Server as TlsServer,
  type TLSSocket,
} from 'node:tls'
import { AcceptGate, type AcceptLimits, isBcosError, messageOf } from '@bcos-ts/common'
import { formatEndpoint, parseEndpoint } from '../endpoint.ts'
import { DialFailedError, InvalidCertificateError, ListenFailedError } from '../errors.ts'
import type { Connection, PeerIdentity, Transport } from '../transport.ts'
import { TlsConnection } from './connection.ts'
import { identifyPeer } from './identity.ts'

const NOT_A_NODE = 'the certificate is not that of a node'

export interface TlsTransportParts {
  readonly listen: string
  readonly key: string
  readonly certificate: string
  readonly ca: string
  readonly handshakeMs: number
  readonly limits: AcceptLimits
}

export class TlsTransport implements Transport {
  readonly self: PeerIdentity
  readonly #parts: TlsTransportParts
  readonly #gate: AcceptGate
  readonly #server: Server
  readonly #tls: TlsServer
  /** Inbound sockets whose handshake is not done, by their remote end. */
  readonly #handshakes = new Map<string, Socket>()
  readonly #dials = new Set<Socket>()
  #onConnection: ((connection: Connection) => void) | undefined
  #isClosed = false

  constructor(parts: TlsTransportParts) {
    this.#parts = parts
    this.self = ownIdentity(parts)
    this.#gate = new AcceptGate(parts.limits)
    this.#server = createServer((socket) => this.#admit(socket))
    const context = contextOptions(parts)
    this.#tls = createTlsServer(
      { ...context, requestCert: true, handshakeTimeout: parts.handshakeMs },
      (socket) => this.#accept(socket),
    )
    // Node reports a handshake that takes too long, but leaves the socket open.
    this.#tls.on('tlsClientError', (_error, socket) => socket.destroy())
  }

  listen(onConnection: (connection: Connection) => void): Promise<string> {
    this.#onConnection = onConnection
    const { host, port } = parseEndpoint(this.#parts.listen)
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) => {
        reject(new ListenFailedError(this.#parts.listen, error.message, error))
      })
      this.#server.listen(port, host, () => {
        const address = this.#server.address()
        const actual = typeof address === 'object' ? address?.port : undefined
        resolve(formatEndpoint(host, actual ?? port))
      })
    })
  }

  async dial(endpoint: string): Promise<Connection> {
    const { host, port } = parseEndpoint(endpoint)
    if (this.#isClosed) throw new DialFailedError(endpoint, 'the transport is closed')
    const socket = connect({
      ...contextOptions(this.#parts),
      host,
      port,
      // Certificates name nodes, not hosts.
      servername: '',
      checkServerIdentity: () => undefined,
    })
    this.#dials.add(socket)
    try {
      await handshake(socket, this.#parts.handshakeMs)
      const peer = peerOf(socket)
      if (peer === undefined) throw new Error(NOT_A_NODE)
      return new TlsConnection(socket, peer)
    } catch (error) {
      socket.destroy()
      throw new DialFailedError(endpoint, messageOf(error), error)
    } finally {
      this.#dials.delete(socket)
    }
  }

  close(): Promise<void> {
    this.#isClosed = true
    for (const socket of this.#handshakes.values()) socket.destroy()
    for (const socket of this.#dials) socket.destroy()
    // Not awaited: it ends only when the connections that were handed out have ended.
    if (this.#server.listening) this.#server.close()
    return Promise.resolve()
  }

  #admit(socket: Socket): void {
    const leave = this.#gate.enter(socket.remoteAddress ?? '')
    if (leave === undefined) {
      socket.destroy()
      return
    }
    const remote = remoteOf(socket)
    this.#handshakes.set(remote, socket)
    socket.on('error', () => {})
    socket.once('close', () => {
      this.#handshakes.delete(remote)
      leave()
    })
    this.#tls.emit('connection', socket)
  }

  #accept(socket: TLSSocket): void {
    this.#handshakes.delete(remoteOf(socket))
    const peer = peerOf(socket)
    if (peer === undefined || this.#isClosed) socket.destroy()
    else this.#onConnection?.(new TlsConnection(socket, peer))
  }
}

function contextOptions(parts: TlsTransportParts): SecureContextOptions & {
  rejectUnauthorized: boolean
} {
  return {
    key: parts.key,
    cert: parts.certificate,
    ca: parts.ca,
    // Reference nodes make ephemeral keys on secp256k1 only, and a handshake fails unless the curve of the
    // certificates is among the groups (spec 04 §1.1).
    ecdhCurve: 'secp256k1:prime256v1',
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    // Every session proves its identity anew.
    secureOptions: constants.SSL_OP_NO_TICKET,
    rejectUnauthorized: true,
  }
}

function ownIdentity(parts: TlsTransportParts): PeerIdentity {
  try {
    const certificate = new X509Certificate(parts.certificate)
    const identity = identifyPeer(certificate)
    if (identity === undefined) throw new InvalidCertificateError(NOT_A_NODE)
    if (!certificate.checkPrivateKey(createPrivateKey(parts.key))) {
      throw new InvalidCertificateError('the key does not belong to the certificate')
    }
    return identity
  } catch (error) {
    if (isBcosError(error)) throw error
    throw new InvalidCertificateError(messageOf(error), error)
  }
}

function handshake(socket: TLSSocket, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timeout = setTimeout(() => reject(new Error('the handshake takes too long')), timeoutMs)
    const isOver = (): void => clearTimeout(timeout)
    socket.once('secureConnect', () => {
      isOver()
      resolve()
    })
    socket.once('error', (error) => {
      isOver()
      reject(error)
    })
    socket.once('close', () => {
      isOver()
      reject(new Error('closed during the handshake'))
    })
  })
}

function peerOf(socket: TLSSocket): PeerIdentity | undefined {
  const certificate = socket.getPeerX509Certificate()
  return certificate === undefined ? undefined : identifyPeer(certificate)
}

function remoteOf(socket: Socket): string {
  return formatEndpoint(socket.remoteAddress ?? '', socket.remotePort ?? 0)
}

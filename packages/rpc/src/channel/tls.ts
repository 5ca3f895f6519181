import { constants, createPrivateKey, X509Certificate } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls'
import {
  ACCEPT_LIMITS_DEFAULT,
  AcceptGate,
  type AcceptLimits,
  isBcosError,
  type Logger,
  messageOf,
} from '@bcos-ts/common'
import { InvalidChannelCertificateError, RpcListenFailedError } from '../errors.ts'
import { isOfAgency, sdkKeyOf } from './certificate.ts'
import type { ClientListener } from './server.ts'
import type { ClientConnection, ClientHandler } from './session.ts'

const HANDSHAKE_MS = 10_000
/** How long a client may take to read what was written before the end. */
const CLOSE_MS = 5000

/** What the caller decides. Keys and certificates are PEM text. */
export interface TlsListenerInit {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** `node.key` of the channel's certificate set. */
  readonly key: string
  /** `node.crt`: own certificate, then those above it. */
  readonly certificate: string
  /** `ca.crt`, to which every client's certificate must lead. */
  readonly ca: string
  /** Clients must belong to the node's agency (`network_security.check_cert_issuer`). @default true */
  readonly isAgencyChecked?: boolean
  /** Strangers have so long to finish a handshake, ms. @default 10_000 */
  readonly handshakeMs?: number
  readonly limits?: Partial<AcceptLimits>
}

/** Accepts SDKs over TLS 1.2 with certificates on both sides (spec 02 §2). */
export class TlsListener implements ClientListener {
  readonly #init: TlsListenerInit
  readonly #log: Logger
  readonly #own: X509Certificate
  readonly #gate: AcceptGate
  readonly #server: Server
  readonly #tls: TlsServer
  /** Sockets whose handshake is not done, by their remote end. */
  readonly #handshakes = new Map<string, Socket>()
  #onClient: ((connection: ClientConnection) => void) | undefined

  /** Throws `RPC_INVALID_CERTIFICATE`. */
  constructor(init: TlsListenerInit, { logger }: { readonly logger: Logger }) {
    this.#init = init
    this.#log = logger.child('CHANNEL', 'TLS')
    this.#own = ownCertificate(init)
    this.#gate = new AcceptGate({ ...ACCEPT_LIMITS_DEFAULT, ...init.limits })
    this.#server = createServer((socket) => this.#admit(socket))
    this.#tls = createTlsServer(
      {
        key: init.key,
        cert: init.certificate,
        ca: init.ca,
        // The reference offers secp256k1 alone, or no curve at all: SDKs offer one, the other, or neither,
        // and with these groups and suites each finds something (spec 02 §2.6).
        ecdhCurve: 'secp256k1:X25519:P-256:P-384',
        ciphers: CIPHERS,
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.2',
        secureOptions: constants.SSL_OP_NO_TICKET,
        requestCert: true,
        rejectUnauthorized: true,
        handshakeTimeout: init.handshakeMs ?? HANDSHAKE_MS,
      },
      (socket) => this.#accept(socket),
    )
    this.#tls.on('tlsClientError', (error, socket) => {
      this.#log.debug('Handshake failed', { reason: error.message })
      // Node reports a handshake that takes too long, but leaves the socket open.
      socket.destroy()
    })
  }

  /** The port on which clients are accepted, once that has begun. */
  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : this.#init.port
  }

  listen(onClient: (connection: ClientConnection) => void): Promise<void> {
    this.#onClient = onClient
    const { host, port } = this.#init
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(new RpcListenFailedError(`${host}:${port}`, error.message, error)),
      )
      this.#server.listen(port, host, resolve)
    })
  }

  close(): Promise<void> {
    this.#onClient = undefined
    for (const socket of this.#handshakes.values()) socket.destroy()
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
    const remote = remoteOf(socket)
    this.#handshakes.delete(remote)
    const certificate = socket.getPeerX509Certificate()
    const { isAgencyChecked = true } = this.#init
    if (certificate === undefined || this.#onClient === undefined) {
      socket.destroy()
    } else if (isAgencyChecked && !isOfAgency(certificate, this.#own)) {
      this.#log.warn('Client of another agency refused', { endpoint: remote })
      socket.destroy()
    } else {
      this.#onClient(new TlsClientConnection(socket, remote, sdkKeyOf(certificate)))
    }
  }
}

/** With RSA certificates reference nodes know only plain RSA key exchange, and so do some SDKs. */
const CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA256',
  'AES256-SHA256',
  'AES128-SHA',
  'AES256-SHA',
].join(':')

class TlsClientConnection implements ClientConnection {
  readonly remote: string
  readonly sdkKey: string | undefined
  readonly #socket: TLSSocket
  #handler: ClientHandler | undefined
  #error: string | undefined
  #isClosing = false

  constructor(socket: TLSSocket, remote: string, sdkKey: string | undefined) {
    this.remote = remote
    this.sdkKey = sdkKey
    this.#socket = socket
    socket.setNoDelay(true)
    socket.disableRenegotiation()
    socket.pause()
    socket.on('error', (error) => (this.#error = error.message))
    socket.on('close', () => this.#handler?.onClose(this.#error ?? 'closed by the client'))
  }

  open(handler: ClientHandler): void {
    this.#handler = handler
    this.#socket.on('data', (piece: Uint8Array) => {
      if (this.#isClosing) return
      // A plain view: a Buffer shares memory where Uint8Array copies.
      handler.onData(new Uint8Array(piece.buffer, piece.byteOffset, piece.length))
    })
    this.#socket.resume()
  }

  write(bytes: Uint8Array, onWritten: () => void): void {
    if (!this.#isClosing) this.#socket.write(bytes, () => onWritten())
  }

  close(): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#socket.end()
    this.#socket.resume()
    const force = setTimeout(() => this.#socket.destroy(), CLOSE_MS)
    this.#socket.once('close', () => clearTimeout(force))
  }
}

function ownCertificate({ certificate, key }: TlsListenerInit): X509Certificate {
  try {
    const own = new X509Certificate(certificate)
    if (own.checkPrivateKey(createPrivateKey(key))) return own
    throw new InvalidChannelCertificateError('the key does not belong to the certificate')
  } catch (error) {
    if (isBcosError(error)) throw error
    throw new InvalidChannelCertificateError(messageOf(error), error)
  }
}

function remoteOf(socket: Socket): string {
  const { remoteAddress: host = '', remotePort: port = 0 } = socket
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

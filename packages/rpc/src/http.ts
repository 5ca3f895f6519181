/**
 * JSON-RPC over plain HTTP (spec 02 §15). There is no authentication: listen on the loopback address.
 *
 * @example
 * ```ts
 * import { JsonRpc } from '@bcos-ts/rpc'
 * import { HttpServer } from '@bcos-ts/rpc/http'
 *
 * const rpc = new JsonRpc({ node, suite }, logger)
 * const server = new HttpServer({ host: '127.0.0.1', port: 8545 }, { rpc, logger })
 * await server.start()
 * ```
 * @module
 */
import { Buffer } from 'node:buffer'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { concatBytes, EMPTY_BYTES, fromUtf8, type Logger, type Startable } from '@bcos-ts/common'
import { RpcListenFailedError } from './errors.ts'
import type { JsonRpc } from './json-rpc.ts'
import type { RpcCaller } from './method.ts'

const BODY_BYTES_MAX = 16_777_216
const BODIES_BYTES_MAX = 268_435_456
const CONNECTIONS_MAX = 1024
const REQUEST_MS = 30_000
const KEEP_ALIVE_MS = 60_000

/** What the caller decides. */
export interface HttpServerInit {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** @default 16_777_216 */
  readonly bodyBytesMax?: number
  /** Bodies of all requests that are being received. @default 268_435_456 */
  readonly bodiesBytesMax?: number
  /** @default 1024 */
  readonly connectionsMax?: number
  /** A client has so long to send a request, ms. @default 30_000 */
  readonly requestMs?: number
}

/** What the node provides. */
export interface HttpServerComponents {
  readonly rpc: JsonRpc
  readonly logger: Logger
}

const CALLER: RpcCaller = { refusals: 'now' }
const JSON_TYPE = { 'Content-Type': 'application/json' } as const

/** A client that wants to speak another protocol on its connection; `head` is what it has said already. */
export interface HttpUpgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** Serves JSON-RPC to HTTP clients. */
export class HttpServer implements Startable {
  readonly #init: HttpServerInit
  readonly #rpc: JsonRpc
  readonly #log: Logger
  readonly #server: Server
  readonly #bodyBytesMax: number
  readonly #bodiesBytesMax: number
  /** Connections that went over to another protocol. */
  readonly #upgraded = new Set<Duplex>()
  #bodiesBytes = 0

  constructor(init: HttpServerInit, { rpc, logger }: HttpServerComponents) {
    this.#init = init
    this.#rpc = rpc
    this.#log = logger.child('RPC', 'HTTP')
    this.#bodyBytesMax = init.bodyBytesMax ?? BODY_BYTES_MAX
    this.#bodiesBytesMax = init.bodiesBytesMax ?? BODIES_BYTES_MAX
    const requestTimeout = init.requestMs ?? REQUEST_MS
    this.#server = createServer(
      {
        requestTimeout,
        headersTimeout: requestTimeout,
        connectionsCheckingInterval: Math.min(requestTimeout, 5000),
        keepAliveTimeout: KEEP_ALIVE_MS,
      },
      (request, response) => this.#onRequest(request, response),
    )
    this.#server.maxConnections = init.connectionsMax ?? CONNECTIONS_MAX
    this.#server.on('clientError', (_error, socket) => void socket.destroy())
  }

  /** The port on which the server listens, once started. */
  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : this.#init.port
  }

  /** Throws `RPC_LISTEN_FAILED`. */
  start(): Promise<void> {
    const { host, port } = this.#init
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(new RpcListenFailedError(`${host}:${port}`, error.message, error)),
      )
      this.#server.listen(port, host, resolve)
    })
  }

  /** Hands over who asks for another protocol; without this they are answered as everybody. One handler only. */
  onUpgrade(handler: (upgrade: HttpUpgrade) => void): () => void {
    const listener = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      this.#upgraded.add(socket)
      socket.once('close', () => this.#upgraded.delete(socket))
      // Until somebody else listens, a client that goes away must not end the process.
      socket.on('error', () => socket.destroy())
      handler({ request, socket, head })
    }
    this.#server.on('upgrade', listener)
    return () => void this.#server.off('upgrade', listener)
  }

  stop(): Promise<void> {
    if (!this.#server.listening) return Promise.resolve()
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
      for (const socket of this.#upgraded) socket.destroy()
    })
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    // The reference sends no such header; keeping the connection is what HTTP/1.1 means without it.
    response.removeHeader('Connection')
    if (request.method === 'POST') this.#receive(request, response)
    else if (request.method === 'OPTIONS') respondToOptions(response)
    else this.#refuse(request, response)
  }

  #refuse(request: IncomingMessage, response: ServerResponse): void {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers
    if (length !== '0' || encoding !== undefined) {
      request.destroy()
      return
    }
    respond(response, 405, 'Not allowed HTTP Method')
  }

  /** Gathers the body. What one client sends, and what all send together, is bounded. */
  #receive(request: IncomingMessage, response: ServerResponse): void {
    const pieces: Uint8Array[] = []
    let length = 0
    const forget = (): void => {
      this.#bodiesBytes -= length
      length = 0
    }
    request.on('data', (piece: Uint8Array) => {
      length += piece.length
      this.#bodiesBytes += piece.length
      pieces.push(piece)
      if (length <= this.#bodyBytesMax && this.#bodiesBytes <= this.#bodiesBytesMax) return
      this.#log.warn('Request is too long', { bytes: length, remote: request.socket.remoteAddress })
      request.destroy()
    })
    request.on('close', forget)
    request.on('end', () => {
      const [only = EMPTY_BYTES] = pieces
      const text = fromUtf8(pieces.length === 1 ? only : concatBytes(...pieces))
      void this.#answer(text, response)
    })
  }

  async #answer(text: string, response: ServerResponse): Promise<void> {
    const answer = await this.#rpc.handle(text, CALLER)
    if (!response.destroyed) respond(response, 200, answer)
  }
}

/** Given as text, head and body leave in one piece. */
function respond(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { ...JSON_TYPE, 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}

function respondToOptions(response: ServerResponse): void {
  response.writeHead(200, {
    Allow: 'POST, OPTIONS',
    'Access-Control-Allow-Headers': 'origin, content-type, accept',
    DAV: '1',
    'Content-Length': 0,
  })
  response.end()
}

/**
 * Channel frames over WebSockets that come in on the HTTP port: what a browser, or anybody without certificates,
 * hears nodes say first. One binary message is one frame. The trust is that of the HTTP port: loopback only.
 *
 * @example
 * ```ts
 * import { ChannelServer } from '@bcos-ts/rpc/channel'
 * import { HttpServer } from '@bcos-ts/rpc/http'
 * import { WebSocketListener } from '@bcos-ts/rpc/websocket'
 *
 * const http = new HttpServer({ host: '127.0.0.1', port: 8545 }, { rpc, logger })
 * const listener = new WebSocketListener({ http }, { logger })
 * const channel = new ChannelServer({ listeners: [listener] }, { rpc, node, clock, timers, random, logger })
 * await channel.start()
 * await http.start()
 * ```
 * @module
 */
import type { Duplex } from 'node:stream'
import { ACCEPT_LIMITS_DEFAULT, AcceptGate, type AcceptLimits, type Logger } from '@bcos-ts/common'
import { type WebSocket, WebSocketServer } from 'ws'
import type { ClientListener } from './channel/server.ts'
import { type ClientConnection, type ClientHandler, ReceiveMemory } from './channel/session.ts'
import type { HttpServer, HttpUpgrade } from './http.ts'

/** As long as a body over HTTP. */
const MESSAGE_BYTES_MAX = 16_777_216
const MESSAGES_BYTES_MAX = 268_435_456
/** How long a client may take to close its side. */
const CLOSE_MS = 5000

const POLICY_VIOLATION = 1008
const UNSUPPORTED_DATA = 1003
const TOO_BIG = 1009

/** What the caller decides. */
export interface WebSocketListenerInit {
  /** Where clients come from. */
  readonly http: HttpServer
  /**
   * Web pages that may connect, such as `https://console.example`, beside those of this very machine. Others are
   * refused: a browser carries any page's connection to the loopback address.
   */
  readonly allowedOrigins?: readonly string[]
  /** @default 16_777_216 */
  readonly messageBytesMax?: number
  /** Messages of all clients that are being received. @default 268_435_456 */
  readonly messagesBytesMax?: number
  readonly limits?: Partial<AcceptLimits>
}

/** Accepts SDKs over WebSocket. */
export class WebSocketListener implements ClientListener {
  readonly #init: WebSocketListenerInit
  readonly #log: Logger
  readonly #server: WebSocketServer
  readonly #gate: AcceptGate
  readonly #memory: ReceiveMemory
  readonly #open = new Set<WebSocket>()
  #stop: (() => void) | undefined

  constructor(init: WebSocketListenerInit, { logger }: { readonly logger: Logger }) {
    this.#init = init
    this.#log = logger.child('CHANNEL', 'WS')
    this.#gate = new AcceptGate({ ...ACCEPT_LIMITS_DEFAULT, ...init.limits })
    this.#memory = new ReceiveMemory(init.messagesBytesMax ?? MESSAGES_BYTES_MAX)
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: init.messageBytesMax ?? MESSAGE_BYTES_MAX,
    })
  }

  /** Takes clients from the HTTP server, whether it has started yet or not. */
  listen(onClient: (connection: ClientConnection) => void): Promise<void> {
    this.#stop = this.#init.http.onUpgrade((upgrade) => this.#admit(upgrade, onClient))
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.#stop?.()
    this.#stop = undefined
    for (const socket of this.#open) socket.terminate()
    return Promise.resolve()
  }

  #admit(
    { request, socket, head }: HttpUpgrade,
    onClient: (connection: ClientConnection) => void,
  ): void {
    const { remoteAddress = '', remotePort = 0 } = request.socket
    const { origin } = request.headers
    if (!this.#isAllowed(origin)) {
      this.#log.warn('A web page was refused', { origin })
      refuse(socket, '403 Forbidden')
      return
    }
    const leave = this.#gate.enter(remoteAddress)
    if (leave === undefined) {
      refuse(socket, '503 Service Unavailable')
      return
    }
    socket.once('close', leave)
    this.#server.handleUpgrade(request, socket, head, (client) => {
      const remote = `${remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress}:${remotePort}`
      this.#open.add(client)
      client.once('close', () => this.#open.delete(client))
      onClient(new WebSocketConnection(client, remote, { socket, memory: this.#memory }))
    })
  }

  /** Programs say no origin; pages say theirs, and cannot say another. */
  #isAllowed(origin: string | undefined): boolean {
    if (origin === undefined) return true
    return this.#init.allowedOrigins?.includes(origin) === true || isOfThisMachine(origin)
  }
}

class WebSocketConnection implements ClientConnection {
  readonly remote: string
  /** There is no certificate here. */
  readonly sdkKey = undefined
  readonly #client: WebSocket
  readonly #memory: ReceiveMemory
  #handler: ClientHandler | undefined
  #reason = 'closed by the client'
  #waitingBytes = 0

  constructor(
    client: WebSocket,
    remote: string,
    { socket, memory }: { readonly socket: Duplex; readonly memory: ReceiveMemory },
  ) {
    this.remote = remote
    this.#client = client
    this.#memory = memory
    client.binaryType = 'arraybuffer'
    client.on('error', (error) => (this.#reason = error.message))
    client.on('close', () => {
      this.#count(0)
      this.#handler?.onClose(this.#reason)
    })
    socket.on('data', (piece: Uint8Array) => {
      this.#count(this.#waitingBytes + piece.length)
      if (memory.isExhausted) client.close(TOO_BIG, 'too many bytes of unfinished messages')
    })
  }

  open(handler: ClientHandler): void {
    this.#handler = handler
    this.#client.on('message', (data) => {
      this.#count(0)
      if (this.#client.readyState !== this.#client.OPEN) return
      if (!(data instanceof ArrayBuffer)) {
        this.#client.close(UNSUPPORTED_DATA, 'messages are binary')
        return
      }
      const frame = new Uint8Array(data)
      if (isOneFrame(frame)) handler.onData(frame)
      else this.#client.close(POLICY_VIOLATION, 'one message is one frame')
    })
  }

  write(bytes: Uint8Array, onWritten: () => void): void {
    if (this.#client.readyState === this.#client.OPEN) this.#client.send(bytes, () => onWritten())
  }

  close(): void {
    this.#client.close()
    const force = setTimeout(() => this.#client.terminate(), CLOSE_MS)
    this.#client.once('close', () => clearTimeout(force))
  }

  #count(waitingBytes: number): void {
    this.#memory.change(waitingBytes - this.#waitingBytes)
    this.#waitingBytes = waitingBytes
  }
}

function isOneFrame(message: Uint8Array): boolean {
  if (message.length < 4) return false
  return new DataView(message.buffer, message.byteOffset).getUint32(0) === message.length
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

function isOfThisMachine(origin: string): boolean {
  try {
    return LOOPBACK.has(new URL(origin).hostname)
  } catch {
    // `null` is what sandboxed pages and files say.
    return false
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

import { type ByteText, type Clock, isBcosError, type Logger, type Timers } from '@bcos-ts/common'
import {
  type ChannelFrame,
  ChannelFrameDecoder,
  encodeChannelFrame,
} from '@bcos-ts/protocol/channel'

/** What becomes of the bytes of a client. */
export interface ClientHandler {
  onData(piece: Uint8Array): void
  /** Called once. Nothing comes after it. */
  onClose(reason: string): void
}

/** A duplex stream of bytes to an authenticated client. No method throws. */
export interface ClientConnection {
  /** Remote end, `host:port`. */
  readonly remote: string
  /** The client's EC public key as 128 lower-case hex digits; an RSA certificate yields none. */
  readonly sdkKey: string | undefined
  /** Begins to read; called once. */
  open(handler: ClientHandler): void
  /** `onWritten` is called when the bytes are on their way. */
  write(bytes: Uint8Array, onWritten: () => void): void
  close(): void
}

export interface ChannelSessionLimits {
  readonly frameBytesMax: number
  /** A client that leaves more than this unread is disconnected. */
  readonly sendQueueBytesMax: number
  /** Sessions without any completed read or write are closed after this time. */
  readonly idleMs: number
}

export interface ChannelSessionParts {
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  readonly limits: ChannelSessionLimits
  readonly memory: ReceiveMemory
}

export interface ChannelSessionHandler {
  onFrame(frame: ChannelFrame, session: ChannelSession): void
  onClose(session: ChannelSession): void
}

/** Bytes of unfinished frames of all connections together: one client sends little, a thousand may not. */
export class ReceiveMemory {
  readonly #bytesMax: number
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get isExhausted(): boolean {
    return this.#bytes > this.#bytesMax
  }

  change(bytes: number): void {
    this.#bytes += bytes
  }
}

/** Versions of the channel protocol (spec 02 §5). A client that never says counts as the first. */
export type ProtocolVersion = 1 | 2 | 3

interface OpenRequest {
  readonly resolve: (answer: ChannelFrame | undefined) => void
  readonly cancelTimeout: () => void
}

interface Outgoing {
  readonly bytes: Uint8Array
  readonly onWritten: (() => void) | undefined
}

/** Frames to and from one client. */
export class ChannelSession {
  version: ProtocolVersion = 1
  /** Topics of the client's last subscription. */
  topics: ReadonlySet<string> = new Set()
  readonly #connection: ClientConnection
  readonly #parts: ChannelSessionParts
  readonly #decoder: ChannelFrameDecoder
  readonly #requests = new Map<ByteText, OpenRequest>()
  readonly #queue: Outgoing[] = []
  #queuedBytes = 0
  #isWriting = false
  #waitingBytes = 0
  #lastActiveMs: number
  #handler: ChannelSessionHandler | undefined
  #isOpen = true

  constructor(connection: ClientConnection, parts: ChannelSessionParts) {
    this.#connection = connection
    this.#parts = parts
    this.#decoder = new ChannelFrameDecoder(parts.limits.frameBytesMax)
    this.#lastActiveMs = parts.clock.nowMs()
  }

  get remote(): string {
    return this.#connection.remote
  }

  get sdkKey(): string | undefined {
    return this.#connection.sdkKey
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  start(handler: ChannelSessionHandler): void {
    this.#handler = handler
    this.#connection.open({
      onData: (piece) => this.#onData(piece),
      onClose: (reason) => this.#finish(reason),
    })
  }

  /**
   * Sends a frame after all that wait. Each frame is written by itself, when the one before is on its way:
   * SDKs read one frame at a time and break on two in one TLS record (spec 02 §3.5).
   */
  send(frame: ChannelFrame, onWritten?: () => void): void {
    if (!this.#isOpen) return
    const bytes = encodeChannelFrame(frame)
    if (this.#queuedBytes > this.#parts.limits.sendQueueBytesMax) {
      this.close(`slow client: ${this.#queuedBytes} bytes wait to be sent`)
      return
    }
    this.#queue.push({ bytes, onWritten })
    this.#queuedBytes += bytes.length
    this.#writeNext()
  }

  /**
   * Sends a request of the node and resolves with the next frame of the same seq; `undefined` when none comes
   * in time, the session ends, or the seq is in use.
   */
  request(frame: ChannelFrame, timeoutMs: number): Promise<ChannelFrame | undefined> {
    if (!this.#isOpen || this.#requests.has(frame.seq)) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const cancelTimeout = this.#parts.timers.after(timeoutMs, () => {
        this.#requests.delete(frame.seq)
        resolve(undefined)
      })
      this.#requests.set(frame.seq, { resolve, cancelTimeout })
      this.send(frame)
    })
  }

  /** Closes the session when nothing was read or written for too long. */
  checkIdle(): void {
    const { clock, limits } = this.#parts
    if (clock.nowMs() - this.#lastActiveMs >= limits.idleMs) {
      this.close(`no traffic for ${limits.idleMs} ms`)
    }
  }

  close(reason: string): void {
    if (!this.#isOpen) return
    this.#connection.close()
    this.#finish(reason)
  }

  #writeNext(): void {
    const next = this.#isWriting ? undefined : this.#queue.shift()
    if (next === undefined) return
    this.#isWriting = true
    this.#connection.write(next.bytes, () => {
      this.#isWriting = false
      this.#queuedBytes -= next.bytes.length
      this.#lastActiveMs = this.#parts.clock.nowMs()
      if (!this.#isOpen) return
      next.onWritten?.()
      this.#writeNext()
    })
  }

  #onData(piece: Uint8Array): void {
    if (!this.#isOpen) return
    this.#lastActiveMs = this.#parts.clock.nowMs()
    this.#decoder.push(piece)
    while (this.#isOpen) {
      const frame = this.#nextFrame()
      if (frame === undefined) break
      this.#onFrame(frame)
    }
    this.#countMemory(this.#isOpen ? this.#decoder.waitingBytes : 0)
    if (this.#parts.memory.isExhausted) this.close('too many bytes of unfinished frames')
  }

  #nextFrame(): ChannelFrame | undefined {
    try {
      return this.#decoder.next()
    } catch (error) {
      if (!isBcosError(error, 'PROTOCOL_INVALID_FRAME')) throw error
      this.close(error.message)
      return undefined
    }
  }

  /** A frame with the seq of an open request is its answer, whatever its type (spec 02 §3.4). */
  #onFrame(frame: ChannelFrame): void {
    const request = this.#requests.get(frame.seq)
    if (request === undefined) {
      this.#handler?.onFrame(frame, this)
      return
    }
    this.#requests.delete(frame.seq)
    request.cancelTimeout()
    request.resolve(frame)
  }

  #countMemory(waitingBytes: number): void {
    this.#parts.memory.change(waitingBytes - this.#waitingBytes)
    this.#waitingBytes = waitingBytes
  }

  #finish(reason: string): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#countMemory(0)
    this.#queue.length = 0
    for (const request of this.#requests.values()) {
      request.cancelTimeout()
      request.resolve(undefined)
    }
    this.#requests.clear()
    this.#parts.log.info('Client disconnected', { endpoint: this.remote, reason })
    this.#handler?.onClose(this)
  }
}

import { type Clock, isBcosError, type Logger, type Timers } from '@bcos-ts/common'
import { RequestFailedError } from './errors.ts'
import { encodeFrame, FrameDecoder, type P2pFrame } from './frame.ts'
import type { Connection, PeerIdentity } from './transport.ts'

/** Open requests to one peer; more are refused as `busy`. */
const REQUESTS_MAX = 10_000

export interface SessionOptions {
  readonly isCompressing: boolean
  readonly frameBytesMax: number
  /** A peer that leaves more than this unread is disconnected. */
  readonly sendQueueBytesMax: number
  /** A session on which nothing is read, or nothing gets away, for so long is closed. */
  readonly idleMs: number
}

export interface SessionComponents {
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  /** Numbers requests; one counter for all sessions of a node. */
  readonly nextSeq: () => number
}

export interface SessionHandler {
  onRequest(frame: P2pFrame, session: Session): void
  onClose(session: Session, reason: string): void
}

/** Readings from which the health of a session is judged. */
interface SessionVitals {
  readonly nowMs: number
  readonly lastReadMs: number
  /** When something last got away, or nothing was waiting. */
  readonly lastProgressMs: number
  readonly idleMs: number
}

/** Why a session should be closed, if it should. Pure. */
function idleReason(vitals: SessionVitals): string | undefined {
  const { nowMs, lastReadMs, lastProgressMs, idleMs } = vitals
  if (nowMs - lastReadMs >= idleMs) return `nothing received for ${idleMs} ms`
  if (nowMs - lastProgressMs >= idleMs) return `the peer took nothing for ${idleMs} ms`
  return undefined
}

interface OpenRequest {
  readonly protocolId: number
  readonly resolve: (response: P2pFrame) => void
  readonly reject: (error: RequestFailedError) => void
  readonly cancelTimeout: () => void
}

/** Frames to and from one peer over one connection. */
export class Session {
  readonly isInbound: boolean
  readonly openedAtMs: number
  readonly #connection: Connection
  readonly #options: SessionOptions
  readonly #parts: SessionComponents
  readonly #decoder: FrameDecoder
  readonly #requests = new Map<number, OpenRequest>()
  #handler: SessionHandler | undefined
  #isOpen = true
  #lastReadMs: number
  #lastProgressMs: number
  #bytesWritten = 0
  #bytesGone = 0

  constructor(
    connection: Connection,
    direction: 'inbound' | 'outbound',
    options: SessionOptions,
    parts: SessionComponents,
  ) {
    this.isInbound = direction === 'inbound'
    this.#connection = connection
    this.#options = options
    this.#parts = parts
    this.#decoder = new FrameDecoder(options.frameBytesMax)
    this.openedAtMs = parts.clock.nowMs()
    this.#lastReadMs = this.openedAtMs
    this.#lastProgressMs = this.openedAtMs
  }

  get peer(): PeerIdentity {
    return this.#connection.peer
  }

  get remote(): string {
    return this.#connection.remote
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** How long nothing has been received. */
  get silentMs(): number {
    return this.#parts.clock.nowMs() - this.#lastReadMs
  }

  /** Begins to read. */
  start(handler: SessionHandler): void {
    this.#handler = handler
    this.#connection.open({
      onData: (piece) => this.#onData(piece),
      onClose: (reason) => this.#finish(reason),
    })
  }

  /** Sends a frame; it is lost when the session is closed, or when it is longer than a frame may be. */
  send(frame: P2pFrame): void {
    if (!this.#isOpen) return
    try {
      this.sendEncoded(encodeFrame(frame, this.#options))
    } catch (error) {
      if (!isBcosError(error, 'NETWORK_INVALID_FRAME')) throw error
      this.#parts.log.warn('Message is too long to be sent', { bytes: frame.payload.length })
    }
  }

  /** The same with bytes that were encoded once for many peers. */
  sendEncoded(bytes: Uint8Array): void {
    if (!this.#isOpen) return
    const waiting = this.#connection.pendingBytes
    if (waiting > this.#options.sendQueueBytesMax) {
      this.close(`slow peer: ${waiting} bytes wait to be sent`)
      return
    }
    this.#bytesWritten += bytes.length
    this.#connection.write(bytes)
  }

  /** Sends a request and resolves with its response. Rejects with {@link RequestFailedError}. */
  async request(frame: Omit<P2pFrame, 'seq'>, timeoutMs: number): Promise<P2pFrame> {
    if (!this.#isOpen) throw new RequestFailedError('closed')
    if (this.#requests.size >= REQUESTS_MAX) throw new RequestFailedError('busy')
    const seq = this.#parts.nextSeq()
    const bytes = encodeFrame({ ...frame, seq }, this.#options)
    return new Promise((resolve, reject) => {
      const cancelTimeout = this.#parts.timers.after(timeoutMs, () => {
        this.#requests.delete(seq)
        reject(new RequestFailedError('timeout'))
      })
      this.#requests.set(seq, { protocolId: frame.protocolId, resolve, reject, cancelTimeout })
      this.sendEncoded(bytes)
    })
  }

  /** Gives a response to whoever waits for it. `false` when nobody does. */
  settle(response: P2pFrame): boolean {
    const request = this.#requests.get(response.seq)
    if (request?.protocolId !== Math.abs(response.protocolId)) return false
    this.#requests.delete(response.seq)
    request.cancelTimeout()
    request.resolve(response)
    return true
  }

  /** Closes the session when the peer has been silent, or has taken nothing, for too long. */
  checkIdle(): void {
    const nowMs = this.#parts.clock.nowMs()
    const waiting = this.#connection.pendingBytes
    const gone = this.#bytesWritten - waiting
    if (waiting === 0 || gone > this.#bytesGone) this.#lastProgressMs = nowMs
    this.#bytesGone = gone
    const reason = idleReason({
      nowMs,
      lastReadMs: this.#lastReadMs,
      lastProgressMs: this.#lastProgressMs,
      idleMs: this.#options.idleMs,
    })
    if (reason !== undefined) this.close(reason)
  }

  close(reason: string): void {
    if (!this.#isOpen) return
    this.#connection.close(reason)
    this.#finish(reason)
  }

  #onData(piece: Uint8Array): void {
    if (!this.#isOpen) return
    this.#lastReadMs = this.#parts.clock.nowMs()
    this.#decoder.push(piece)
    // A handler may close the session while frames are still waiting.
    while (this.#isOpen) {
      const frame = this.#nextFrame()
      if (frame === undefined) return
      this.#onFrame(frame)
    }
  }

  #nextFrame(): P2pFrame | undefined {
    try {
      return this.#decoder.next()
    } catch (error) {
      if (!isBcosError(error, 'NETWORK_INVALID_FRAME')) throw error
      this.close(error.message)
      return undefined
    }
  }

  #onFrame(frame: P2pFrame): void {
    if (frame.protocolId > 0) {
      this.#handler?.onRequest(frame, this)
    } else if (!this.settle(frame)) {
      this.#parts.log.debug('Response without request, may be late', {
        nodeID: this.peer.nodeId,
        protocolID: frame.protocolId,
        seq: frame.seq,
      })
    }
  }

  #finish(reason: string): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    for (const request of this.#requests.values()) {
      request.cancelTimeout()
      request.reject(new RequestFailedError('closed'))
    }
    this.#requests.clear()
    this.#handler?.onClose(this, reason)
  }
}

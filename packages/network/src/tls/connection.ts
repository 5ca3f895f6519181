import type { TLSSocket } from 'node:tls'
import { assert } from '@bcos-ts/common'
import { formatEndpoint } from '../endpoint.ts'
import type { Connection, ConnectionHandler, PeerIdentity } from '../transport.ts'

/** How long a peer may take to read what was written before the end. */
const CLOSE_MS = 5000

/** A connection over a TLS socket whose handshake is done. */
export class TlsConnection implements Connection {
  readonly peer: PeerIdentity
  readonly remote: string
  readonly #socket: TLSSocket
  #handler: ConnectionHandler | undefined
  #closeReason: string | undefined
  #error: string | undefined
  #isCorked = false
  #isGone = false

  constructor(socket: TLSSocket, peer: PeerIdentity) {
    this.peer = peer
    this.remote = formatEndpoint(socket.remoteAddress ?? '?', socket.remotePort ?? 0)
    this.#socket = socket
    socket.setNoDelay(true)
    socket.disableRenegotiation()
    // Nothing is read, and so nothing gathers here, before somebody listens.
    socket.pause()
    socket.on('error', (error) => (this.#error = error.message))
    socket.on('close', () => this.#onGone())
  }

  get pendingBytes(): number {
    return this.#socket.writableLength
  }

  open(handler: ConnectionHandler): void {
    assert(this.#handler === undefined, 'a connection is opened once')
    this.#handler = handler
    if (this.#isGone) {
      setImmediate(() => this.#tellEnd())
      return
    }
    this.#socket.on('data', (piece: Uint8Array) => {
      if (this.#closeReason !== undefined) return
      // A plain view: a Buffer shares memory where Uint8Array copies.
      handler.onData(new Uint8Array(piece.buffer, piece.byteOffset, piece.length))
    })
    this.#socket.resume()
  }

  write(bytes: Uint8Array): void {
    if (this.#closeReason !== undefined || this.#isGone) return
    // What one turn of the event loop writes goes out together: records are what costs.
    if (!this.#isCorked) {
      this.#isCorked = true
      this.#socket.cork()
      process.nextTick(() => this.#uncork())
    }
    this.#socket.write(bytes)
  }

  close(reason: string): void {
    if (this.#closeReason !== undefined) return
    this.#closeReason = reason
    if (this.#isGone) return
    this.#uncork()
    this.#socket.end()
    // The peer's last words are read and dropped, or its end would never be seen.
    this.#socket.resume()
    const force = setTimeout(() => this.#socket.destroy(), CLOSE_MS)
    this.#socket.once('close', () => clearTimeout(force))
  }

  #uncork(): void {
    if (!this.#isCorked) return
    this.#isCorked = false
    this.#socket.uncork()
  }

  #onGone(): void {
    this.#isGone = true
    this.#tellEnd()
  }

  #tellEnd(): void {
    const handler = this.#handler
    this.#handler = undefined
    handler?.onClose(this.#closeReason ?? this.#error ?? 'closed by the peer')
  }
}

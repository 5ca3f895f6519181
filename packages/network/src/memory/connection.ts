import { assert } from '@bcos-ts/common'
import type { Connection, ConnectionHandler, PeerIdentity } from '../transport.ts'
import type { MemoryHub } from './hub.ts'

export interface MemoryEnd {
  readonly hub: MemoryHub
  readonly peer: PeerIdentity
  /** Endpoints of the two transports. */
  readonly local: string
  readonly remote: string
  /** Called once, when this end is closed. */
  readonly onGone: () => void
}

/** One end of a connection inside the process. */
export class MemoryConnection implements Connection {
  readonly peer: PeerIdentity
  readonly local: string
  readonly remote: string
  readonly #hub: MemoryHub
  readonly #onGone: () => void
  #other: MemoryConnection | undefined
  #handler: ConnectionHandler | undefined
  #inbox: Uint8Array[] = []
  #inboxBytes = 0
  #isScheduled = false
  #isClosed = false
  /** Why the other end is gone; told after everything it sent. */
  #ending: string | undefined

  constructor(end: MemoryEnd) {
    this.#hub = end.hub
    this.#onGone = end.onGone
    this.peer = end.peer
    this.local = end.local
    this.remote = end.remote
    end.hub.track(this)
  }

  /** Joins two ends. */
  static join(a: MemoryConnection, b: MemoryConnection): void {
    a.#other = b
    b.#other = a
  }

  get pendingBytes(): number {
    return this.#other === undefined ? 0 : this.#other.#inboxBytes
  }

  open(handler: ConnectionHandler): void {
    assert(this.#handler === undefined, 'a connection is opened once')
    this.#handler = handler
    this.#schedule()
  }

  write(bytes: Uint8Array): void {
    if (!this.#isClosed && this.#other !== undefined) this.#other.#receive(bytes)
  }

  close(reason: string): void {
    if (this.#other !== undefined) this.#other.#end('closed by the peer')
    this.break(reason)
  }

  /** Ends this side without what is still on its way. */
  break(reason: string): void {
    if (this.#isClosed) return
    this.#ending = reason
    this.#inbox = []
    this.#inboxBytes = 0
    this.#leave()
    this.#schedule()
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isClosed || this.#ending !== undefined) return
    this.#inbox.push(bytes)
    this.#inboxBytes += bytes.length
    this.#schedule()
  }

  #end(reason: string): void {
    this.#ending ??= reason
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled || this.#handler === undefined) return
    if (this.#inbox.length === 0 && this.#ending === undefined) return
    this.#isScheduled = true
    this.#hub.timers.after(this.#hub.latencyMs, () => this.#flush())
  }

  #flush(): void {
    this.#isScheduled = false
    const pieces = this.#inbox
    this.#inbox = []
    this.#inboxBytes = 0
    for (const piece of pieces) if (!this.#isClosed) this.#handler?.onData(piece)
    if (this.#ending === undefined) return
    const handler = this.#handler
    this.#handler = undefined
    this.#leave()
    handler?.onClose(this.#ending)
  }

  #leave(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#hub.forget(this)
    this.#onGone()
  }
}

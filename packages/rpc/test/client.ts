import { fromUtf8, utf8 } from '@bcos-ts/common'
import {
  type ChannelFrame,
  ChannelFrameDecoder,
  encodeChannelFrame,
} from '@bcos-ts/protocol/channel'
import type { World } from '@bcos-ts/testing/simulator'
import type { ClientListener } from '../src/channel/server.ts'
import type { ClientConnection, ClientHandler } from '../src/channel/session.ts'

/** A frame as a test writes it: data as text. */
export interface TextFrame {
  readonly type: number
  readonly seq: string
  readonly result: number
  readonly text: string
}

/** A client inside the process. What the server writes is on its way a millisecond later. */
export class TestClient implements ClientConnection {
  readonly remote = 'client:1'
  readonly sdkKey: string | undefined
  readonly received: TextFrame[] = []
  /** How many frames each write of the server held. */
  readonly writes: number[] = []
  isClosed = false
  /** A client that does not read leaves what it is sent waiting. */
  isReading = true
  readonly #time: World
  readonly #decoder = new ChannelFrameDecoder()
  #handler: ClientHandler | undefined

  constructor(time: World, sdkKey: string | undefined) {
    this.#time = time
    this.sdkKey = sdkKey
  }

  open(handler: ClientHandler): void {
    this.#handler = handler
  }

  write(bytes: Uint8Array, onWritten: () => void): void {
    if (!this.isReading) return
    this.#decoder.push(bytes)
    let count = 0
    for (let next = this.#decoder.next(); next !== undefined; next = this.#decoder.next()) {
      this.received.push({ ...withoutData(next), text: fromUtf8(next.data) })
      count += 1
    }
    this.writes.push(count)
    this.#time.after(1, onWritten)
  }

  /** The server ends the connection. */
  close(): void {
    this.isClosed = true
  }

  send({ type, seq, result, text }: TextFrame): void {
    this.sendBytes(encodeChannelFrame({ type, seq, result, data: utf8(text) }))
  }

  sendBytes(bytes: Uint8Array): void {
    this.#handler?.onData(bytes)
  }

  /** The client goes away. */
  leave(): void {
    this.#handler?.onClose('closed by the client')
  }
}

function withoutData({ type, seq, result }: ChannelFrame): Omit<TextFrame, 'text'> {
  return { type, seq, result }
}

/** Takes clients that a test makes. */
export class TestListener implements ClientListener {
  readonly #time: World
  #onClient: ((connection: ClientConnection) => void) | undefined

  constructor(time: World) {
    this.#time = time
  }

  listen(onClient: (connection: ClientConnection) => void): Promise<void> {
    this.#onClient = onClient
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.#onClient = undefined
    return Promise.resolve()
  }

  connect(sdkKey?: string): TestClient {
    const client = new TestClient(this.#time, sdkKey)
    this.#onClient?.(client)
    return client
  }
}

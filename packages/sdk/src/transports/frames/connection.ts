import {
  type Clock,
  every,
  fromUtf8,
  messageOf,
  type RandomSource,
  type Timers,
  toHex,
  utf8,
} from '@bcos-ts/common'
import {
  type ChannelFrame,
  ChannelFrameDecoder,
  ChannelType,
  encodeChannelFrame,
} from '@bcos-ts/protocol/channel'
import { asError } from '../../as-error.ts'
import { NoConnectionError } from '../../errors.ts'
import { JsonReader, readJson } from '../../json/read.ts'
import type { Dial, Wire } from './wire.ts'

const VERSION_MIN = 1
const VERSION_MAX = 3
const CLIENT_TYPE = 'bcos-ts'
const SEQ_RANDOM_BYTES = 16
const HEARTBEAT_MS = 5000
/** A node answers heartbeats: one that says nothing for so long is gone. */
const SILENCE_MS = 20_000

/** Types that answer a request with the same seq. */
const ANSWERS: ReadonlySet<number> = new Set([
  ChannelType.rpc,
  ChannelType.heartbeat,
  ChannelType.handshake,
  ChannelType.registerEvent,
  ChannelType.unregisterEvent,
  ChannelType.amopResponse,
])

export interface ConnectionParts {
  /** For errors. */
  readonly url: string
  readonly dial: Dial
  readonly timers: Timers
  readonly clock: Clock
  readonly random: RandomSource
  readonly timeoutMs: number
  /** What the node sends by itself. */
  readonly onFrame: (frame: ChannelFrame, connection: Connection) => void
  readonly onClose: (error: NoConnectionError) => void
}

interface OpenRequest {
  readonly resolve: (frame: ChannelFrame) => void
  readonly reject: (error: Error) => void
  readonly cancelTimeout: () => void
}

/** One connection to a node, from handshake to end (spec 02 §3–6). */
export class Connection {
  readonly #parts: ConnectionParts
  readonly #decoder = new ChannelFrameDecoder()
  /** By seq. */
  readonly #requests = new Map<string, OpenRequest>()
  readonly #receipts = new Map<string, Omit<OpenRequest, 'cancelTimeout'>>()
  #wire: Wire | undefined
  #lastHeardMs: number
  #stopHeartbeat: () => void = () => {}
  #end: NoConnectionError | undefined

  private constructor(parts: ConnectionParts) {
    this.#parts = parts
    this.#lastHeardMs = parts.clock.nowMs()
  }

  /** Connects and shakes hands. Throws `SDK_NO_CONNECTION`. */
  static async open(parts: ConnectionParts): Promise<Connection> {
    const connection = new Connection(parts)
    await connection.#open()
    return connection
  }

  get isOpen(): boolean {
    return this.#wire !== undefined && this.#end === undefined
  }

  newSeq(): string {
    return toHex(this.#parts.random.bytes(SEQ_RANDOM_BYTES))
  }

  /** The frame that answers. Throws `SDK_NO_CONNECTION`. */
  request(type: number, data: Uint8Array, timeoutMs?: number): Promise<ChannelFrame> {
    return this.#request({ type, seq: this.newSeq(), result: 0, data }, timeoutMs)
  }

  /** As {@link request}, with the frame that the node pushes later under the same seq. */
  async requestWithReceipt(
    type: number,
    data: Uint8Array,
  ): Promise<{ readonly answer: ChannelFrame; readonly receipt: Promise<ChannelFrame> }> {
    const seq = this.newSeq()
    // The push may overtake the answer, so both are expected before anything is sent.
    const receipt = new Promise<ChannelFrame>((resolve, reject) => {
      this.#receipts.set(seq, { resolve, reject })
    })
    receipt.catch(() => {})
    try {
      return { answer: await this.#request({ type, seq, result: 0, data }), receipt }
    } catch (error) {
      this.#receipts.delete(seq)
      throw error
    }
  }

  /** Sends what is not answered; nothing happens on a connection that has ended. */
  send(frame: ChannelFrame): void {
    if (this.isOpen) this.#wire?.write(encodeChannelFrame(frame))
  }

  close(reason: string): void {
    this.#finish(reason)
    this.#wire?.close()
  }

  async #open(): Promise<void> {
    const { timers, url, clock } = this.#parts
    let wire: Wire
    try {
      wire = await this.#dial()
    } catch (error) {
      throw new NoConnectionError(url, messageOf(error), { wasSent: false, cause: error })
    }
    this.#wire = wire
    this.#lastHeardMs = clock.nowMs()
    try {
      await this.#shakeHands()
    } catch (error) {
      this.close('no handshake')
      throw new NoConnectionError(url, `no handshake: ${messageOf(error)}`, {
        wasSent: false,
        cause: error,
      })
    }
    this.#stopHeartbeat = every(timers, HEARTBEAT_MS, () => this.#beat())
  }

  /** A wire that opens too late is closed again. */
  #dial(): Promise<Wire> {
    const { dial, timers, timeoutMs } = this.#parts
    return new Promise((resolve, reject) => {
      let isLate = false
      const cancel = timers.after(timeoutMs, () => {
        isLate = true
        reject(new Error(`no connection within ${timeoutMs} ms`))
      })
      const wire = dial({
        onData: (piece) => this.#onData(piece),
        onClose: (reason) => this.#finish(reason),
      })
      void wire.finally(cancel).then(
        (opened) => (isLate ? opened.close() : resolve(opened)),
        (error: unknown) => reject(asError(error)),
      )
    })
  }

  async #shakeHands(): Promise<void> {
    const offer = {
      minimumSupport: VERSION_MIN,
      maximumSupport: VERSION_MAX,
      clientType: CLIENT_TYPE,
    }
    const answer = await this.request(ChannelType.handshake, utf8(JSON.stringify(offer)))
    new JsonReader('handshake', readJson('handshake', fromUtf8(answer.data))).number('protocol')
  }

  #request(frame: ChannelFrame, timeoutMs = this.#parts.timeoutMs): Promise<ChannelFrame> {
    if (this.#end !== undefined) return Promise.reject(this.#unsent())
    return new Promise((resolve, reject) => {
      const cancelTimeout = this.#parts.timers.after(timeoutMs, () => {
        this.#requests.delete(frame.seq)
        reject(
          new NoConnectionError(this.#parts.url, `nothing within ${timeoutMs} ms`, {
            wasSent: true,
          }),
        )
      })
      this.#requests.set(frame.seq, { resolve, reject, cancelTimeout })
      this.send(frame)
    })
  }

  #unsent(): NoConnectionError {
    const reason = this.#end?.message ?? 'not connected'
    return new NoConnectionError(this.#parts.url, reason, { wasSent: false, cause: this.#end })
  }

  #beat(): void {
    const { clock } = this.#parts
    if (clock.nowMs() - this.#lastHeardMs > SILENCE_MS) {
      this.close(`the node said nothing for ${SILENCE_MS} ms`)
      return
    }
    const data = utf8(JSON.stringify({ heartBeat: 0 }))
    this.send({ type: ChannelType.heartbeat, seq: this.newSeq(), result: 0, data })
  }

  #onData(piece: Uint8Array): void {
    this.#lastHeardMs = this.#parts.clock.nowMs()
    this.#decoder.push(piece)
    try {
      for (let next = this.#decoder.next(); next !== undefined; next = this.#decoder.next()) {
        this.#onFrame(next)
      }
    } catch (error) {
      // A stream that is out of step cannot be read any further.
      this.close(messageOf(error))
    }
  }

  #onFrame(frame: ChannelFrame): void {
    const { type, seq } = frame
    if (ANSWERS.has(type)) {
      const request = this.#requests.get(seq)
      this.#requests.delete(seq)
      request?.cancelTimeout()
      request?.resolve(frame)
    } else if (type === ChannelType.receipt) {
      const receipt = this.#receipts.get(seq)
      this.#receipts.delete(seq)
      receipt?.resolve(frame)
    } else {
      this.#parts.onFrame(frame, this)
    }
  }

  #finish(reason: string): void {
    if (this.#end !== undefined) return
    const error = new NoConnectionError(this.#parts.url, reason, { wasSent: true })
    this.#end = error
    this.#stopHeartbeat()
    for (const { reject, cancelTimeout } of this.#requests.values()) {
      cancelTimeout()
      reject(error)
    }
    for (const { reject } of this.#receipts.values()) reject(error)
    this.#requests.clear()
    this.#receipts.clear()
    this.#parts.onClose(error)
  }
}

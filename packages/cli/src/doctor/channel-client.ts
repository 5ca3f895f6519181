import type { TLSSocket } from 'node:tls'
import { fromUtf8, messageOf, utf8 } from '@bcos-ts/common'
import {
  type ChannelFrame,
  ChannelFrameDecoder,
  ChannelType,
  encodeChannelFrame,
  PUSH_SEQ,
} from '@bcos-ts/protocol/channel'
import { ProbeFailedError } from '../errors.ts'
import { attemptTls, type Credentials, type Target } from './tls-probe.ts'

const SEQ_DIGITS = 32
const TIMEOUT_MS = 8000

export interface ChannelAnswer {
  readonly type: number
  readonly result: number
  readonly text: string
}

interface Waiting {
  readonly resolve: (answer: ChannelAnswer) => void
  readonly reject: (error: ProbeFailedError) => void
  readonly timer: NodeJS.Timeout
}

/** A connection to a Channel port that asks, and waits for answers (spec 02 §3). For looking, not for applications. */
export class ChannelClient {
  /** Frames that answer nothing: receipts, events, notices. */
  readonly pushed: ChannelAnswer[] = []
  readonly #socket: TLSSocket
  readonly #decoder = new ChannelFrameDecoder()
  readonly #waiting = new Map<string, Waiting>()
  #count = 0
  #end: string | undefined

  /** Over a connection whose handshake is done. */
  constructor(socket: TLSSocket) {
    this.#socket = socket
    socket.on('data', (piece: Uint8Array) => this.#onData(piece))
    socket.on('error', (error) => this.#finish(error.message))
    socket.on('close', () => this.#finish('the node closed the connection'))
  }

  /** Throws {@link ProbeFailedError} when there is no way to the node. */
  static async connect(target: Target, credentials: Credentials): Promise<ChannelClient> {
    const attempt = await attemptTls(target, credentials)
    if (attempt.type === 'open') return new ChannelClient(attempt.socket)
    throw new ProbeFailedError(attempt.reason)
  }

  /** Sends a frame and resolves with the one of the same seq. Throws {@link ProbeFailedError}. */
  ask(type: number, data: Uint8Array): Promise<ChannelAnswer> {
    if (this.#end !== undefined) return Promise.reject(new ProbeFailedError(this.#end))
    this.#count += 1
    const seq = this.#count.toString(16).padStart(SEQ_DIGITS, '0')
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(seq)
        reject(new ProbeFailedError(`no answer within ${TIMEOUT_MS / 1000} s`))
      }, TIMEOUT_MS)
      this.#waiting.set(seq, { resolve, reject, timer })
      this.#socket.write(encodeChannelFrame({ type, seq, result: 0, data }))
    })
  }

  /** The text of a JSON-RPC answer. Throws {@link ProbeFailedError}. */
  async rpc(request: string): Promise<string> {
    return (await this.ask(ChannelType.rpc, utf8(request))).text
  }

  /** Sends a frame that is not answered. */
  tell(type: number, data: Uint8Array): void {
    this.#socket.write(encodeChannelFrame({ type, seq: PUSH_SEQ, result: 0, data }))
  }

  close(): void {
    this.#socket.destroy()
  }

  #onData(piece: Uint8Array): void {
    this.#decoder.push(piece)
    try {
      for (let next = this.#decoder.next(); next !== undefined; next = this.#decoder.next()) {
        this.#onFrame(next)
      }
    } catch (error) {
      this.#socket.destroy(
        new Error(`what answers does not speak the Channel protocol: ${messageOf(error)}`),
      )
    }
  }

  #onFrame({ type, seq, result, data }: ChannelFrame): void {
    const answer: ChannelAnswer = { type, result, text: fromUtf8(data) }
    const waiting = this.#waiting.get(seq)
    if (waiting === undefined) {
      this.pushed.push(answer)
      return
    }
    this.#waiting.delete(seq)
    clearTimeout(waiting.timer)
    waiting.resolve(answer)
  }

  #finish(reason: string): void {
    this.#end ??= reason
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer)
      reject(new ProbeFailedError(this.#end))
    }
    this.#waiting.clear()
  }
}

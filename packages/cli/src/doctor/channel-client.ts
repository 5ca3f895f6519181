import type { TLSSocket } from 'node:tls'
import { ByteQueue, bytesToText, fromUtf8, textToBytes, utf8 } from '@bcos-ts/common'
import { FRAME_BYTES_MAX } from '@bcos-ts/protocol'
import { ProbeFailedError } from '../errors.ts'
import { attemptTls, type Credentials, type Target } from './tls-probe.ts'

/** Types of frames (spec 02 §4) that a probe sends or sees. */
export const ChannelType = {
  rpc: 0x12,
  handshake: 0x14,
  registerEvent: 0x15,
  amop: 0x30,
  amopAnswer: 0x31,
  subscribe: 0x32,
} as const

const HEADER_BYTES = 42
const SEQ_AT = 6
const SEQ_BYTES = 32
const RESULT_AT = 38
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
  readonly #queue = new ByteQueue()
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
    const seq = this.#count.toString(16).padStart(SEQ_BYTES, '0')
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(seq)
        reject(new ProbeFailedError(`no answer within ${TIMEOUT_MS / 1000} s`))
      }, TIMEOUT_MS)
      this.#waiting.set(seq, { resolve, reject, timer })
      this.#socket.write(encode(type, seq, data))
    })
  }

  /** The text of a JSON-RPC answer. Throws {@link ProbeFailedError}. */
  async rpc(request: string): Promise<string> {
    return (await this.ask(ChannelType.rpc, utf8(request))).text
  }

  /** Sends a frame that is not answered. */
  tell(type: number, data: Uint8Array): void {
    this.#socket.write(encode(type, '0'.repeat(SEQ_BYTES), data))
  }

  close(): void {
    this.#socket.destroy()
  }

  #onData(piece: Uint8Array): void {
    this.#queue.push(piece)
    for (;;) {
      const length = this.#queue.peekUint32(0)
      if (length === undefined) return
      if (length < HEADER_BYTES || length > FRAME_BYTES_MAX) {
        this.#socket.destroy(new Error('what answers does not speak the Channel protocol'))
        return
      }
      if (this.#queue.length < length) return
      this.#onFrame(this.#queue.take(length))
    }
  }

  #onFrame(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const answer: ChannelAnswer = {
      type: view.getUint16(4),
      result: view.getInt32(RESULT_AT),
      text: fromUtf8(bytes.subarray(HEADER_BYTES)),
    }
    const seq = bytesToText(bytes.subarray(SEQ_AT, SEQ_AT + SEQ_BYTES))
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

function encode(type: number, seq: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length)
  view.setUint16(4, type)
  bytes.set(textToBytes(seq), SEQ_AT)
  bytes.set(data, HEADER_BYTES)
  return bytes
}

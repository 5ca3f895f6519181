/**
 * The 16-byte P2P frame: length, version, protocol id, packet type, sequence number, payload
 * (spec 04 §2.2, §2.5).
 * @module
 */
import { ByteQueue } from '@bcos-ts/common'
import { FRAME_BYTES_MAX } from '@bcos-ts/protocol'
import { InvalidFrameError } from './errors.ts'
import { snappyCompress, snappyUncompress } from './snappy.ts'

export const FRAME_HEADER_BYTES = 16
/** Payloads above this are compressed. */
export const COMPRESS_ABOVE_BYTES = 1024
const COMPRESSED_FLAG = 0x8000

export interface P2pFrame {
  /** Above zero a request; a response carries the negated id of its request. */
  readonly protocolId: number
  readonly packetType: number
  /** Connects a response with its request; 0 where none is expected. Unsigned, 32 bits. */
  readonly seq: number
  readonly payload: Uint8Array
}

export interface EncodeOptions {
  /** Whether long payloads are compressed (`p2p.enable_compress`). */
  readonly isCompressing: boolean
}

/** The bytes of a frame. The payload must leave room for the header below 100 MiB. */
export function encodeFrame(frame: P2pFrame, options: EncodeOptions): Uint8Array {
  const isCompressed = options.isCompressing && frame.payload.length > COMPRESS_ABOVE_BYTES
  const payload = isCompressed ? snappyCompress(frame.payload) : frame.payload
  const length = FRAME_HEADER_BYTES + payload.length
  if (length > FRAME_BYTES_MAX) {
    throw new InvalidFrameError(`${length} bytes, ${FRAME_BYTES_MAX} allowed`)
  }
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, length)
  view.setUint16(4, isCompressed ? COMPRESSED_FLAG : 0)
  view.setInt32(6, frame.protocolId)
  view.setUint16(10, frame.packetType)
  view.setUint32(12, frame.seq)
  bytes.set(payload, FRAME_HEADER_BYTES)
  return bytes
}

/**
 * Cuts a stream into frames. Memory is bounded by what the peer has really sent of one frame, and by
 * `frameBytesMax`; a length outside the limits is refused as soon as it is read.
 */
export class FrameDecoder {
  readonly #queue = new ByteQueue()
  readonly #frameBytesMax: number

  constructor(frameBytesMax: number = FRAME_BYTES_MAX) {
    this.#frameBytesMax = frameBytesMax
  }

  push(piece: Uint8Array): void {
    this.#queue.push(piece)
  }

  /** The next whole frame, or `undefined` until more arrives. Throws {@link InvalidFrameError}. */
  next(): P2pFrame | undefined {
    const length = this.#queue.peekUint32(0)
    if (length === undefined) return undefined
    if (length < FRAME_HEADER_BYTES) throw new InvalidFrameError(`a length of ${length} bytes`)
    if (length > this.#frameBytesMax) {
      throw new InvalidFrameError(`${length} bytes, ${this.#frameBytesMax} allowed`)
    }
    if (this.#queue.length < length) return undefined
    return decodeFrame(this.#queue.take(length), this.#frameBytesMax)
  }
}

function decodeFrame(bytes: Uint8Array, payloadBytesMax: number): P2pFrame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const isCompressed = (view.getUint16(4) & COMPRESSED_FLAG) !== 0
  const payload = bytes.subarray(FRAME_HEADER_BYTES)
  return {
    protocolId: view.getInt32(6),
    packetType: view.getUint16(10),
    seq: view.getUint32(12),
    payload: isCompressed ? snappyUncompress(payload, payloadBytesMax) : payload,
  }
}

import { fromHex, fromUtf8 } from '@bcos-ts/common'
import {
  type ChannelFrame,
  ChannelFrameDecoder,
  ChannelType,
  decodeChannelFrame,
  encodeChannelFrame,
  PUSH_SEQ,
  splitTopic,
} from '@bcos-ts/protocol/channel'
import vectors from '../../protocol/vectors/channel-frames.json' with { type: 'json' }
import { PushLink, type PushLinkOptions } from '../src/transports/frames/push-link.ts'
import type { WireHandler } from '../src/transports/frames/wire.ts'

/** A frame that a real node or SDK sent. */
export function recorded(name: string): ChannelFrame {
  const hex = vectors.cases.find((one) => one.name === name)?.hex
  const frame = hex === undefined ? undefined : decodeChannelFrame(fromHex(hex))
  if (frame === undefined) throw new Error(`no frame ${name}`)
  return frame
}

/** What a frame carries, without a topic in front. */
export function textOf(frame: ChannelFrame, hasTopic = false): string {
  return fromUtf8(hasTopic ? (splitTopic(frame.data)?.payload ?? new Uint8Array(0)) : frame.data)
}

/** A node of which only the frames are there: it answers and pushes what a test lets it. */
export class FakeNode {
  readonly received: ChannelFrame[] = []
  /** How often somebody connected. */
  connections = 0
  /** Answers a frame; a handshake is answered when it does not. */
  onFrame: (frame: ChannelFrame) => void = () => {}
  #handler: WireHandler | undefined

  link(options: PushLinkOptions = {}): PushLink {
    return new PushLink({
      url: 'fake://node',
      timeoutMs: 2000,
      ...options,
      dial: (handler) => {
        const decoder = new ChannelFrameDecoder()
        this.connections += 1
        this.#handler = handler
        return Promise.resolve({
          write: (bytes) => {
            decoder.push(bytes.slice())
            const frame = decoder.next()
            if (frame !== undefined) queueMicrotask(() => this.#take(frame))
          },
          close: () => {},
        })
      },
    })
  }

  /** What was received of a type. */
  of(type: number): ChannelFrame[] {
    return this.received.filter((frame) => frame.type === type)
  }

  /** Sends a recorded frame as the answer to another. */
  answer(request: ChannelFrame, name: string): void {
    this.send({ ...recorded(name), seq: request.seq })
  }

  push(name: string): void {
    this.send({ ...recorded(name), seq: PUSH_SEQ })
  }

  send(frame: ChannelFrame): void {
    this.sendBytes(encodeChannelFrame(frame))
  }

  sendBytes(bytes: Uint8Array): void {
    this.#handler?.onData(bytes)
  }

  leave(): void {
    this.#handler?.onClose('cut')
  }

  #take(frame: ChannelFrame): void {
    this.received.push(frame)
    if (frame.type === ChannelType.handshake) this.answer(frame, 'j04-handshake-response')
    this.onFrame(frame)
  }
}

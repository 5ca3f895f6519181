import { FRAME_BYTES_MAX, type NodeId } from '@bcos-ts/protocol'
import type { P2pMessage } from '@bcos-ts/protocol/ports'

/** Messages of one peer that may wait … */
export const PEER_MESSAGES_MAX = 512
/** … and their bytes: at least one frame of the largest size. */
export const PEER_BYTES_MAX: number = FRAME_BYTES_MAX

export interface Incoming {
  readonly from: NodeId
  readonly message: P2pMessage
}

interface Load {
  messages: number
  bytes: number
}

/** Messages that wait for their turn. A peer that floods us crowds out nobody but itself. */
export class Inbox {
  #queue: Incoming[] = []
  #next = 0
  readonly #loads = new Map<NodeId, Load>()

  /** `false` when the peer has too much waiting: the message is dropped. */
  push(incoming: Incoming): boolean {
    const { from, message } = incoming
    const load = this.#loads.get(from) ?? { messages: 0, bytes: 0 }
    const bytes = load.bytes + message.payload.length
    if (load.messages >= PEER_MESSAGES_MAX || bytes > PEER_BYTES_MAX) return false
    this.#loads.set(from, { messages: load.messages + 1, bytes })
    this.#queue.push(incoming)
    return true
  }

  shift(): Incoming | undefined {
    const incoming = this.#queue[this.#next]
    if (incoming === undefined) return undefined
    this.#next++
    if (this.#next === this.#queue.length) {
      this.#queue = []
      this.#next = 0
    }
    this.#release(incoming)
    return incoming
  }

  #release({ from, message }: Incoming): void {
    const load = this.#loads.get(from)
    if (load === undefined) return
    load.messages--
    load.bytes -= message.payload.length
    if (load.messages === 0) this.#loads.delete(from)
  }
}

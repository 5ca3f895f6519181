import type { Timers } from '@bcos-ts/common'
import type { NodeId } from '@bcos-ts/protocol'
import type { BlockStore } from '@bcos-ts/protocol/ports'
import { type BlockRange, type BlockRanges, takeRange, withRange } from './block-ranges.ts'

/** Bytes of one packet; a larger block goes alone. */
const PACKET_BYTES = 1_048_576
const PACKET_BLOCKS = 256
/** Between two packets, to whomever they go: serving takes a small part of the node's time, however much is asked. */
const PAUSE_MS = 15
/** Blocks that may wait for one peer; the reference asks for at most 128 at a time. */
const WAITING_MAX = 1024
/** Until it is tried again when the outgoing bandwidth is used up. */
const NO_PERMIT_PAUSE_MS = 200
/** The reference counts a block by its size when compressed, which it takes to be a quarter (spec 04 §2.9). */
const COMPRESSION = 4

export interface BlockServerComponents {
  readonly chain: Pick<BlockStore, 'height' | 'encodedBlock'>
  readonly timers: Timers
  readonly send: (to: NodeId, blocks: readonly Uint8Array[]) => void
  /** Permits for so many outgoing bytes; a refusal puts the answer off. */
  readonly mayServe: (bytes: number) => boolean
}

/** Sends blocks to peers that have asked for them: one packet at a time, one peer after the other. */
export class BlockServer {
  readonly #components: BlockServerComponents
  /** In the order of their turns. */
  readonly #waiting = new Map<NodeId, BlockRanges>()
  #cancel: (() => void) | undefined

  constructor(components: BlockServerComponents) {
    this.#components = components
  }

  /** Only what the chain has, up to what the peer may see, and not too much at once; what goes beyond is cut off. */
  request(peer: NodeId, { from, count }: BlockRange, most: number): void {
    const last = Math.min(from + count - 1, this.#components.chain.height(), most)
    if (last < from) return
    const ranges = this.#waiting.get(peer) ?? []
    const room = ranges.reduce((left, range) => left - range.count, WAITING_MAX)
    const wanted = { from, count: Math.min(last - from + 1, room) }
    this.#waiting.set(peer, withRange(ranges, wanted))
    this.#schedule(0)
  }

  forget(peer: NodeId): void {
    this.#waiting.delete(peer)
  }

  stop(): void {
    this.#waiting.clear()
    this.#cancel?.()
    this.#cancel = undefined
  }

  #schedule(delayMs: number): void {
    this.#cancel ??= this.#components.timers.after(delayMs, () => {
      this.#cancel = undefined
      this.#serve()
    })
  }

  #serve(): void {
    const [peer] = this.#waiting.keys()
    if (peer === undefined) return
    const taken = takeRange(this.#waiting.get(peer) ?? [])
    this.#waiting.delete(peer)
    if (taken === undefined) return
    const { blocks, rest } = this.#gather(taken.range)
    const left = rest === undefined ? taken.rest : withRange(taken.rest, rest)
    // Behind all others: its next turn comes when they have had theirs.
    if (left.length > 0) this.#waiting.set(peer, left)
    if (blocks.length > 0) this.#components.send(peer, blocks)
    if (this.#waiting.size > 0) this.#schedule(blocks.length > 0 ? PAUSE_MS : NO_PERMIT_PAUSE_MS)
  }

  #gather({ from, count }: BlockRange): {
    readonly blocks: readonly Uint8Array[]
    readonly rest: BlockRange | undefined
  } {
    const { chain, mayServe } = this.#components
    const blocks: Uint8Array[] = []
    let bytes = 0
    const end = from + count
    for (let number = from; number < end; number++) {
      const block = chain.encodedBlock(number)
      if (block === undefined) return { blocks, rest: undefined }
      const isFull = blocks.length > 0 && bytes + block.length > PACKET_BYTES
      if (isFull || blocks.length >= PACKET_BLOCKS || !mayServe(block.length / COMPRESSION)) {
        return { blocks, rest: { from: number, count: end - number } }
      }
      blocks.push(block)
      bytes += block.length
    }
    return { blocks, rest: undefined }
  }
}

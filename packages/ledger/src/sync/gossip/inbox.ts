import type { Timers } from '@bcos-ts/common'
import type { HashText, NodeId } from '@bcos-ts/protocol'

/** Bytes of transactions that wait to be read, of all peers and of one. */
const BYTES_MAX = 67_108_864
const PEER_BYTES_MAX = 33_554_432
/** Transactions that are read in one go; a signature of each of them is checked. */
const SLICE = 32

/** A transaction as it came, and the hash of its bytes. */
export interface UnreadTransaction {
  readonly raw: Uint8Array
  readonly rawHash: Uint8Array
}

/** New transactions of one packet, as they came. */
export interface Parcel {
  readonly from: NodeId
  /** By hash of the encoding. */
  readonly raws: ReadonlyMap<HashText, UnreadTransaction>
  /** Nodes that have them. */
  readonly holders: readonly NodeId[]
}

/** Part of a parcel. */
export interface Slice {
  readonly from: NodeId
  readonly raws: readonly UnreadTransaction[]
  readonly holders: readonly NodeId[]
}

/**
 * Transactions of peers on their way into the pool. They are read a few at a time, so that a large packet
 * does not hold up what else the node has to do, and no peer can fill the memory.
 */
export class TransactionInbox {
  readonly #timers: Timers
  readonly #read: (slice: Slice) => void
  readonly #queue: { parcel: Parcel; entries: Iterator<[HashText, UnreadTransaction]> }[] = []
  readonly #waiting = new Set<HashText>()
  readonly #bytesOf = new Map<NodeId, number>()
  #bytes = 0
  #cancel: (() => void) | undefined

  constructor(timers: Timers, read: (slice: Slice) => void) {
    this.#timers = timers
    this.#read = read
  }

  has(hash: HashText): boolean {
    return this.#waiting.has(hash)
  }

  /** `false` when there is no room for it. */
  add(parcel: Parcel): boolean {
    let bytes = 0
    for (const { raw } of parcel.raws.values()) bytes += raw.length
    const ofPeer = (this.#bytesOf.get(parcel.from) ?? 0) + bytes
    if (this.#bytes + bytes > BYTES_MAX || ofPeer > PEER_BYTES_MAX) return false
    this.#bytes += bytes
    this.#bytesOf.set(parcel.from, ofPeer)
    for (const hash of parcel.raws.keys()) this.#waiting.add(hash)
    this.#queue.push({ parcel, entries: parcel.raws.entries() })
    this.#schedule()
    return true
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#queue.length = 0
    this.#waiting.clear()
    this.#bytesOf.clear()
    this.#bytes = 0
  }

  #schedule(): void {
    if (this.#queue.length === 0) return
    this.#cancel ??= this.#timers.after(0, () => {
      this.#cancel = undefined
      this.#readSlice()
      this.#schedule()
    })
  }

  #readSlice(): void {
    const [first] = this.#queue
    if (first === undefined) return
    const { parcel, entries } = first
    const raws: UnreadTransaction[] = []
    while (raws.length < SLICE) {
      const next = entries.next()
      if (next.done === true) {
        this.#queue.shift()
        break
      }
      const [hash, unread] = next.value
      this.#leave(parcel.from, hash, unread.raw.length)
      raws.push(unread)
    }
    if (raws.length > 0) this.#read({ from: parcel.from, raws, holders: parcel.holders })
  }

  #leave(from: NodeId, hash: HashText, bytes: number): void {
    this.#waiting.delete(hash)
    this.#bytes -= bytes
    const left = (this.#bytesOf.get(from) ?? 0) - bytes
    if (left > 0) this.#bytesOf.set(from, left)
    else this.#bytesOf.delete(from)
  }
}

import type { Timers } from '@bcos-ts/common'
import type { HashText, NodeId } from '@bcos-ts/protocol'

/** Bytes of transactions that wait to be read, of all peers and of one. */
const BYTES_MAX = 67_108_864
const PEER_BYTES_MAX = 33_554_432

/** A transaction as it came, and the hash of its bytes. */
export interface UnreadTransaction {
  readonly raw: Uint8Array
  readonly rawHash: Uint8Array
  readonly hashText: HashText
  /** The public key that its sender says signed it, X || Y. */
  readonly signer?: Uint8Array | undefined
}

/** New transactions of one packet. */
export interface Parcel {
  readonly from: NodeId
  readonly transactions: readonly UnreadTransaction[]
  /** Nodes that have them. */
  readonly holders: readonly NodeId[]
  /** Who answers for what is said of their signers. */
  readonly claimant: string
}

/** How much is read in one go: transactions are taken until their costs have used the budget up. */
export interface SliceTerms {
  readonly budget: number
  readonly cost: (unread: UnreadTransaction, claimant: string) => number
}

/** Who checks signatures, and puts into the pool what is good. */
export interface Reader {
  /** Those of the next slice. */
  readonly terms: () => SliceTerms
  /** Pieces of parcels, in order. May take its time: the next slice waits for it. Never rejects. */
  readonly read: (slice: readonly Parcel[]) => void | Promise<void>
  /** Is done when it returns. */
  readonly readNow: (slice: readonly Parcel[]) => void
}

/** A parcel of which some have been read. */
interface OpenParcel extends Parcel {
  next: number
}

interface Waiting {
  readonly unread: UnreadTransaction
  readonly parcel: Parcel
}

/**
 * Transactions of peers on their way into the pool. They are read a few at a time, so that a large packet
 * does not hold up what else the node has to do, and no peer can fill the memory. Small packets are read together,
 * for checks of signatures are cheaper by the dozen.
 */
export class TransactionInbox {
  readonly #timers: Timers
  readonly #reader: Reader
  readonly #queue: OpenParcel[] = []
  readonly #waiting = new Map<HashText, Waiting>()
  readonly #bytesOf = new Map<NodeId, number>()
  #bytes = 0
  #cancel: (() => void) | undefined
  #isReading = false

  constructor(timers: Timers, reader: Reader) {
    this.#timers = timers
    this.#reader = reader
  }

  has(hash: HashText): boolean {
    return this.#waiting.has(hash)
  }

  /** `false` when there is no room for it. */
  add(parcel: Parcel): boolean {
    let bytes = 0
    for (const { raw } of parcel.transactions) bytes += raw.length
    const ofPeer = (this.#bytesOf.get(parcel.from) ?? 0) + bytes
    if (this.#bytes + bytes > BYTES_MAX || ofPeer > PEER_BYTES_MAX) return false
    this.#bytes += bytes
    this.#bytesOf.set(parcel.from, ofPeer)
    for (const unread of parcel.transactions) this.#waiting.set(unread.hashText, { unread, parcel })
    this.#queue.push({ ...parcel, next: 0 })
    this.#schedule()
    return true
  }

  /** Reads those of the transactions that wait here, before all others. */
  readFirst(hashes: readonly HashText[]): void {
    const chosen = new Map<Parcel, UnreadTransaction[]>()
    for (const hash of hashes) {
      const waiting = this.#waiting.get(hash)
      if (waiting === undefined) continue
      const { unread, parcel } = waiting
      this.#leave(parcel.from, unread)
      const ofParcel = chosen.get(parcel)
      if (ofParcel === undefined) chosen.set(parcel, [unread])
      else ofParcel.push(unread)
    }
    const slice = [...chosen].map(([parcel, transactions]) => pieceOf(parcel, transactions))
    if (slice.length > 0) this.#reader.readNow(slice)
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
    if (this.#queue.length === 0 || this.#isReading) return
    this.#cancel ??= this.#timers.after(0, () => {
      this.#cancel = undefined
      const slice = this.#nextSlice()
      const reading = slice.length === 0 ? undefined : this.#reader.read(slice)
      if (reading instanceof Promise) void this.#whenRead(reading, slice)
      else this.#finish(slice)
    })
  }

  async #whenRead(reading: Promise<void>, slice: readonly Parcel[]): Promise<void> {
    this.#isReading = true
    await reading
    this.#isReading = false
    this.#finish(slice)
  }

  /** Until now they counted as waiting, so that nobody asked for them again. */
  #finish(slice: readonly Parcel[]): void {
    for (const { from, transactions } of slice) {
      for (const unread of transactions) this.#leave(from, unread)
    }
    this.#schedule()
  }

  #nextSlice(): readonly Parcel[] {
    const slice: Parcel[] = []
    const { budget, cost } = this.#reader.terms()
    let left = budget
    while (left > 0) {
      const [parcel] = this.#queue
      if (parcel === undefined) break
      const transactions: UnreadTransaction[] = []
      while (left > 0 && parcel.next < parcel.transactions.length) {
        const unread = parcel.transactions[parcel.next]
        parcel.next += 1
        // It may have been read before its turn.
        if (unread === undefined || !this.#waiting.has(unread.hashText)) continue
        transactions.push(unread)
        left -= cost(unread, parcel.claimant)
      }
      if (parcel.next === parcel.transactions.length) this.#queue.shift()
      if (transactions.length > 0) slice.push(pieceOf(parcel, transactions))
    }
    return slice
  }

  #leave(from: NodeId, { hashText, raw }: UnreadTransaction): void {
    if (!this.#waiting.delete(hashText)) return
    this.#bytes -= raw.length
    const left = (this.#bytesOf.get(from) ?? 0) - raw.length
    if (left > 0) this.#bytesOf.set(from, left)
    else this.#bytesOf.delete(from)
  }
}

function pieceOf(
  { from, holders, claimant }: Parcel,
  transactions: readonly UnreadTransaction[],
): Parcel {
  return { from, transactions, holders, claimant }
}

import {
  type Clock,
  every,
  isBcosError,
  type Logger,
  LruMap,
  messageOf,
  type RandomSource,
  randomBelow,
  type Timers,
  toHex,
  unreachable,
} from '@bcos-ts/common'
import {
  type CryptoSuite,
  encodeTransactionList,
  type HashText,
  type NodeId,
  recoverSenders,
  type SignatureBatches,
  splitTransactionList,
  Transaction,
  TransactionStatus,
} from '@bcos-ts/protocol'
import type { BlockStore, TxPool } from '@bcos-ts/protocol/ports'
import { type GroupView, isMember, type Moment } from '../group-view.ts'
import { encodeSyncPacket, type SyncPacket } from '../packet.ts'
import { type Parcel, TransactionInbox, type UnreadTransaction } from './inbox.ts'
import {
  type GossipEffect,
  type GossipEvent,
  type GossipOptions,
  type GossipState,
  nextDueMs,
  ROUND_MAX,
  startGossip,
  stepGossip,
} from './step.ts'

/** A client's transactions are gathered so long before they go out together. */
const GATHER_MS = 10
/** Transactions of one packet, and bytes of one that this node makes. */
const PACKET_TRANSACTIONS_MAX = 10_000
const PACKET_BYTES = 4_194_304
/** Bytes that one request for transactions brings. */
const ANSWER_BYTES_MAX = 33_554_432
/** Transactions that need not be looked at again: mined, or refused for good. */
const SETTLED_MAX = 50_000
/** Transactions that are read in one go, where this thread checks their signatures, and where others do. */
const SLICE = 32
const SHARED_SLICE = 512
/** What was in the pool a while ago and still is, is mentioned again: where one node leads for long, nobody else seals it. */
const REMIND_MS = 5000
/** Packet type of transactions that travel along the tree, or come straight from a client's node. */
const FIRST_HOP = 1
const ORDINARY = 0

const { alreadyKnown, txPoolIsFull, overGroupMemoryLimit, blockLimitCheckFail } = TransactionStatus
/** Refusals that may be different another time. */
const PASSING: ReadonlySet<number> = new Set([
  alreadyKnown,
  txPoolIsFull,
  overGroupMemoryLimit,
  blockLimitCheckFail,
])

export interface GossipHost {
  readonly suite: CryptoSuite
  /** Checks signatures on other cores; without it they are checked here. */
  readonly signatures?: SignatureBatches | undefined
  readonly pool: Pick<TxPool, 'has' | 'get' | 'import' | 'pending' | 'onAdded'>
  readonly chain: Pick<BlockStore, 'height' | 'onCommit'>
  readonly clock: Clock
  readonly timers: Timers
  readonly random: RandomSource
  readonly logger: Logger
  readonly send: (to: readonly NodeId[], payload: Uint8Array, packetType: number) => void
}

type Happening = GossipEvent extends infer E
  ? E extends GossipEvent
    ? Omit<E, 'moment'>
    : never
  : never

/** Owns the state of transaction gossip, and carries out what its steps ask for. It decides nothing. */
export class GossipDriver {
  readonly #host: GossipHost
  readonly #inbox: TransactionInbox
  readonly #settled = new LruMap<HashText, true>(SETTLED_MAX)
  #state: GossipState
  /** Of clients, since the last time that some were sent. */
  #gathered: HashText[] = []
  #cancelGathering: (() => void) | undefined
  #cancelTick: (() => void) | undefined
  /** In the pool at the last look. */
  #waiting: ReadonlySet<HashText> = new Set()
  #subscriptions: readonly (() => void)[] = []

  constructor(self: NodeId, options: GossipOptions, host: GossipHost) {
    this.#host = host
    this.#state = startGossip(self, options)
    this.#inbox = new TransactionInbox(host.timers, {
      slice: () => (host.signatures?.isSharing === true ? SHARED_SLICE : SLICE),
      read: (slice) => this.#read(slice),
      readNow: (slice) => this.#import(this.#decoded(slice), slice),
    })
  }

  start(): void {
    const { pool, chain } = this.#host
    this.#subscriptions = [
      every(this.#host.timers, REMIND_MS, () => this.#remind()),
      pool.onAdded(({ hashText }, from) => {
        if (from === undefined) this.#gather([hashText])
      }),
      chain.onCommit(({ block }) => {
        for (const { hashText } of block.transactions) this.#settled.set(hashText, true)
      }),
    ]
  }

  stop(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe()
    this.#subscriptions = []
    this.#cancelGathering?.()
    this.#cancelTick?.()
    this.#inbox.stop()
    this.#gathered = []
  }

  onView(view: GroupView): void {
    this.#submit({ type: 'view', view })
  }

  /** `payload` is the whole packet: it is passed on as it came. Throws `PROTOCOL_INVALID_BLOCK`. */
  onTransactions(
    from: NodeId,
    packet: Extract<SyncPacket, { type: 'transactions' }>,
    { payload, packetType }: { readonly payload: Uint8Array; readonly packetType: number },
  ): void {
    // A node outside the group has no use for them (spec 04 §4.1).
    if (!isMember(this.#state.view)) return
    const transactions = this.#newOnes(splitTransactionList(packet.list, PACKET_TRANSACTIONS_MAX))
    if (transactions.length === 0) return
    const startIndex = packetType === FIRST_HOP ? packet.startIndex : undefined
    for (const effect of this.#stepped({ type: 'packet', from, startIndex })) {
      if (effect.type !== 'accept') continue
      this.#host.send(effect.forwardTo, payload, packetType)
      this.#take({ from, transactions, holders: effect.holders })
    }
  }

  onMentioned(from: NodeId, hashes: readonly HashText[]): void {
    if (!isMember(this.#state.view)) return
    const unknown = [...new Set(hashes)].filter((hash) => !this.#isKnown(hash))
    this.#submit({ type: 'mentioned', from, unknown })
  }

  onRequested(from: NodeId, hashes: readonly HashText[]): void {
    this.#answer(from, [...new Set(hashes)])
  }

  /** Consensus needs them now. */
  hasten(hashes: readonly HashText[]): void {
    this.#inbox.readFirst(hashes)
  }

  #isKnown(hash: HashText): boolean {
    return this.#host.pool.has(hash) || this.#inbox.has(hash) || this.#settled.has(hash)
  }

  /** Those that this node has not seen; the hash of the bytes is that of the transaction, but for odd encodings. */
  #newOnes(raws: readonly Uint8Array[]): readonly UnreadTransaction[] {
    const fresh = new Map<HashText, UnreadTransaction>()
    for (const raw of raws) {
      const rawHash = this.#host.suite.hash(raw)
      const hashText = toHex(rawHash)
      if (!this.#isKnown(hashText)) fresh.set(hashText, { raw, rawHash, hashText })
    }
    return [...fresh.values()]
  }

  #take(parcel: Parcel): void {
    if (this.#inbox.add(parcel)) return
    const { from, transactions } = parcel
    this.#host.logger.warn('transactions dropped: too many wait to be read', {
      from,
      dropped: transactions.length,
    })
  }

  #read(parcel: Parcel): void | Promise<void> {
    const transactions = this.#decoded(parcel)
    const { signatures } = this.#host
    if (signatures?.isSharing !== true) return this.#import(transactions, parcel)
    return recoverSenders(transactions, signatures).then(() => this.#import(transactions, parcel))
  }

  #decoded({ from, transactions }: Parcel): readonly Transaction[] {
    const { suite, pool, logger } = this.#host
    const decoded: Transaction[] = []
    for (const { raw, rawHash, hashText } of transactions) {
      // Meanwhile it may have come another way, with a proposal or a block.
      if (pool.has(hashText) || this.#settled.has(hashText)) continue
      try {
        decoded.push(new Transaction(raw, suite, rawHash))
      } catch (error) {
        if (!isBcosError(error)) throw error
        this.#settled.set(hashText, true)
        logger.debug('a transaction cannot be read', { from, reason: messageOf(error) })
      }
    }
    return decoded
  }

  /** Without an `await`: a transaction costs its signature check and little else. */
  #import(
    transactions: readonly Transaction[],
    { from, holders }: Omit<Parcel, 'transactions'>,
  ): void {
    const hashes: HashText[] = []
    for (const transaction of transactions) {
      const { status } = this.#host.pool.import(transaction, from)
      if (status === 0) hashes.push(transaction.hashText)
      else if (!PASSING.has(status)) this.#settled.set(transaction.hashText, true)
    }
    this.#submit({ type: 'imported', hashes, holders })
  }

  #remind(): void {
    const first = this.#host.pool.pending(ROUND_MAX).map(({ hashText }) => hashText)
    const hashes = first.filter((hash) => this.#waiting.has(hash))
    this.#waiting = new Set(first)
    if (hashes.length > 0) this.#submit({ type: 'waiting', hashes })
  }

  #gather(hashes: readonly HashText[]): void {
    for (const hash of hashes) this.#gathered.push(hash)
    this.#cancelGathering ??= this.#host.timers.after(GATHER_MS, () => {
      this.#cancelGathering = undefined
      const gathered = this.#gathered
      this.#gathered = []
      this.#submit({ type: 'submitted', hashes: gathered })
    })
  }

  #submit(happening: Happening): void {
    for (const effect of this.#stepped(happening)) this.#carryOut(effect)
  }

  #stepped(happening: Happening): readonly GossipEffect[] {
    const { state, effects } = stepGossip(this.#state, { ...happening, moment: this.#moment() })
    this.#state = state
    this.#scheduleTick()
    return effects
  }

  #moment(): Moment {
    const { clock, random } = this.#host
    return { nowMs: clock.nowMs(), dice: randomBelow(random, 2 ** 32) }
  }

  #scheduleTick(): void {
    const dueMs = nextDueMs(this.#state)
    if (dueMs === undefined) return
    const { clock, timers } = this.#host
    this.#cancelTick ??= timers.after(Math.max(1, dueMs - clock.nowMs()), () => {
      this.#cancelTick = undefined
      this.#submit({ type: 'tick' })
    })
  }

  #carryOut(effect: GossipEffect): void {
    const { pool, chain, send } = this.#host
    switch (effect.type) {
      case 'send': {
        const { to, hashes, startIndex } = effect
        const kind = { startIndex, packetType: FIRST_HOP, bytesMax: Number.POSITIVE_INFINITY }
        return this.#sendWhole(to, hashes, kind)
      }
      case 'mention': {
        const hashes = effect.hashes.filter((hash) => pool.has(hash))
        if (hashes.length === 0) return undefined
        const packet = { type: 'transactionsStatus', blockNumber: chain.height(), hashes } as const
        return send([effect.to], encodeSyncPacket(packet), ORDINARY)
      }
      case 'request': {
        const packet = { type: 'transactionsRequest', hashes: effect.hashes } as const
        return send([effect.to], encodeSyncPacket(packet), ORDINARY)
      }
      case 'handOver': {
        return this.#answer(
          effect.to,
          pool.pending().map(({ hashText }) => hashText),
        )
      }
      case 'submitPool':
        return this.#gather(pool.pending().map(({ hashText }) => hashText))
      case 'accept':
        return undefined
      default:
        return unreachable(effect)
    }
  }

  #answer(to: NodeId, hashes: readonly HashText[]): void {
    const kind = { startIndex: undefined, packetType: ORDINARY, bytesMax: ANSWER_BYTES_MAX }
    this.#sendWhole([to], hashes, kind)
  }

  /** What of the hashes the pool still has, in packets of a readable size. */
  #sendWhole(
    to: readonly NodeId[],
    hashes: readonly HashText[],
    kind: {
      readonly startIndex: number | undefined
      readonly packetType: number
      readonly bytesMax: number
    },
  ): void {
    const { startIndex, packetType, bytesMax } = kind
    let batch: Transaction[] = []
    let bytes = 0
    let total = 0
    const flush = (): void => {
      if (batch.length === 0) return
      const list = encodeTransactionList(batch)
      const payload = encodeSyncPacket({ type: 'transactions', list, startIndex })
      this.#host.send(to, payload, packetType)
      batch = []
      bytes = 0
    }
    for (const hash of hashes) {
      const transaction = this.#host.pool.get(hash)
      if (transaction === undefined) continue
      const { length } = transaction.raw
      if (total + length > bytesMax) break
      if (bytes + length > PACKET_BYTES || batch.length >= ROUND_MAX) flush()
      batch.push(transaction)
      bytes += length
      total += length
    }
    flush()
  }
}

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
import { type Claim, claimantOf, SignerClaims, signerAt, takeSigners } from './claims.ts'
import { type Parcel, type SliceTerms, TransactionInbox, type UnreadTransaction } from './inbox.ts'
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
/** Transactions that are read in one go where other threads check their signatures. */
const SHARED_SLICE = 512
/** The same where this thread does, when their signers are told: some milliseconds. Batches pay with their size. */
const SLICE = 128
/** A signer that has to be recovered takes so many times as long as one that is told. */
const RECOVERY_COST = 4
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
  /** Whether a node is known to be of this implementation. */
  readonly isKin: (nodeId: NodeId) => boolean
}

type TransactionsPacket = Extract<
  SyncPacket,
  { readonly type: 'transactions' | 'signedTransactions' }
>

/** What has been read of a parcel, and what was said of it. */
interface ReadPiece {
  readonly from: NodeId
  readonly holders: readonly NodeId[]
  readonly transactions: readonly Transaction[]
  readonly claims: readonly Claim[]
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
  readonly #claims: SignerClaims
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
    this.#claims = new SignerClaims(host)
    this.#inbox = new TransactionInbox(host.timers, {
      terms: () => this.#sliceTerms(),
      read: (slice) => this.#read(slice),
      readNow: (slice) => this.#readNow(slice),
    })
  }

  start(): void {
    const { pool, chain } = this.#host
    this.#subscriptions = [
      every(this.#host.timers, REMIND_MS, () => this.#remind()),
      pool.onAdded((transaction, from) => {
        if (from === undefined) this.#gather([transaction.hashText])
        // Only who hears of it first tells others.
        else transaction.takeSigner()
      }),
      chain.onCommit(({ block }) => {
        for (const transaction of block.transactions) {
          transaction.takeSigner()
          this.#settled.set(transaction.hashText, true)
        }
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

  /**
   * `payload` is the whole packet: it is passed on as it came, to strangers without its signers. Throws `PROTOCOL_INVALID_BLOCK`.
   */
  onTransactions(
    from: NodeId,
    packet: TransactionsPacket,
    { payload, packetType }: { readonly payload: Uint8Array; readonly packetType: number },
  ): void {
    const { view } = this.#state
    // A node outside the group has no use for them (spec 04 §4.1).
    if (!isMember(view)) return
    const startIndex = packetType === FIRST_HOP ? packet.startIndex : undefined
    const claimant = claimantOf(from, startIndex)
    const isPlace = startIndex === undefined || startIndex < view.consensusNodes.length
    // What is not believed here is not told to others either.
    const isAsItCame =
      packet.type === 'transactions' || (isPlace && this.#claims.believes(claimant))
    const told = isAsItCame ? packet : withoutSigners(packet)
    const transactions = this.#newOnes(told)
    if (transactions.length === 0) return
    const whole = { packetType, payload: isAsItCame ? payload : undefined }
    for (const effect of this.#stepped({ type: 'packet', from, startIndex })) {
      if (effect.type !== 'accept') continue
      this.#spread(effect.forwardTo, told, whole)
      this.#take({ from, transactions, holders: effect.holders, claimant })
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
  #newOnes(packet: TransactionsPacket): readonly UnreadTransaction[] {
    const raws = splitTransactionList(packet.list, PACKET_TRANSACTIONS_MAX)
    const signers = packet.type === 'signedTransactions' ? packet.signers : undefined
    const fresh = new Map<HashText, UnreadTransaction>()
    for (const [i, raw] of raws.entries()) {
      const rawHash = this.#host.suite.hash(raw)
      const hashText = toHex(rawHash)
      if (this.#isKnown(hashText)) continue
      fresh.set(hashText, { raw, rawHash, hashText, signer: signers && signerAt(signers, i) })
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

  #sliceTerms(): SliceTerms {
    if (this.#host.signatures?.isSharing === true) return { budget: SHARED_SLICE, cost: () => 1 }
    const cost: SliceTerms['cost'] = ({ signer }, claimant) =>
      signer !== undefined && this.#claims.believes(claimant) ? 1 : RECOVERY_COST
    return { budget: SLICE, cost }
  }

  #read(slice: readonly Parcel[]): void | Promise<void> {
    const { signatures } = this.#host
    if (signatures?.isSharing !== true) return this.#readNow(slice)
    return this.#readShared(slice, signatures)
  }

  #readNow(slice: readonly Parcel[]): void {
    const pieces = slice.map((parcel) => this.#decoded(parcel))
    this.#claims.checkNow(pieces.flatMap(({ claims }) => claims))
    for (const piece of pieces) this.#import(piece)
  }

  async #readShared(slice: readonly Parcel[], signatures: SignatureBatches): Promise<void> {
    const pieces = slice.map((parcel) => this.#decoded(parcel))
    await this.#claims.check(pieces.flatMap(({ claims }) => claims))
    await recoverSenders(
      pieces.flatMap(({ transactions }) => transactions),
      signatures,
    )
    for (const piece of pieces) this.#import(piece)
  }

  #decoded({ from, transactions, holders, claimant }: Parcel): ReadPiece {
    const { suite, pool, logger } = this.#host
    const decoded: Transaction[] = []
    const claims: Claim[] = []
    for (const { raw, rawHash, hashText, signer } of transactions) {
      // Meanwhile it may have come another way, with a proposal or a block.
      if (pool.has(hashText) || this.#settled.has(hashText)) continue
      try {
        const transaction = new Transaction(raw, suite, rawHash)
        decoded.push(transaction)
        if (signer !== undefined) claims.push({ transaction, signer, from, claimant })
      } catch (error) {
        if (!isBcosError(error)) throw error
        this.#settled.set(hashText, true)
        logger.debug('a transaction cannot be read', { from, reason: messageOf(error) })
      }
    }
    return { from, holders, transactions: decoded, claims }
  }

  /** Without an `await`: a transaction costs its signature check and little else. */
  #import({ from, holders, transactions }: ReadPiece): void {
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
      // Where nobody was told who signed, nobody will be.
      for (const hash of gathered) this.#host.pool.get(hash)?.takeSigner()
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

  /** Who signed is told to nodes of this implementation only. With `payload`, the bytes of the packet. */
  #spread(
    to: readonly NodeId[],
    packet: TransactionsPacket,
    {
      packetType,
      payload,
    }: { readonly packetType: number; readonly payload?: Uint8Array | undefined },
  ): void {
    const { isKin, send } = this.#host
    const isFor = (id: NodeId): boolean => packet.type === 'transactions' || isKin(id)
    const readers = to.filter(isFor)
    if (readers.length > 0) send(readers, payload ?? encodeSyncPacket(packet), packetType)
    if (readers.length === to.length) return
    const others = to.filter((id) => !isFor(id))
    send(others, encodeSyncPacket(withoutSigners(packet)), packetType)
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
      const plain = {
        type: 'transactions',
        list: encodeTransactionList(batch),
        startIndex,
      } as const
      const signers = to.some(this.#host.isKin) ? takeSigners(batch) : undefined
      const signed = signers && ({ ...plain, type: 'signedTransactions', signers } as const)
      this.#spread(to, signed ?? plain, { packetType })
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

function withoutSigners({ list, startIndex }: TransactionsPacket): TransactionsPacket {
  return { type: 'transactions', list, startIndex }
}

import {
  assert,
  ByteSlab,
  type Clock,
  Emitter,
  every,
  type Logger,
  LruMap,
  messageOf,
  silentLogger,
  SteadyClock,
  type Startable,
  type Timers,
} from '@bcos-ts/common'
import {
  type Block,
  BLOCK_LIMIT_WINDOW,
  type CryptoSuite,
  type HashText,
  type NodeId,
  type Transaction,
  TransactionStatus,
} from '@bcos-ts/protocol'
import type { BlockStore, ImportResult, SubmissionOutcome, TxPool } from '@bcos-ts/protocol/ports'
import { NonceWindow } from './nonce-window.ts'
import { PoolResult } from './results.ts'

/** Not a nonce: the reference reads a field that cannot be read as this value. */
const INVALID_NONCE = 'f'.repeat(64)
const SWEEP_PERIOD_MS = 3000
/** The pool looks at the clock with every sweep: so far it goes only by somebody's hand, and nothing expires of that. */
const LEAP_MAX_MS = 60_000
/** Transactions a sweep looks at. */
const SWEEP_COUNT = 10_000

/** What the operator decides; the defaults are those of the reference. */
export interface TxPoolInit {
  readonly chainId: number
  readonly groupId: number
  /** Waiting transactions. Default 102,400. */
  readonly countMax?: number
  /** Bytes of waiting transactions: their encoding, and once more data and extra data. Default 512 MiB. */
  readonly bytesMax?: number
  /** How long a transaction may wait, ms. Default 600,000. */
  readonly expirationMs?: number
}

export interface TxPoolComponents {
  readonly suite: CryptoSuite
  readonly chain: Pick<BlockStore, 'height' | 'nonces' | 'onCommit'>
  /** The time by which transactions expire. */
  readonly clock: Clock
  readonly timers: Timers
  readonly logger?: Logger
  /**
   * Asked before a client's transaction is looked at: an answer refuses it, as when this node is not in the
   * group ({@link PoolResult.notInGroup}) or far behind ({@link PoolResult.syncing}).
   */
  readonly admission?: () => ImportResult | undefined
}

/** A pool that forgets by itself what has expired, from `start` to `stop`. After `stop` it is done with. */
export type RunningTxPool = TxPool & Startable

export function createTxPool(init: TxPoolInit, components: TxPoolComponents): RunningTxPool {
  return new FifoTxPool(init, components)
}

interface Waiting {
  readonly transaction: Transaction
  readonly bytes: number
  readonly arrivedMs: number
  readonly blockLimit: number
  readonly onOutcome: ((outcome: SubmissionOutcome) => void) | undefined
}

class FifoTxPool implements RunningTxPool {
  readonly #components: TxPoolComponents
  readonly #logger: Logger
  readonly #chainId: bigint
  readonly #groupId: bigint
  readonly #countMax: number
  readonly #bytesMax: number
  readonly #expirationMs: number
  readonly #used: NonceWindow
  /** In order of arrival. */
  readonly #waiting = new Map<HashText, Waiting>()
  readonly #byNonce = new Map<string, HashText>()
  /** Of their encodings. */
  readonly #memory = new ByteSlab()
  readonly #time: Clock
  readonly #dropped: LruMap<HashText, true>
  readonly #added = new Emitter<{ transaction: Transaction; from: NodeId | undefined }>()
  readonly #unsubscribe: () => void
  #stopSweeping: (() => void) | undefined
  #sweepPosition: Iterator<Waiting> | undefined
  #bytes = 0

  constructor(init: TxPoolInit, components: TxPoolComponents) {
    this.#components = components
    this.#logger = (components.logger ?? silentLogger).child('TXPOOL')
    this.#chainId = BigInt(init.chainId)
    this.#groupId = BigInt(init.groupId)
    this.#countMax = init.countMax ?? 102_400
    this.#bytesMax = init.bytesMax ?? 536_870_912
    this.#expirationMs = init.expirationMs ?? 600_000
    this.#time = new SteadyClock(components.clock, { leapMaxMs: LEAP_MAX_MS })
    this.#dropped = new LruMap(Math.max(1, this.#countMax))
    this.#used = new NonceWindow(components.chain)
    this.#unsubscribe = components.chain.onCommit(({ block }) => {
      const nonces = block.transactions.map(({ nonceText }) => nonceText)
      this.#used.add(block.header.number, nonces)
    })
  }

  start(): void {
    this.#stopSweeping = every(this.#components.timers, SWEEP_PERIOD_MS, () => this.#sweep())
  }

  stop(): void {
    this.#stopSweeping?.()
    this.#unsubscribe()
  }

  submit(transaction: Transaction, onOutcome?: (outcome: SubmissionOutcome) => void): ImportResult {
    return this.#components.admission?.() ?? this.#import(transaction, { onOutcome })
  }

  import(transaction: Transaction, from: NodeId): ImportResult {
    return this.#import(transaction, { from })
  }

  has(hash: HashText): boolean {
    return this.#waiting.has(hash)
  }

  get(hash: HashText): Transaction | undefined {
    return this.#waiting.get(hash)?.transaction
  }

  size(): number {
    return this.#waiting.size
  }

  pending(limit: number = this.#waiting.size): readonly Transaction[] {
    const transactions: Transaction[] = []
    for (const { transaction } of this.#waiting.values()) {
      if (transactions.length >= limit) break
      transactions.push(transaction)
    }
    return transactions
  }

  fetch(limit: number, except: ReadonlySet<HashText>): readonly Transaction[] {
    const chosen: Transaction[] = []
    const stale: Waiting[] = []
    const height = this.#components.chain.height()
    for (const waiting of this.#waiting.values()) {
      if (chosen.length >= limit) break
      const { transaction } = waiting
      // Mined, and about to be taken out.
      if (this.#used.has(transaction.nonceText)) continue
      if (this.#isStale(waiting, height)) stale.push(waiting)
      else if (!except.has(transaction.hashText)) chosen.push(transaction)
    }
    for (const waiting of stale) this.#drop(waiting)
    return chosen
  }

  removeMined(block: Block, blockHash: Uint8Array): void {
    for (const [index, transaction] of block.transactions.entries()) {
      const waiting = this.#waiting.get(transaction.hashText)
      if (waiting === undefined) {
        this.#dropRival(transaction)
        continue
      }
      this.#forget(waiting)
      const receipt = block.receipts[index]
      assert(receipt !== undefined, 'a committed block has a receipt for each transaction')
      this.#tell(waiting, { type: 'mined', transaction, receipt, block, blockHash, index })
    }
  }

  onAdded(listener: (transaction: Transaction, from: NodeId | undefined) => void): () => void {
    return this.#added.on(({ transaction, from }) => listener(transaction, from))
  }

  #import(
    transaction: Transaction,
    origin: {
      readonly from?: NodeId
      readonly onOutcome?: ((outcome: SubmissionOutcome) => void) | undefined
    },
  ): ImportResult {
    const bytes = transaction.poolBytes
    const refusal = this.#refusal(transaction, bytes)
    if (refusal !== undefined) return refusal
    // The packet or request that it came in must not live as long as it waits.
    transaction.detach(this.#memory)
    const { hashText, nonceText } = transaction
    this.#waiting.set(hashText, {
      transaction,
      bytes,
      arrivedMs: this.#time.nowMs(),
      blockLimit: Number(transaction.blockLimit),
      onOutcome: origin.onOutcome,
    })
    this.#byNonce.set(nonceText, hashText)
    this.#bytes += bytes
    this.#added.emit({ transaction, from: origin.from })
    return PoolResult.imported
  }

  /**
   * The first rule that the transaction breaks, in the order of spec 04 §5.1; but chain and group id come
   * before the nonces of waiting transactions, so that a foreign transaction cannot reserve a nonce.
   */
  #refusal(transaction: Transaction, bytes: number): ImportResult | undefined {
    const { hashText, nonceText } = transaction
    if (this.#bytes + bytes > this.#bytesMax) return PoolResult.overMemoryLimit
    if (this.#waiting.size >= this.#countMax) return PoolResult.full
    if (this.#waiting.has(hashText)) return PoolResult.alreadyKnown
    if (this.#dropped.has(hashText)) return PoolResult.alreadyInChain
    if (nonceText === INVALID_NONCE || this.#used.has(nonceText)) return PoolResult.nonceUsed
    if (!this.#isLimitInWindow(Number(transaction.blockLimit))) return PoolResult.blockLimit
    const { suite } = this.#components
    if (!transaction.isWellFormed(suite)) return PoolResult.malformed
    if (transaction.sender(suite) === undefined) return PoolResult.malformed
    if (transaction.chainId !== this.#chainId) return PoolResult.invalidChainId
    if (transaction.groupId !== this.#groupId) return PoolResult.invalidGroupId
    if (this.#byNonce.has(nonceText)) return PoolResult.nonceWaiting
    return undefined
  }

  /** A limit that is too large to be exact is far beyond the window. */
  #isLimitInWindow(blockLimit: number): boolean {
    const height = this.#components.chain.height()
    return blockLimit > height && blockLimit <= height + BLOCK_LIMIT_WINDOW
  }

  #isStale({ blockLimit, arrivedMs }: Waiting, height: number): boolean {
    return blockLimit <= height || this.#time.nowMs() > arrivedMs + this.#expirationMs
  }

  /** A few of the waiting transactions at a time, and all of them in turn. */
  #sweep(): void {
    const height = this.#components.chain.height()
    this.#time.nowMs()
    this.#sweepPosition ??= this.#waiting.values()
    let dropped = 0
    for (let seen = 0; seen < SWEEP_COUNT; seen++) {
      const next = this.#sweepPosition.next()
      if (next.done === true) {
        this.#sweepPosition = undefined
        break
      }
      if (!this.#isStale(next.value, height)) continue
      this.#drop(next.value)
      dropped += 1
    }
    if (dropped > 0) this.#logger.info('expired transactions dropped', { dropped })
  }

  /** Of two transactions with one nonce, the other has been mined: this one never will be. */
  #dropRival({ nonceText }: Transaction): void {
    const rival = this.#byNonce.get(nonceText)
    const waiting = rival === undefined ? undefined : this.#waiting.get(rival)
    if (waiting !== undefined) this.#drop(waiting)
  }

  #drop(waiting: Waiting): void {
    this.#forget(waiting)
    this.#dropped.set(waiting.transaction.hashText, true)
    this.#tell(waiting, { type: 'dropped', status: TransactionStatus.transactionRefused })
  }

  #forget({ transaction, bytes }: Waiting): void {
    this.#waiting.delete(transaction.hashText)
    this.#byNonce.delete(transaction.nonceText)
    this.#bytes -= bytes
  }

  /** A submitter that fails must not keep the others from their outcomes, nor the block from its commit. */
  #tell({ onOutcome, transaction }: Waiting, outcome: SubmissionOutcome): void {
    try {
      onOutcome?.(outcome)
    } catch (error) {
      const { hashText } = transaction
      this.#logger.error('a submitter failed', { hash: hashText, reason: messageOf(error) })
    }
  }
}

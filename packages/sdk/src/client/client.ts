import {
  bytesToBigInt,
  type Clock,
  fromHex,
  type RandomSource,
  systemClock,
  systemRandom,
  systemTimers,
  type Timers,
  to0x,
} from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/crypto'
import { type Address, decodeTransaction, type Transaction } from '@bcos-ts/protocol'
import type { Account } from '../account.ts'
import { AmopClient } from '../amop/amop-client.ts'
import { CallFailedError, NoPushError, OtherSuiteError, TransactionFailedError } from '../errors.ts'
import type { FullyProvenReceipt } from '../json/proof.ts'
import { JsonReader } from '../json/read.ts'
import type { TransactionReceipt } from '../receipt.ts'
import {
  BlockWatch,
  type BlockWatchOptions,
  type WatchParts,
} from '../subscriptions/block-watch.ts'
import {
  EventWatch,
  type EventWatchOptions,
  type LogsListener,
} from '../subscriptions/event-watch.ts'
import type { WatchedLogs } from '../subscriptions/log-filter.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import type { Transport } from '../transport.ts'
import { ChainInfo } from './chain-info.ts'
import { reasonOf } from './failure.ts'
import { GroupQueries } from './group-queries.ts'
import { HeightTracker } from './height.ts'
import { address0x, bareAddress } from './hex.ts'
import { NodeApi } from './node-api.ts'
import { Submitter } from './submitter.ts'

/** What the caller decides. */
export interface ClientInit {
  readonly transport: Transport
  /**
   * @default 1
   */
  readonly groupId?: number
  /** Missing: the node is asked, once. */
  readonly chainId?: number | bigint
  /** Missing: the node is asked, once. */
  readonly suite?: CryptoSuite
  /**
   * How long a receipt is waited for.
   * @default 30_000
   */
  readonly receiptTimeoutMs?: number
  /**
   * How often a node is asked for new blocks where it does not speak first.
   * @default 1000
   */
  readonly pollMs?: number
  readonly timers?: Timers
  readonly clock?: Clock
  readonly random?: RandomSource
}

/** What a transaction is to do; the client adds nonce, limits, chain and group. */
export interface OutgoingTransaction {
  /** Missing creates a contract. */
  readonly to?: Address
  readonly data: Uint8Array
  /** Bytes that the chain keeps and does not look at. */
  readonly extraData?: Uint8Array
}

export interface CallAnswer {
  /** 0 is success. */
  readonly status: number
  readonly output: Uint8Array
  readonly blockNumber: number
}

const RECEIPT_TIMEOUT_MS_DEFAULT = 30_000
const POLL_MS_DEFAULT = 1000
/** Transactions live for at most 1000 blocks; half of it leaves room for a node that lags. */
const BLOCK_LIMIT_AHEAD = 500
const GAS = 300_000_000n
const NONCE_BYTES = 31
const NO_BYTES: Uint8Array = new Uint8Array(0)

/** One group of a chain: questions, transactions, subscriptions. */
export class Client extends GroupQueries {
  /** What concerns a node as a whole. */
  readonly node: NodeApi
  readonly timers: Timers
  readonly random: RandomSource
  /** How often a node is asked where it does not speak first, ms. */
  readonly pollMs: number
  readonly #init: ClientInit
  readonly #chain: ChainInfo
  readonly #heights: HeightTracker
  readonly #submitter: Submitter
  readonly #groups: Map<number, Client>
  readonly #amop: AmopClient | undefined
  readonly #subscriptions = new Set<Subscription>()

  constructor(init: ClientInit, shared?: ClientShared) {
    super(init.transport, init.groupId ?? 1)
    const { clock = systemClock, timers = systemTimers, random = systemRandom } = init
    const { pollMs = POLL_MS_DEFAULT, receiptTimeoutMs = RECEIPT_TIMEOUT_MS_DEFAULT } = init
    this.#init = init
    this.timers = timers
    this.random = random
    this.pollMs = pollMs
    const { node, chain, amop, groups } = shared ?? sharedOf(init, random)
    this.node = node
    this.#chain = chain
    this.#amop = amop
    this.#groups = groups
    this.#groups.set(this.groupId, this)
    this.#heights = new HeightTracker(this, clock)
    this.#submitter = new Submitter({ queries: this, timers, clock, receiptTimeoutMs })
  }

  /** The same chain, another group. */
  group(groupId: number): Client {
    const shared: ClientShared = {
      node: this.node,
      chain: this.#chain,
      groups: this.#groups,
      amop: this.#amop,
    }
    return this.#groups.get(groupId) ?? new Client({ ...this.#init, groupId }, shared)
  }

  /** Ends the transport and everything on it: subscriptions of all groups, and what waits for an answer. */
  async close(): Promise<void> {
    for (const client of this.#groups.values()) {
      client.#heights.stop()
      for (const subscription of client.#subscriptions) subscription.stop()
    }
    await this.transport.close()
  }

  chainId(): Promise<bigint> {
    return this.#chain.chainId()
  }

  suite(): Promise<CryptoSuite> {
    return this.#chain.suite()
  }

  /** Messages between applications. Throws `SDK_NO_PUSH` where nodes cannot speak first. */
  get amop(): AmopClient {
    if (this.#amop === undefined) throw new NoPushError('AMOP')
    return this.#amop
  }

  /** Fills in nonce, limits, chain and group, and signs. Throws `SDK_OTHER_SUITE`. */
  async sign(account: Account, transaction: OutgoingTransaction): Promise<Transaction> {
    const [suite, chainId, height] = await Promise.all([
      this.suite(),
      this.chainId(),
      this.#heights.height(),
    ])
    if (account.suite.name !== suite.name) throw new OtherSuiteError(account.suite.name, suite.name)
    return account.sign({
      nonce: bytesToBigInt(this.random.bytes(NONCE_BYTES)),
      gasPrice: GAS,
      gas: GAS,
      blockLimit: BigInt(height + BLOCK_LIMIT_AHEAD),
      to: transaction.to === undefined ? undefined : bareAddress(transaction.to),
      value: 0n,
      data: transaction.data,
      chainId,
      groupId: BigInt(this.groupId),
      extraData: transaction.extraData ?? NO_BYTES,
    })
  }

  /** Signs and submits; the hash. What becomes of it is not waited for. Throws `SDK_TRANSACTION_REFUSED`. */
  async submit(account: Account, transaction: OutgoingTransaction): Promise<string> {
    return this.#submitSigned(await this.sign(account, transaction))
  }

  /**
   * Signs, submits and waits for the receipt of a success. Throws `SDK_TRANSACTION_FAILED` for a transaction that
   * failed in its block, `SDK_TRANSACTION_REFUSED` for one that no block will hold, `SDK_RECEIPT_TIMEOUT` for one
   * that is in none yet.
   */
  async send(account: Account, transaction: OutgoingTransaction): Promise<TransactionReceipt> {
    return this.requireSuccess(await this.transact(account, transaction))
  }

  /** As {@link send}, but the receipt of a failure is an answer like any other. */
  async transact(account: Account, transaction: OutgoingTransaction): Promise<TransactionReceipt> {
    return this.#submitter.transact(await this.sign(account, transaction))
  }

  /** Submits a transaction that was signed elsewhere; its hash. Throws `SDK_TRANSACTION_REFUSED`. */
  async sendRawTransaction(raw: Uint8Array | string): Promise<string> {
    return this.#submitSigned(await this.#decode(raw))
  }

  /** Submits a transaction that was signed elsewhere and waits for its receipt, whatever its status. */
  async transactRaw(raw: Uint8Array | string): Promise<TransactionReceipt> {
    return this.#submitter.transact(await this.#decode(raw))
  }

  /** As {@link transactRaw}, with the proofs that transaction and receipt are in their block. */
  async sendRawTransactionAndGetProof(raw: Uint8Array | string): Promise<FullyProvenReceipt> {
    return this.#submitter.transactWithProof(await this.#decode(raw))
  }

  /** Asks until the transaction is in a block. Throws `SDK_RECEIPT_TIMEOUT`. */
  waitForReceipt(hash: string): Promise<TransactionReceipt> {
    return this.#submitter.waitForReceipt(hash)
  }

  /** The receipt, if it is that of a success. Throws `SDK_TRANSACTION_FAILED` with the contract's own words. */
  async requireSuccess(receipt: TransactionReceipt): Promise<TransactionReceipt> {
    if (receipt.status === 0) return receipt
    throw new TransactionFailedError(receipt, reasonOf(receipt, await this.suite()))
  }

  /** A call that changes nothing, of any outcome. */
  async call(from: Address, to: Address, data: Uint8Array): Promise<CallAnswer> {
    const request = { from: address0x(from), to: address0x(to), value: '0x0', data: to0x(data) }
    const answer = new JsonReader('call', await this.request('call', request))
    return {
      status: answer.number('status'),
      output: answer.bytes('output'),
      blockNumber: answer.number('currentBlockNumber'),
    }
  }

  /** The output of a call that succeeds. Throws `SDK_CALL_FAILED` with the contract's own words. */
  async read(from: Address, to: Address, data: Uint8Array): Promise<Uint8Array> {
    const { status, output } = await this.call(from, to, data)
    if (status === 0) return output
    const reason = reasonOf({ to, status, output }, await this.suite())
    throw new CallFailedError(address0x(to), status, reason)
  }

  /**
   * The numbers of blocks in order, each once, also over lost connections: from `from` on, or from the next
   * new one. A listener that returns a promise is waited for.
   */
  watchBlocks(
    listener: (number: number) => void | Promise<void>,
    options: BlockWatchOptions = {},
  ): Subscription {
    return this.#keep((parts) => new BlockWatch(parts, listener, options))
  }

  /**
   * Logs in the order of the chain, each once, also over lost connections. A listener that returns a promise is
   * waited for.
   */
  watchEvents(
    logs: WatchedLogs,
    onLogs: LogsListener,
    options: EventWatchOptions = {},
  ): Subscription {
    return this.#keep((parts) => new EventWatch({ ...parts, logs, onLogs }, options))
  }

  /** Subscriptions end with the client. */
  #keep(start: (parts: WatchParts) => Subscription): Subscription {
    const onOver = (): void => void this.#subscriptions.delete(subscription)
    const { timers, pollMs } = this
    const subscription = start({ queries: this, timers, pollMs, onOver })
    this.#subscriptions.add(subscription)
    return subscription
  }

  async #submitSigned(transaction: Transaction): Promise<string> {
    await this.#submitter.submit(transaction)
    return to0x(transaction.hash)
  }

  async #decode(raw: Uint8Array | string): Promise<Transaction> {
    const bytes = typeof raw === 'string' ? fromHex(raw) : raw
    return decodeTransaction(bytes, await this.suite())
  }
}

/** What the clients of one chain have in common. */
interface ClientShared {
  readonly node: NodeApi
  readonly chain: ChainInfo
  readonly groups: Map<number, Client>
  readonly amop: AmopClient | undefined
}

function sharedOf(init: ClientInit, random: RandomSource): ClientShared {
  const { transport } = init
  return {
    node: new NodeApi({ transport }),
    chain: new ChainInfo(transport, init),
    groups: new Map(),
    amop: transport.push && new AmopClient(transport.push, { random }),
  }
}

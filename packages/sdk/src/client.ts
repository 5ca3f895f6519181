import {
  bytesToBigInt,
  fromHex,
  type RandomSource,
  systemRandom,
  systemTimers,
  type Timers,
  to0x,
} from '@bcos-ts/common'
import { type Address, statusMessage } from '@bcos-ts/protocol'
import { decodeErrorText } from '@bcos-ts/protocol/abi'
import type { Account } from './account.ts'
import { InvalidAnswerError, ReceiptTimeoutError, TransactionFailedError } from './errors.ts'
import type { Transport } from './transport.ts'

/** What the caller decides. */
export interface ClientInit {
  readonly transport: Transport
  /**
   * @default 1
   */
  readonly groupId?: number
  /**
   * @default 1
   */
  readonly chainId?: number
  /**
   * How long {@link Client.send} waits for a receipt.
   * @default 30_000
   */
  readonly receiptTimeoutMs?: number
  readonly timers?: Timers
  readonly random?: RandomSource
}

/** A receipt as JSON-RPC shows it, with numbers read. */
export interface TransactionReceipt {
  readonly transactionHash: string
  readonly blockNumber: number
  readonly status: number
  /** 0x hex; all zero unless a contract was created. */
  readonly contractAddress: string
  readonly output: Uint8Array
  readonly gasUsed: bigint
  readonly logs: readonly {
    readonly address: Address
    readonly topics: readonly Uint8Array[]
    readonly data: Uint8Array
  }[]
}

export interface OutgoingTransaction {
  /** Missing creates a contract. */
  readonly to?: Address
  readonly data: Uint8Array
}

const RECEIPT_TIMEOUT_MS_DEFAULT = 30_000
const POLL_MS = 100
/** Transactions live for at most 1000 blocks; half of it leaves room for a node that lags. */
const BLOCK_LIMIT_AHEAD = 500n
const GAS = 300_000_000n

type Json = Readonly<Record<string, unknown>>

/** One group of a chain, through one node. */
export class Client {
  readonly groupId: number
  readonly #init: ClientInit
  readonly #timers: Timers
  readonly #random: RandomSource

  constructor(init: ClientInit) {
    this.#init = init
    this.groupId = init.groupId ?? 1
    this.#timers = init.timers ?? systemTimers
    this.#random = init.random ?? systemRandom
  }

  /** Any JSON-RPC method, with the group as first parameter. */
  request(method: string, ...params: readonly unknown[]): Promise<unknown> {
    return this.#init.transport.request(method, [this.groupId, ...params])
  }

  async blockNumber(): Promise<number> {
    return Number(await this.request('getBlockNumber'))
  }

  async blockHash(number: number): Promise<string> {
    return String(await this.request('getBlockHashByNumber', `0x${number.toString(16)}`))
  }

  /** `undefined` while the transaction is in no block. */
  async receipt(hash: string): Promise<TransactionReceipt | undefined> {
    const found = await this.request('getTransactionReceipt', hash)
    return found === null ? undefined : readReceipt(found)
  }

  /** Signs and submits; the hash of the transaction. */
  async submit(account: Account, transaction: OutgoingTransaction): Promise<string> {
    const height = BigInt(await this.blockNumber())
    const signed = account.sign({
      nonce: bytesToBigInt(this.#random.bytes(31)),
      gasPrice: GAS,
      gas: GAS,
      blockLimit: height + BLOCK_LIMIT_AHEAD,
      to: transaction.to,
      value: 0n,
      data: transaction.data,
      chainId: BigInt(this.#init.chainId ?? 1),
      groupId: BigInt(this.groupId),
      extraData: new Uint8Array(0),
    })
    return String(await this.request('sendRawTransaction', to0x(signed.raw)))
  }

  /**
   * Signs, submits and waits for the receipt of a success.
   * Throws `SDK_TRANSACTION_FAILED` for a transaction that failed in its block, `SDK_RECEIPT_TIMEOUT` for one
   * that is in none yet.
   */
  async send(account: Account, transaction: OutgoingTransaction): Promise<TransactionReceipt> {
    const receipt = await this.waitForReceipt(await this.submit(account, transaction))
    if (receipt.status === 0) return receipt
    const text = decodeErrorText(receipt.output, account.suite)
    const reason = text ?? statusMessage(receipt.status)
    throw new TransactionFailedError(receipt.transactionHash, receipt.status, reason)
  }

  async waitForReceipt(hash: string): Promise<TransactionReceipt> {
    const timeoutMs = this.#init.receiptTimeoutMs ?? RECEIPT_TIMEOUT_MS_DEFAULT
    for (let waitedMs = 0; waitedMs <= timeoutMs; waitedMs += POLL_MS) {
      const receipt = await this.receipt(hash)
      if (receipt !== undefined) return receipt
      await new Promise<void>((resolve) => void this.#timers.after(POLL_MS, resolve))
    }
    throw new ReceiptTimeoutError(hash, timeoutMs)
  }

  /** A call that changes nothing. */
  async call(from: Address, to: Address, data: Uint8Array): Promise<CallAnswer> {
    const request = { from: `0x${from}`, to: `0x${to}`, value: '0x0', data: to0x(data) }
    const answer = asObject('call', await this.request('call', request))
    return {
      status: Number(answer['status']),
      output: fromHex(String(answer['output'])),
      blockNumber: Number(answer['currentBlockNumber']),
    }
  }
}

export interface CallAnswer {
  readonly status: number
  readonly output: Uint8Array
  readonly blockNumber: number
}

function asObject(method: string, value: unknown): Json {
  if (typeof value !== 'object' || value === null) {
    throw new InvalidAnswerError(method, `an object is expected, not ${String(value)}`)
  }
  return { ...value }
}

function readReceipt(value: unknown): TransactionReceipt {
  const json = asObject('getTransactionReceipt', value)
  const logs = Array.isArray(json['logs']) ? json['logs'] : []
  return {
    transactionHash: String(json['transactionHash']),
    blockNumber: Number(json['blockNumber']),
    status: Number(json['status']),
    contractAddress: String(json['contractAddress']),
    output: fromHex(String(json['output'])),
    gasUsed: BigInt(String(json['gasUsed'])),
    logs: logs.map((log) => readLog(asObject('getTransactionReceipt', log))),
  }
}

function readLog(log: Json): TransactionReceipt['logs'][number] {
  const topics = Array.isArray(log['topics']) ? log['topics'] : []
  return {
    address: String(log['address']).replace(/^0x/, ''),
    topics: topics.map((topic) => fromHex(String(topic))),
    data: fromHex(String(log['data'])),
  }
}

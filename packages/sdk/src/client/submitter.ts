import { type Clock, isBcosError, type Timers, to0x } from '@bcos-ts/common'
import type { Transaction } from '@bcos-ts/protocol'
import { type NoConnectionError, ReceiptTimeoutError, TransactionRefusedError } from '../errors.ts'
import type { FullyProvenReceipt } from '../json/proof.ts'
import { readFullyProvenReceipt } from '../json/proof.ts'
import type { TransactionReceipt } from '../receipt.ts'
import type { SubmitMethod } from '../transport.ts'
import type { GroupQueries } from './group-queries.ts'
import { isDuplicate, readPushedReceipt, refusalStatus } from './refusal.ts'

const POLL_MS = 100
/** A connection that was lost is given so long before the transaction is sent again. */
const RESEND_MS = 500

export interface SubmitterParts {
  readonly queries: GroupQueries
  readonly timers: Timers
  readonly clock: Clock
  readonly receiptTimeoutMs: number
}

/** How one attempt ended. */
type Attempt =
  | { readonly type: 'receipt'; readonly json: unknown }
  /** The pool has it: its receipt is to be asked for. */
  | { readonly type: 'taken' }
  | { readonly type: 'refused'; readonly status: number }
  | { readonly type: 'lost'; readonly error: NoConnectionError }

/**
 * Brings signed transactions into a block. The same bytes may be sent again: the nonce makes them count once, so
 * after a lost connection a refusal as a duplicate is good news.
 */
export class Submitter {
  readonly #parts: SubmitterParts

  constructor(parts: SubmitterParts) {
    this.#parts = parts
  }

  /** Into a pool, once; what becomes of it is not waited for. Throws `SDK_TRANSACTION_REFUSED`. */
  async submit(transaction: Transaction): Promise<void> {
    const { queries } = this.#parts
    try {
      const params = [queries.groupId, to0x(transaction.raw)]
      const { push } = queries.transport
      if (push === undefined) {
        await queries.transport.request('sendRawTransaction', params)
        return
      }
      const { receipt } = await push.submit('sendRawTransaction', params)
      // Nobody waits for it here.
      receipt.catch(() => {})
    } catch (error) {
      const status = refusalStatus(error)
      if (status === undefined) throw error
      throw new TransactionRefusedError(to0x(transaction.hash), status)
    }
  }

  /**
   * The receipt, whatever its status. Throws `SDK_TRANSACTION_REFUSED`, `SDK_RECEIPT_TIMEOUT`, and
   * `SDK_NO_CONNECTION` when no node can have seen the transaction.
   */
  async transact(transaction: Transaction): Promise<TransactionReceipt> {
    const deadlineMs = this.#deadline()
    const json = await this.#deliver('sendRawTransaction', transaction, deadlineMs)
    if (json !== undefined) return readPushedReceipt('sendRawTransaction', json).receipt
    return this.#waitUntil(to0x(transaction.hash), deadlineMs)
  }

  /** As {@link transact}, with the proofs that it is in its block. */
  async transactWithProof(transaction: Transaction): Promise<FullyProvenReceipt> {
    const method = 'sendRawTransactionAndGetProof'
    const deadlineMs = this.#deadline()
    const json = await this.#deliver(method, transaction, deadlineMs)
    if (json !== undefined) return readFullyProvenReceipt(method, json)
    const hash = to0x(transaction.hash)
    const receipt = await this.#waitUntil(hash, deadlineMs)
    const { queries } = this.#parts
    const [ofTransaction, ofReceipt] = await Promise.all([
      queries.getTransactionByHashWithProof(hash),
      queries.getTransactionReceiptByHashWithProof(hash),
    ])
    return { receipt, transactionProof: ofTransaction?.proof, receiptProof: ofReceipt?.proof }
  }

  /** Asks until the transaction is in a block. Throws `SDK_RECEIPT_TIMEOUT`. */
  waitForReceipt(hash: string): Promise<TransactionReceipt> {
    return this.#waitUntil(hash, this.#deadline())
  }

  /** The pushed receipt, or `undefined` when it must be asked for. */
  async #deliver(
    method: SubmitMethod,
    transaction: Transaction,
    deadlineMs: number,
  ): Promise<unknown> {
    const hash = to0x(transaction.hash)
    let mayBeKnown = false
    for (;;) {
      const attempt = await this.#attempt(method, transaction, deadlineMs)
      if (attempt.type === 'receipt') return attempt.json
      if (attempt.type === 'taken') return undefined
      if (attempt.type === 'refused') {
        if (await this.#isKnown(hash, attempt.status, mayBeKnown)) return undefined
        throw new TransactionRefusedError(hash, attempt.status)
      }
      if (!mayBeKnown && !attempt.error.details.wasSent) throw attempt.error
      mayBeKnown = true
      if (this.#parts.clock.nowMs() + RESEND_MS > deadlineMs) {
        throw new ReceiptTimeoutError(hash, this.#parts.receiptTimeoutMs)
      }
      await this.#pause(RESEND_MS)
    }
  }

  async #attempt(
    method: SubmitMethod,
    transaction: Transaction,
    deadlineMs: number,
  ): Promise<Attempt> {
    const { queries } = this.#parts
    const { push } = queries.transport
    const params = [queries.groupId, to0x(transaction.raw)]
    try {
      if (push === undefined) {
        await queries.transport.request(method, params)
        return { type: 'taken' }
      }
      const submission = await push.submit(method, params)
      const json = await this.#within(deadlineMs, submission.receipt)
      if (json === undefined) return { type: 'taken' }
      const { receipt, isRefusal } = readPushedReceipt(method, json)
      return isRefusal ? { type: 'refused', status: receipt.status } : { type: 'receipt', json }
    } catch (error) {
      const status = refusalStatus(error)
      if (status !== undefined) return { type: 'refused', status }
      if (isBcosError<NoConnectionError>(error, 'SDK_NO_CONNECTION')) return { type: 'lost', error }
      throw error
    }
  }

  /** Whether a refusal only says that this very transaction came before. */
  async #isKnown(hash: string, status: number, mayBeKnown: boolean): Promise<boolean> {
    if (!isDuplicate(status)) return false
    return mayBeKnown || (await this.#parts.queries.getTransactionReceipt(hash)) !== undefined
  }

  async #waitUntil(hash: string, deadlineMs: number): Promise<TransactionReceipt> {
    const { clock, receiptTimeoutMs } = this.#parts
    for (;;) {
      const receipt = await this.#receiptIfReachable(hash, deadlineMs)
      if (receipt !== undefined) return receipt
      if (clock.nowMs() >= deadlineMs) throw new ReceiptTimeoutError(hash, receiptTimeoutMs)
      await this.#pause(POLL_MS)
    }
  }

  /** A node that is away for a moment is asked again. */
  async #receiptIfReachable(
    hash: string,
    deadlineMs: number,
  ): Promise<TransactionReceipt | undefined> {
    try {
      return await this.#parts.queries.getTransactionReceipt(hash)
    } catch (error) {
      const isAway = isBcosError(error, 'SDK_NO_CONNECTION')
      if (isAway && this.#parts.clock.nowMs() < deadlineMs) return undefined
      throw error
    }
  }

  #deadline(): number {
    return this.#parts.clock.nowMs() + this.#parts.receiptTimeoutMs
  }

  /** `undefined` when the time is over. */
  #within(deadlineMs: number, promise: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const leftMs = Math.max(0, deadlineMs - this.#parts.clock.nowMs())
      const cancel = this.#parts.timers.after(leftMs, () => resolve(undefined))
      promise.then(resolve, reject).finally(cancel)
    })
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#parts.timers.after(ms, resolve))
  }
}

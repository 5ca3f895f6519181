/**
 * What can be asked about a group (spec 02 §14). Methods bear the names of JSON-RPC.
 * @module
 */
import type { Address } from '@bcos-ts/protocol'
import {
  type BlockHeaderView,
  type BlockView,
  type FullBlockView,
  readBlock,
  readFullBlock,
  readHeader,
} from '../json/block.ts'
import {
  type ProvenReceipt,
  type ProvenTransaction,
  readProvenReceipt,
  readProvenTransaction,
} from '../json/proof.ts'
import { readBytes, readJson, readList, readNumber, readText } from '../json/read.ts'
import { type BatchReceipts, readBatchReceipts, readReceipt } from '../json/receipt.ts'
import {
  type ConsensusStatusView,
  readConsensusStatus,
  readSyncStatus,
  type SyncStatusView,
} from '../json/status.ts'
import {
  type MinedTransaction,
  type PendingTransaction,
  readMinedTransaction,
  readPendingTransaction,
  readTransactionCount,
  type TransactionCount,
} from '../json/transaction.ts'
import type { TransactionReceipt } from '../receipt.ts'
import type { Transport } from '../transport.ts'
import { address0x, hash0x, quantity } from './hex.ts'
import { inflateText } from './inflate.ts'

/** Which receipts of a block are wanted. */
export interface ReceiptRange {
  /**
   * Position of the first.
   * @default 0
   */
  readonly from?: number
  /** Missing is all that follow. */
  readonly count?: number
}

/** The number or the hash (`0x` and 64 digits) of a block. */
export type BlockName = number | string

/** Questions about one group. Each throws as `Transport.request` does; a block that is not there is -40003 or -40004. */
export class GroupQueries {
  readonly groupId: number
  readonly transport: Transport

  constructor(transport: Transport, groupId: number) {
    this.transport = transport
    this.groupId = groupId
  }

  /** Any method, with the group as first parameter; the `result` as the node wrote it. */
  request(method: string, ...params: readonly unknown[]): Promise<unknown> {
    return this.transport.request(method, [this.groupId, ...params])
  }

  async getBlockNumber(): Promise<number> {
    return this.#number('getBlockNumber')
  }

  async getPbftView(): Promise<number> {
    return this.#number('getPbftView')
  }

  async getSealerList(): Promise<readonly string[]> {
    return this.#texts('getSealerList')
  }

  async getObserverList(): Promise<readonly string[]> {
    return this.#texts('getObserverList')
  }

  /** The committee of rPBFT; other groups refuse with -40009. */
  async getEpochSealersList(): Promise<readonly string[]> {
    return this.#texts('getEpochSealersList')
  }

  /** Sealers and observers. */
  async getGroupPeers(): Promise<readonly string[]> {
    return this.#texts('getGroupPeers')
  }

  async getConsensusStatus(): Promise<ConsensusStatusView> {
    return readConsensusStatus('getConsensusStatus', await this.request('getConsensusStatus'))
  }

  async getSyncStatus(): Promise<SyncStatusView> {
    return readSyncStatus('getSyncStatus', await this.request('getSyncStatus'))
  }

  /** The value as it was set; empty when it never was. */
  async getSystemConfigByKey(key: string): Promise<string> {
    return readText('getSystemConfigByKey', await this.request('getSystemConfigByKey', key))
  }

  async getTotalTransactionCount(): Promise<TransactionCount> {
    const method = 'getTotalTransactionCount'
    return readTransactionCount(method, await this.request(method))
  }

  async getPendingTransactions(): Promise<readonly PendingTransaction[]> {
    const method = 'getPendingTransactions'
    return readList(method, await this.request(method), readPendingTransaction)
  }

  async getPendingTxSize(): Promise<number> {
    return this.#number('getPendingTxSize')
  }

  /** Empty when no contract is there. */
  async getCode(address: Address): Promise<Uint8Array> {
    return readBytes('getCode', await this.request('getCode', address0x(address)))
  }

  getBlockByNumber(number: number): Promise<BlockView> {
    return this.#block('getBlockByNumber', quantity(number))
  }

  getBlockByHash(hash: string): Promise<BlockView> {
    return this.#block('getBlockByHash', hash0x(hash))
  }

  /** With whole transactions and the signatures of the sealers. */
  async getFullBlock(block: BlockName): Promise<FullBlockView> {
    const [method, name] = named(block, 'getBlockByNumber', 'getBlockByHash')
    return readFullBlock(method, await this.request(method, name, true))
  }

  getBlockHeaderByNumber(number: number, withSignatures = false): Promise<BlockHeaderView> {
    return this.#header('getBlockHeaderByNumber', quantity(number), withSignatures)
  }

  getBlockHeaderByHash(hash: string, withSignatures = false): Promise<BlockHeaderView> {
    return this.#header('getBlockHeaderByHash', hash0x(hash), withSignatures)
  }

  /** `0x` text. */
  async getBlockHashByNumber(number: number): Promise<string> {
    const method = 'getBlockHashByNumber'
    return readText(method, await this.request(method, quantity(number)))
  }

  /** `undefined` while the transaction is in no block. */
  async getTransactionByHash(hash: string): Promise<MinedTransaction | undefined> {
    return this.#perhaps('getTransactionByHash', hash, readMinedTransaction)
  }

  /** A position that the block does not have is -40005. */
  async getTransactionByBlockHashAndIndex(hash: string, index: number): Promise<MinedTransaction> {
    const method = 'getTransactionByBlockHashAndIndex'
    return readMinedTransaction(method, await this.request(method, hash0x(hash), quantity(index)))
  }

  async getTransactionByBlockNumberAndIndex(
    number: number,
    index: number,
  ): Promise<MinedTransaction> {
    const method = 'getTransactionByBlockNumberAndIndex'
    return readMinedTransaction(
      method,
      await this.request(method, quantity(number), quantity(index)),
    )
  }

  /** `undefined` while the transaction is in no block. */
  async getTransactionReceipt(hash: string): Promise<TransactionReceipt | undefined> {
    return this.#perhaps('getTransactionReceipt', hash, readReceipt)
  }

  /** The proof leads to the transactions root of the block: see `verifyTransactionProof`. */
  async getTransactionByHashWithProof(hash: string): Promise<ProvenTransaction | undefined> {
    return this.#perhaps('getTransactionByHashWithProof', hash, readProvenTransaction)
  }

  /** The proof leads to the receipts root of the block: see `verifyReceiptProof`. */
  async getTransactionReceiptByHashWithProof(hash: string): Promise<ProvenReceipt | undefined> {
    return this.#perhaps('getTransactionReceiptByHashWithProof', hash, readProvenReceipt)
  }

  /** Receipts of a block, packed on the way. A block without receipts from that position on is -40099. */
  getBatchReceiptsByBlockNumberAndRange(
    number: number,
    range: ReceiptRange = {},
  ): Promise<BatchReceipts> {
    return this.#receipts('getBatchReceiptsByBlockNumberAndRange', quantity(number), range)
  }

  getBatchReceiptsByBlockHashAndRange(
    hash: string,
    range: ReceiptRange = {},
  ): Promise<BatchReceipts> {
    return this.#receipts('getBatchReceiptsByBlockHashAndRange', hash0x(hash), range)
  }

  async #number(method: string): Promise<number> {
    return readNumber(method, await this.request(method))
  }

  async #texts(method: string): Promise<readonly string[]> {
    return readList(method, await this.request(method), readText)
  }

  async #block(method: string, name: string): Promise<BlockView> {
    return readBlock(method, await this.request(method, name, false))
  }

  async #header(method: string, name: string, withSignatures: boolean): Promise<BlockHeaderView> {
    return readHeader(method, await this.request(method, name, withSignatures))
  }

  async #receipts(
    method: string,
    name: string,
    { from = 0, count = -1 }: ReceiptRange,
  ): Promise<BatchReceipts> {
    const packed = await this.request(method, name, String(from), String(count), true)
    const text = await inflateText(method, readText(method, packed))
    return readBatchReceipts(method, readJson(method, text))
  }

  async #perhaps<T>(
    method: string,
    hash: string,
    read: (method: string, value: unknown) => T,
  ): Promise<T | undefined> {
    const found = await this.request(method, hash0x(hash))
    return found === null || found === undefined ? undefined : read(method, found)
  }
}

function named(block: BlockName, byNumber: string, byHash: string): [string, string] {
  return typeof block === 'number' ? [byNumber, quantity(block)] : [byHash, hash0x(block)]
}

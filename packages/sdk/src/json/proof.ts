/**
 * Proofs that a transaction or receipt is in a block, checked here (spec 02 §14.7, 01 §6.4).
 * @module
 */
import { fromHex } from '@bcos-ts/common'
import {
  type CryptoSuite,
  encodeReceipt,
  type MerkleLevel,
  verifyMerkleProof,
} from '@bcos-ts/protocol'
import type { TransactionReceipt } from '../receipt.ts'
import { JsonReader, readBytes } from './read.ts'
import { readReceipt } from './receipt.ts'
import { type MinedTransaction, readMinedTransaction } from './transaction.ts'

export interface ProvenTransaction {
  readonly transaction: MinedTransaction
  readonly proof: readonly MerkleLevel[]
}

export interface ProvenReceipt {
  readonly receipt: TransactionReceipt
  readonly proof: readonly MerkleLevel[]
}

/** A receipt with both proofs; `undefined` where the node gave none. */
export interface FullyProvenReceipt {
  readonly receipt: TransactionReceipt
  readonly transactionProof: readonly MerkleLevel[] | undefined
  readonly receiptProof: readonly MerkleLevel[] | undefined
}

function readLevel(method: string, value: unknown): MerkleLevel {
  const json = new JsonReader(method, value)
  return { left: json.list('left', readBytes), right: json.list('right', readBytes) }
}

export function readProvenTransaction(method: string, value: unknown): ProvenTransaction {
  const json = new JsonReader(method, value)
  return {
    transaction: readMinedTransaction(method, json.raw('transaction')),
    proof: json.list('txProof', readLevel),
  }
}

export function readProvenReceipt(method: string, value: unknown): ProvenReceipt {
  const json = new JsonReader(method, value)
  return {
    receipt: readReceipt(method, json.raw('transactionReceipt')),
    proof: json.list('receiptProof', readLevel),
  }
}

export function readFullyProvenReceipt(method: string, value: unknown): FullyProvenReceipt {
  const json = new JsonReader(method, value)
  const proof = (name: string): MerkleLevel[] | undefined =>
    json.has(name) ? json.list(name, readLevel) : undefined
  return {
    receipt: readReceipt(method, value),
    transactionProof: proof('txProof'),
    receiptProof: proof('receiptProof'),
  }
}

/** Whether the transaction is in the block with this transactions root. */
export function verifyTransactionProof(
  { transaction, proof }: ProvenTransaction,
  transactionsRoot: string,
  suite: CryptoSuite,
): boolean {
  const { transactionIndex: index, hash } = transaction
  return verifyMerkleProof(
    { index, hash: fromHex(hash), proof, root: fromHex(transactionsRoot) },
    suite,
  )
}

/**
 * Whether the receipt, all of it that the chain agrees on, is in the block with this receipts root. Sender,
 * receiver, input and the hash of the transaction are not in the receipt's hash: prove the transaction for them.
 */
export function verifyReceiptProof(
  { receipt, proof }: ProvenReceipt,
  receiptsRoot: string,
  suite: CryptoSuite,
): boolean {
  const { transactionIndex: index } = receipt
  return verifyMerkleProof(
    { index, hash: receiptHash(receipt, suite), proof, root: fromHex(receiptsRoot) },
    suite,
  )
}

function receiptHash(receipt: TransactionReceipt, suite: CryptoSuite): Uint8Array {
  const bytes = encodeReceipt({
    stateRoot: fromHex(receipt.root),
    gasUsed: receipt.gasUsed,
    contractAddress: receipt.contractAddress.replace(/^0x/, ''),
    logBloom: receipt.logsBloom,
    status: receipt.status,
    output: receipt.output,
    remainGas: receipt.remainGas,
    logs: receipt.logs.map((log) => ({ ...log, address: log.address.replace(/^0x/, '') })),
  })
  return suite.hash(bytes)
}

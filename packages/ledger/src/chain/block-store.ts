import {
  assert,
  bytesToText,
  type ByteText,
  Emitter,
  equalBytes,
  fromHex,
  LruMap,
  messageOf,
  textToBytes,
  toHex,
} from '@bcos-ts/common'
import {
  accountTable,
  type Address,
  type Block,
  type BlockHeader,
  type BlockSignature,
  type CryptoSuite,
  decodeBlock,
  type DecodedBlock,
  decodeList,
  encodeBlock,
  encodeHeader,
  encodeNonces,
  encodeSignatures,
  type HashText,
  SystemTableName as Name,
} from '@bcos-ts/protocol'
import type {
  BlockCommitted,
  BlockStore,
  ExecutedBlock,
  Membership,
  MinedReceipt,
  MinedTransaction,
  RowsOfKey,
  StateTables,
  SystemConfigValue,
  TableStorage,
  TransactionCount,
} from '@bcos-ts/protocol/ports'
import { CorruptChainError, NotNextBlockError } from './errors.ts'
import { readMembership } from './membership.ts'
import { RowWriter } from './row-writer.ts'

/** Decoded blocks kept for readers; the pool, RPC and peers mostly ask for the latest. */
/** Decoded blocks that are kept, by what they hold: each counts as one transaction more than it has. */
const TRANSACTIONS_KEPT = 4096
const HASHES_KEPT = 4096

const Counter = {
  number: 'current_number',
  total: 'total_transaction_count',
  failed: 'total_failed_transaction_count',
} as const

/** Beside the counters, in a row that the reference does not have. */
const COMMIT_PROOF = 'commit_proof'
/** Below the first number that a table gives. */
const COMMIT_PROOF_ID = 2

export interface BlockStoreComponents {
  readonly storage: TableStorage
  readonly suite: CryptoSuite
}

/**
 * The chain that a storage holds, which must have its block 0 (see `createGenesis`).
 * Throws `LEDGER_CORRUPT` when the storage does not hold a chain.
 */
export function openBlockStore(components: BlockStoreComponents): BlockStore {
  return new TableBlockStore(components)
}

interface Head {
  readonly header: BlockHeader
  readonly hash: Uint8Array
}

class TableBlockStore implements BlockStore {
  readonly #storage: TableStorage
  readonly #suite: CryptoSuite
  readonly #blocks = new LruMap<number, DecodedBlock>(
    TRANSACTIONS_KEPT,
    ({ block }) => block.transactions.length + 1,
  )
  readonly #hashes = new LruMap<number, Uint8Array>(HASHES_KEPT)
  readonly #commits = new Emitter<BlockCommitted>()
  #head: Head
  #membership: Membership
  /** The commit under way. Consensus and synchronisation both commit; one waits for the other. */
  #committing: Promise<void> = Promise.resolve()

  constructor({ storage, suite }: BlockStoreComponents) {
    this.#storage = storage
    this.#suite = suite
    const number = Number(this.#value(Name.currentState, Counter.number) ?? Number.NaN)
    const decoded = this.#decoded(number)
    if (decoded === undefined) throw new CorruptChainError(`block ${number} is missing`)
    this.#head = { header: decoded.block.header, hash: decoded.hash }
    this.#membership = readMembership(storage)
  }

  height(): number {
    return this.#head.header.number
  }

  head(): BlockHeader {
    return this.#head.header
  }

  headHash(): Uint8Array {
    return this.#head.hash
  }

  genesisHash(): Uint8Array {
    const hash = this.hashOf(0)
    assert(hash !== undefined, 'a chain has a block 0')
    return hash
  }

  hashOf(number: number): Uint8Array | undefined {
    const known = this.#hashes.get(number)
    if (known !== undefined) return known
    const text = this.#value(Name.numberToHash, String(number))
    if (text === undefined) return undefined
    const hash = fromHex(text)
    this.#hashes.set(number, hash)
    return hash
  }

  header(number: number): BlockHeader | undefined {
    return this.#decoded(number)?.block.header
  }

  signatures(number: number): readonly BlockSignature[] {
    return this.#decoded(number)?.block.signatures ?? []
  }

  numberOf(hash: HashText): number | undefined {
    const text = this.#value(Name.hashToBlock, hash)
    if (text === undefined) return undefined
    return this.#decode(text).block.header.number
  }

  block(number: number): Block | undefined {
    return this.#decoded(number)?.block
  }

  encodedBlock(number: number): Uint8Array | undefined {
    const text = this.#encoded(number)
    return text === undefined ? undefined : textToBytes(text)
  }

  transaction(hash: HashText): MinedTransaction | undefined {
    const row = this.#row(Name.txHashToBlock, hash)
    if (row === undefined) return undefined
    const decoded = this.#decoded(Number(row.get('value')))
    const index = Number(row.get('index'))
    const transaction = decoded?.block.transactions[index]
    if (decoded === undefined || transaction === undefined) {
      throw new CorruptChainError(`transaction ${hash} is listed, but not in its block`)
    }
    const blockNumber = decoded.block.header.number
    return { transaction, blockNumber, blockHash: decoded.hash, index }
  }

  receipt(hash: HashText): MinedReceipt | undefined {
    const mined = this.transaction(hash)
    if (mined === undefined) return undefined
    const receipt = this.block(mined.blockNumber)?.receipts[mined.index]
    const sender = mined.transaction.sender(this.#suite)
    if (receipt === undefined || sender === undefined) {
      throw new CorruptChainError(`transaction ${hash} has no receipt`)
    }
    return { ...mined, receipt, sender }
  }

  nonces(number: number): readonly string[] {
    const text = this.#value(Name.blockToNonces, String(number))
    if (text === undefined) return []
    const list = decodeList(textToBytes(text))
    return list.items.map((_, i) => toHex(list.bytes(i)))
  }

  membership(): Membership {
    return this.#membership
  }

  systemConfig(key: string): SystemConfigValue | undefined {
    const row = this.#row(Name.config, key)
    const enableNumber = Number(row?.get('enable_num'))
    if (row === undefined || enableNumber > this.height() + 1) return undefined
    return { value: row.get('value') ?? '', enableNumber }
  }

  transactionCount(): TransactionCount {
    return {
      blockNumber: this.height(),
      total: this.#counter(Counter.total),
      failed: this.#counter(Counter.failed),
    }
  }

  codeOf(address: Address): Uint8Array {
    return textToBytes(this.#value(accountTable(address), 'code') ?? '')
  }

  commitProof(): Uint8Array | undefined {
    const text = this.#value(Name.currentState, COMMIT_PROOF) ?? ''
    return text === '' ? undefined : textToBytes(text)
  }

  commit(
    executed: ExecutedBlock,
    signatures: readonly BlockSignature[],
    proof?: Uint8Array,
  ): Promise<void> {
    const commit = this.#committing.then(() => this.#commit(executed, signatures, proof))
    // A failure is the caller's to see; the next commit only waits for the end of this one.
    this.#committing = commit.catch(() => {})
    return commit
  }

  async #commit(
    executed: ExecutedBlock,
    signatures: readonly BlockSignature[],
    proof: Uint8Array | undefined,
  ): Promise<void> {
    const block: Block = { ...executed.block, signatures }
    this.#assertNext(block.header)
    const { number } = block.header
    this.#writeBookkeeping(executed.tables, { block, hash: executed.hash })
    const batch = executed.tables.finish(number)
    await this.#storage.commit({
      ...batch,
      writes: [...batch.writes, ...this.#proofRow(number, proof)],
    })
    this.#blocks.set(number, { block, hash: executed.hash })
    this.#hashes.set(number, executed.hash)
    this.#head = { header: block.header, hash: executed.hash }
    this.#membership = readMembership(this.#storage)
    this.#commits.emit({ block, hash: executed.hash })
  }

  onCommit(listener: (event: BlockCommitted) => void): () => void {
    return this.#commits.on(listener)
  }

  #assertNext(header: BlockHeader): void {
    const head = this.height()
    const refuse = (reason: string) => new NotNextBlockError(header.number, head, reason)
    if (header.number !== head + 1) throw refuse(`block ${head + 1} is next`)
    if (!equalBytes(header.parentHash, this.#head.hash)) throw refuse('its parent is another block')
  }

  /** Rows that lead to the block and its transactions; none of them is part of the state root. */
  #writeBookkeeping(tables: StateTables, { block, hash }: DecodedBlock): void {
    const rows = new RowWriter(tables)
    const { header, transactions, receipts, signatures } = block
    const number = String(header.number)
    const hashText = toHex(hash)
    const failed = receipts.filter(({ status }) => status !== 0).length
    rows.put(Name.numberToHash, number, { value: hashText })
    rows.put(Name.hashToBlock, hashText, {
      value: bytesToText(encodeBlock(block, this.#suite)),
    })
    rows.put(Name.hashToHeader, hashText, {
      value: bytesToText(encodeHeader(header)),
      sigs: bytesToText(encodeSignatures(signatures)),
    })
    rows.set(Name.currentState, Counter.number, { value: number })
    rows.set(Name.currentState, Counter.total, {
      value: String(this.#counter(Counter.total) + transactions.length),
    })
    rows.set(Name.currentState, Counter.failed, {
      value: String(this.#counter(Counter.failed) + failed),
    })
    for (const [index, transaction] of transactions.entries()) {
      rows.put(Name.txHashToBlock, transaction.hashText, { value: number, index: String(index) })
    }
    rows.put(Name.blockToNonces, number, { value: bytesToText(encodeNonces(transactions)) })
  }

  /**
   * One row for all blocks, and none where no block ever had a proof. It takes no number from those of the tables: they are
   * the same on all nodes.
   */
  #proofRow(blockNumber: number, proof: Uint8Array | undefined): readonly RowsOfKey[] {
    if (proof === undefined && this.commitProof() === undefined) return []
    const value = proof === undefined ? '' : bytesToText(proof)
    const fields = new Map([
      ['key', COMMIT_PROOF],
      ['value', value],
    ])
    const row = { id: COMMIT_PROOF_ID, blockNumber, isRemoved: false, fields }
    return [{ table: Name.currentState, key: COMMIT_PROOF, rows: [row] }]
  }

  #counter(key: string): number {
    return Number(this.#value(Name.currentState, key) ?? 0)
  }

  #row(table: string, key: ByteText): ReadonlyMap<string, ByteText> | undefined {
    return this.#storage.select(table, key).find((row) => !row.isRemoved)?.fields
  }

  #value(table: string, key: ByteText): ByteText | undefined {
    return this.#row(table, key)?.get('value')
  }

  #encoded(number: number): ByteText | undefined {
    const hash = this.hashOf(number)
    return hash === undefined ? undefined : this.#value(Name.hashToBlock, toHex(hash))
  }

  #decoded(number: number): DecodedBlock | undefined {
    const known = this.#blocks.get(number)
    if (known !== undefined) return known
    const text = this.#encoded(number)
    if (text === undefined) return undefined
    const decoded = this.#decode(text)
    this.#blocks.set(number, decoded)
    return decoded
  }

  #decode(text: ByteText): DecodedBlock {
    try {
      return decodeBlock(textToBytes(text), this.#suite)
    } catch (error) {
      throw new CorruptChainError(`a block cannot be read (${messageOf(error)})`, error)
    }
  }
}

import { BcosError, concatBytes, EMPTY_BYTES, Emitter, equalBytes, toHex } from '@bcos-ts/common'
import {
  type Block,
  type BlockHeader,
  type BlockSignature,
  decodeBlock,
  type DecodedBlock,
  decodeList,
  encodeBlock,
  encodeBytes,
  encodeList,
  genesisHeader,
  hashHeader,
  type HashText,
  type NodeId,
  type Receipt,
  ZERO_ADDRESS,
} from '@bcos-ts/protocol'
import type {
  BlockCommitted,
  BlockStore,
  CryptoSuite,
  ExecutedBlock,
  Membership,
  StateTables,
  SystemConfigValue,
  TransactionCount,
  WriteBatch,
} from '@bcos-ts/protocol/ports'
import type { NodeDisk } from '@bcos-ts/testing/simulator'

/** Who seals the block after the one of this height, and who else is there. */
export type Membering = (height: number) => {
  readonly sealers: readonly NodeId[]
  readonly observers?: readonly NodeId[]
  /** rPBFT: those whose turn it is; else all. */
  readonly workingSealers?: readonly NodeId[]
}

/** What an rPBFT chain says of its committee. */
export interface ModelEpoch {
  readonly workers: number
  readonly blocks: number
}

const NONE: never[] = []

/** A block of the model writes no tables. */
const NO_TABLES: StateTables = {
  parentNumber: 0,
  open: () => undefined,
  create: () => 0,
  newEntry: () => {
    throw new Error('the model has no tables')
  },
  newCondition: () => {
    throw new Error('the model has no tables')
  },
  committedRows: () => NONE,
  savepoint: () => 0,
  rollback: () => {},
  endTransaction: () => {},
  stateRoot: () => new Uint8Array(32),
  hashedTables: () => NONE,
  finish: (blockNumber): WriteBatch => ({ blockNumber, writes: [] }),
}

/** Of every transaction: the model executes none, and its receipts are not kept. */
const RECEIPT: Receipt = {
  stateRoot: new Uint8Array(32),
  gasUsed: 1n,
  contractAddress: ZERO_ADDRESS,
  logBloom: new Uint8Array(256),
  status: 0,
  output: new Uint8Array(0),
  remainGas: 0n,
  logs: NONE,
}

/** "Execution": the new state is the hash of the old one and of what the block holds. */
export function executeModel(parent: BlockHeader, block: Block, suite: CryptoSuite): ExecutedBlock {
  const { header, transactions } = block
  if (header.number !== parent.number + 1) {
    throw new BcosError('EXECUTOR_WRONG_PARENT', `block ${header.number}`, { details: {} })
  }
  const stateRoot = suite.hash(
    concatBytes(parent.stateRoot, ...transactions.map((one) => one.hash)),
  )
  const executed: BlockHeader = {
    ...header,
    stateRoot,
    dbHash: stateRoot,
    receiptsRoot: suite.hash(stateRoot),
    gasUsed: BigInt(transactions.length),
  }
  return {
    block: {
      header: executed,
      transactions,
      receipts: transactions.map(() => RECEIPT),
      signatures: [],
    },
    hash: hashHeader(executed, suite),
    tables: NO_TABLES,
  }
}

export interface ModelChainInit {
  readonly disk: NodeDisk
  readonly suite: CryptoSuite
  readonly membering: Membering
  readonly epoch?: ModelEpoch | undefined
  /** Told apart by their genesis blocks, and by names on disk. Default 1. */
  readonly groupId?: number
  /** Reports blocks before they are durable: a mistake, for tests that look for it. */
  readonly isHasty?: boolean
  /** Called when a block is durable. */
  readonly onCommitted?: (block: Block, hash: Uint8Array) => void
}

/** Blocks by their bytes on disk: those that were read in a former life need not be decoded again. */
const decoded = new WeakMap<Uint8Array, DecodedBlock>()
/** A node that starts asks for those of a thousand blocks. */
const nonceTexts = new WeakMap<Block, readonly string[]>()

/** A chain on a simulated disk: blocks that were committed are there after a restart. */
export class ModelChain implements BlockStore {
  readonly #init: ModelChainInit
  readonly #genesis: DecodedBlock
  readonly #committed = new Emitter<BlockCommitted>()
  /** Of this life; others are read when they are asked for. */
  readonly #blocks = new Map<number, DecodedBlock>()
  #height: number
  #proof: Uint8Array
  #tail: Promise<unknown> = Promise.resolve()

  constructor(init: ModelChainInit) {
    this.#init = init
    const { suite, membering, groupId = 1 } = init
    const header = genesisHeader({
      groupId,
      sealers: membering(0).sealers,
      consensusType: 'pbft',
      timestamp: 1_600_000_000_000n,
      txCountLimit: 1000,
      txGasLimit: 300_000_000,
      consensusTimeout: 3,
      epochSealerCount: 0,
      epochBlockCount: 0,
      isFreeStorage: false,
    })
    const block = { header, transactions: [], receipts: [], signatures: [] }
    this.#genesis = { block, hash: hashHeader(header, suite) }
    this.#height = this.#heightOnDisk()
    this.#proof = this.#proofOnDisk()
  }

  /** Blocks become durable in order: the highest is found by halves. */
  #heightOnDisk(): number {
    let low = 0
    let high = 1
    while (this.#read(high) !== undefined) {
      low = high
      high *= 2
    }
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#read(middle) === undefined) high = middle
      else low = middle
    }
    return low
  }

  #proofOnDisk(): Uint8Array {
    for (const bytes of this.#init.disk.read(blockName(this.#height))) {
      const content = unseal(bytes, this.#init.suite)
      if (content !== undefined) return decodeList(content).bytes(1)
    }
    return EMPTY_BYTES
  }

  #read(number: number): DecodedBlock | undefined {
    for (const bytes of this.#init.disk.read(blockName(number))) {
      const known = decoded.get(bytes)
      if (known !== undefined) return known
      const content = unseal(bytes, this.#init.suite)
      if (content === undefined) continue
      const block = decodeBlock(decodeList(content).bytes(0), this.#init.suite)
      decoded.set(bytes, block)
      return block
    }
    return undefined
  }

  #find(number: number): DecodedBlock | undefined {
    if (number === 0) return this.#genesis
    if (number < 0 || number > this.#height) return undefined
    const known = this.#blocks.get(number)
    if (known !== undefined) return known
    const block = this.#read(number)
    if (block !== undefined) this.#blocks.set(number, block)
    return block
  }

  #at(number: number): DecodedBlock {
    const found = this.#find(number)
    if (found === undefined) throw new RangeError(`no block ${number}`)
    return found
  }

  height(): number {
    return this.#height
  }

  head(): BlockHeader {
    return this.#at(this.#height).block.header
  }

  headHash(): Uint8Array {
    return this.#at(this.#height).hash
  }

  genesisHash(): Uint8Array {
    return this.#genesis.hash
  }

  hashOf(number: number): Uint8Array | undefined {
    return this.#find(number)?.hash
  }

  /** As hexadecimal text; the block must be there. */
  hashTextOf(number: number): HashText {
    return toHex(this.#at(number).hash)
  }

  block(number: number): Block | undefined {
    return this.#find(number)?.block
  }

  header(number: number): BlockHeader | undefined {
    return this.block(number)?.header
  }

  signatures(number: number): readonly BlockSignature[] {
    return this.block(number)?.signatures ?? []
  }

  encodedBlock(number: number): Uint8Array | undefined {
    const block = this.block(number)
    return block && encodeBlock(withoutReceipts(block), this.#init.suite)
  }

  nonces(number: number): readonly string[] {
    const block = this.block(number)
    if (block === undefined) return NONE
    const known = nonceTexts.get(block)
    if (known !== undefined) return known
    const texts = block.transactions.map(({ nonceText }) => nonceText)
    nonceTexts.set(block, texts)
    return texts
  }

  membership(): Membership {
    const { sealers, observers = [], workingSealers = sealers } = this.#init.membering(this.#height)
    return { sealers, workingSealers, observers, sealersInRowOrder: sealers }
  }

  systemConfig(key: string): SystemConfigValue | undefined {
    const { epoch } = this.#init
    if (epoch === undefined) return undefined
    const values = new Map([
      ['rpbft_epoch_sealer_num', epoch.workers],
      ['rpbft_epoch_block_num', epoch.blocks],
      ['notify_rotate', 0],
    ])
    const value = values.get(key)
    return value === undefined ? undefined : { value: String(value), enableNumber: 0 }
  }

  // Nobody in a model asks for these: they are for clients.

  numberOf(): number | undefined {
    return undefined
  }

  transaction(): undefined {
    return undefined
  }

  receipt(): undefined {
    return undefined
  }

  transactionCount(): TransactionCount {
    return { blockNumber: this.#height, total: 0, failed: 0 }
  }

  codeOf(): Uint8Array {
    return new Uint8Array(0)
  }

  onCommit(listener: (event: BlockCommitted) => void): () => void {
    return this.#committed.on(listener)
  }

  execute(block: Block): ExecutedBlock {
    return executeModel(this.head(), block, this.#init.suite)
  }

  commitProof(): Uint8Array | undefined {
    return this.#proof.length === 0 ? undefined : this.#proof
  }

  /** One after another: consensus and synchronisation may both want to. */
  async commit(
    executed: ExecutedBlock,
    signatures: readonly BlockSignature[],
    proof?: Uint8Array,
  ): Promise<void> {
    const turn = this.#tail.then(() => this.#commit(executed, signatures, proof))
    this.#tail = turn.catch(() => {})
    await turn
  }

  async #commit(
    executed: ExecutedBlock,
    signatures: readonly BlockSignature[],
    proof: Uint8Array = EMPTY_BYTES,
  ): Promise<void> {
    const { suite, disk, isHasty = false, onCommitted } = this.#init
    const { header } = executed.block
    const isNext =
      header.number === this.#height + 1 && equalBytes(header.parentHash, this.headHash())
    if (!isNext) {
      throw new BcosError('LEDGER_NOT_NEXT_BLOCK', `block ${header.number}`, { details: {} })
    }
    const block = { ...executed.block, signatures }
    const encoded = encodeBlock(withoutReceipts(block), suite)
    const bytes = seal(encodeList([encodeBytes(encoded), encodeBytes(proof)]), suite)
    const written = disk.write(blockName(header.number), bytes)
    if (!isHasty) await written
    const { hash } = executed
    this.#blocks.set(header.number, { block, hash })
    this.#height = header.number
    this.#proof = proof
    onCommitted?.(block, hash)
    this.#committed.emit({ block, hash })
  }
}

function withoutReceipts(block: Block): Block {
  return { ...block, receipts: [] }
}

function blockName(number: number): string {
  return `block/${number}`
}

function seal(bytes: Uint8Array, suite: CryptoSuite): Uint8Array {
  return concatBytes(suite.hash(bytes), bytes)
}

function unseal(bytes: Uint8Array, suite: CryptoSuite): Uint8Array | undefined {
  const content = bytes.subarray(32)
  return equalBytes(suite.hash(content), bytes.subarray(0, 32)) ? content : undefined
}

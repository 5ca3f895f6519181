import { BcosError, concatBytes, equalBytes, toHex } from '@bcos-ts/common'
import {
  type Block,
  type BlockHeader,
  type BlockSignature,
  decodeBlock,
  encodeBlock,
  genesisHeader,
  hashHeader,
  type NodeId,
} from '@bcos-ts/protocol'
import type {
  CryptoSuite,
  ExecutedBlock,
  Membership,
  StateTables,
  SystemConfigValue,
  WriteBatch,
} from '@bcos-ts/protocol/ports'
import type { NodeDisk } from '@bcos-ts/testing/simulator'

/** Who seals the block after the one of this height, and who else is there. */
export type Membering = (height: number) => {
  readonly sealers: readonly NodeId[]
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
    block: { header: executed, transactions, receipts: [], signatures: [] },
    hash: hashHeader(executed, suite),
    tables: NO_TABLES,
  }
}

export interface ModelChainInit {
  readonly disk: NodeDisk
  readonly suite: CryptoSuite
  readonly membering: Membering
  readonly epoch?: ModelEpoch | undefined
  /** Reports blocks before they are durable: a mistake, for tests that look for it. */
  readonly isHasty: boolean
  /** Called when a block is durable. */
  readonly onCommitted: (block: Block, hash: Uint8Array) => void
}

/** A chain on a simulated disk: blocks that were committed are there after a restart. */
export class ModelChain {
  readonly #init: ModelChainInit
  readonly #blocks: { readonly block: Block; readonly hash: Uint8Array }[] = []
  #tail: Promise<unknown> = Promise.resolve()

  constructor(init: ModelChainInit) {
    this.#init = init
    const { suite, membering } = init
    const header = genesisHeader({
      groupId: 1,
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
    this.#blocks.push({ block, hash: hashHeader(header, suite) })
    this.#load()
  }

  #load(): void {
    const { disk, suite } = this.#init
    for (let number = 1; ; number++) {
      const whole = disk
        .read(blockName(number))
        .map((bytes) => unseal(bytes, suite))
        .find((bytes) => bytes !== undefined)
      if (whole === undefined) return
      this.#blocks.push(decodeBlock(whole, suite))
    }
  }

  height(): number {
    return this.#blocks.length - 1
  }

  head(): BlockHeader {
    return this.#at(this.height()).block.header
  }

  headHash(): Uint8Array {
    return this.#at(this.height()).hash
  }

  hashOf(number: number): string {
    return toHex(this.#at(number).hash)
  }

  block(number: number): Block | undefined {
    return this.#blocks[number]?.block
  }

  membership(): Membership {
    const { sealers, workingSealers = sealers } = this.#init.membering(this.height())
    return { sealers, workingSealers, observers: [], sealersInRowOrder: sealers }
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

  execute(block: Block): ExecutedBlock {
    return executeModel(this.head(), block, this.#init.suite)
  }

  /** One after another: consensus and synchronisation may both want to. */
  async commit(executed: ExecutedBlock, signatures: readonly BlockSignature[]): Promise<void> {
    const turn = this.#tail.then(() => this.#commit(executed, signatures))
    this.#tail = turn.catch(() => {})
    await turn
  }

  async #commit(executed: ExecutedBlock, signatures: readonly BlockSignature[]): Promise<void> {
    const { suite, disk, isHasty, onCommitted } = this.#init
    const { header } = executed.block
    const isNext =
      header.number === this.height() + 1 && equalBytes(header.parentHash, this.headHash())
    if (!isNext) {
      throw new BcosError('LEDGER_NOT_NEXT_BLOCK', `block ${header.number}`, { details: {} })
    }
    const block = { ...executed.block, signatures }
    const written = disk.write(blockName(header.number), seal(encodeBlock(block, suite), suite))
    if (!isHasty) await written
    this.#blocks.push({ block, hash: executed.hash })
    onCommitted(block, executed.hash)
  }

  #at(number: number): { readonly block: Block; readonly hash: Uint8Array } {
    const found = this.#blocks[number]
    if (found === undefined) throw new RangeError(`no block ${number}`)
    return found
  }
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

import { Emitter, fromHex, toHex } from '@bcos-ts/common'
import {
  type Block,
  type BlockHeader,
  type CryptoSuite,
  decodeBlock,
  ZERO_ADDRESS,
} from '@bcos-ts/protocol'
import type {
  BlockCommitted,
  BlockStore,
  Membership,
  MinedReceipt,
  MinedTransaction,
} from '@bcos-ts/protocol/ports'
import type { JsonObject, JsonValue } from '../src/json.ts'
import { readVectors } from './vectors.ts'

export interface RecordedBlock {
  readonly number: number
  readonly rlp: string
  readonly block: JsonObject & { readonly hash: string }
  readonly header: JsonObject
  readonly receipts: readonly (JsonObject & { readonly transactionHash: string })[]
  readonly proofs: readonly {
    readonly hash: string
    readonly transaction: JsonObject & { readonly txProof: JsonValue }
    readonly receipt: {
      readonly transactionReceipt: JsonObject
      readonly receiptProof: JsonValue
    }
  }[]
}

export function recordedBlocks(file: string): readonly RecordedBlock[] {
  return readVectors<RecordedBlock>(file)
}

interface Kept {
  readonly block: Block
  readonly hash: Uint8Array
}

export interface ChainState {
  height: number
  headHash: Uint8Array
  genesisHash: Uint8Array
  membership: Membership
  config: Readonly<Record<string, string>>
}

/** The chain as some of its blocks, with the rest of its state given. */
export class RecordedChain implements BlockStore {
  readonly state: ChainState
  readonly #suite: CryptoSuite
  readonly #blocks = new Map<number, Kept>()
  readonly #commits = new Emitter<BlockCommitted>()

  constructor(file: string | undefined, suite: CryptoSuite, state: ChainState) {
    this.state = state
    this.#suite = suite
    for (const { number, rlp } of file === undefined ? [] : recordedBlocks(file)) {
      this.#blocks.set(number, decodeBlock(fromHex(rlp), suite))
    }
  }

  commitProof(): Uint8Array | undefined {
    return undefined
  }

  /** Adds a block on top and tells listeners, as a commit does. */
  append(block: Block, hash: Uint8Array): void {
    this.state.height = block.header.number
    this.state.headHash = hash
    this.#blocks.set(block.header.number, { block, hash })
    this.#commits.emit({ block, hash })
  }

  height = (): number => this.state.height
  headHash = (): Uint8Array => this.state.headHash
  genesisHash = (): Uint8Array => this.state.genesisHash
  membership = (): Membership => this.state.membership
  hashOf = (number: number): Uint8Array | undefined => this.#blocks.get(number)?.hash
  header = (number: number): BlockHeader | undefined => this.#blocks.get(number)?.block.header
  signatures = (number: number) => this.#blocks.get(number)?.block.signatures ?? []
  block = (number: number): Block | undefined => this.#blocks.get(number)?.block
  encodedBlock = (): undefined => undefined
  nonces = (): readonly string[] => []
  transactionCount = () => ({ blockNumber: this.state.height, total: 3755, failed: 89 })
  codeOf = (): Uint8Array => new Uint8Array(0)
  commit = (): Promise<void> => Promise.reject(new Error('a recording does not grow'))
  onCommit = (listener: (event: BlockCommitted) => void) => this.#commits.on(listener)

  head(): BlockHeader {
    const header = this.header(this.state.height)
    if (header === undefined) throw new Error('the head was not recorded')
    return header
  }

  systemConfig(key: string) {
    const value = this.state.config[key]
    return value === undefined ? undefined : { value, enableNumber: 0 }
  }

  numberOf(hash: string): number | undefined {
    for (const [number, kept] of this.#blocks) if (toHex(kept.hash) === hash) return number
    return undefined
  }

  transaction(hash: string): MinedTransaction | undefined {
    for (const [blockNumber, { block, hash: blockHash }] of this.#blocks) {
      const index = block.transactions.findIndex((one) => one.hashText === hash)
      const transaction = block.transactions[index]
      if (transaction !== undefined) return { transaction, blockNumber, blockHash, index }
    }
    return undefined
  }

  receipt(hash: string): MinedReceipt | undefined {
    const mined = this.transaction(hash)
    if (mined === undefined) return undefined
    const receipt = this.block(mined.blockNumber)?.receipts[mined.index]
    if (receipt === undefined) return undefined
    const sender = mined.transaction.sender(this.#suite) ?? ZERO_ADDRESS
    return { ...mined, receipt, sender }
  }
}

import { fromHex } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/crypto'
import {
  type Block,
  decodeBlock,
  type DecodedBlock,
  encodeBlock,
  genesisHash,
  merkleRoot,
  ZERO_HASH,
} from '@bcos-ts/protocol'
import type { EthereumContracts, NativeContracts } from '@bcos-ts/protocol/ports'
import { createMemoryStorage } from '@bcos-ts/storage-crud'
import { type Chain, openChain } from '../execution.ts'
import { compareRows, type RowComparison } from './compare-rows.ts'
import {
  compareReceipts,
  compareTables,
  type Difference,
  type DifferenceKind,
  differenceOf,
  type FieldDifference,
} from './compare.ts'
import type { RecordedBlock, RecordedStateDiff, Recording } from './recording.ts'

/** The parts a replay runs on: those of the shipping node. */
export interface ReplayComponents {
  readonly suites: { readonly standard: CryptoSuite; readonly guomi: CryptoSuite }
  readonly native: NativeContracts
  readonly ethereum: EthereumContracts
}

export interface ReplayCount {
  readonly equal: number
  readonly different: number
}

export interface ReplayReport {
  readonly folder: string
  readonly blocks: ReplayCount
  readonly receipts: ReplayCount
  /** Rows of the database at the end, with their ids. */
  readonly rows: ReplayCount
  /** The first of each kind. */
  readonly differences: readonly Difference[]
  /** Labels of all transactions whose receipts differ, in order. */
  readonly differentReceipts: readonly string[]
}

/** Called after every block. */
export type ReplayProgress = (progress: {
  readonly block: number
  readonly transactions: number
}) => void

/** Executes a recording from its genesis block by block, and compares everything a block's bytes consist of. */
export async function replay(
  recording: Recording,
  components: ReplayComponents,
  onProgress: ReplayProgress = () => {},
): Promise<ReplayReport> {
  const suite = components.suites[recording.isGuomi ? 'guomi' : 'standard']
  const storage = createMemoryStorage()
  await storage.start()
  const { native, ethereum } = components
  const chain = await openChain({ suite, storage, genesis: recording.genesis, native, ethereum })
  const run = new ReplayRun({ recording, suite, chain, stateDiffs: await recording.stateDiffs() })
  let transactions = 0
  for await (const recorded of recording.blocks()) {
    await run.block(recorded)
    transactions += recorded.transactions.length
    onProgress({ block: recorded.number, transactions })
  }
  const rows = await compareRows(recording.rows(), storage)
  await storage.stop()
  return run.report(rows)
}

class ReplayRun {
  readonly #recording: Recording
  readonly #suite: CryptoSuite
  readonly #chain: Chain
  readonly #stateDiffs: ReadonlyMap<number, RecordedStateDiff>
  readonly #first = new Map<DifferenceKind, Difference>()
  readonly #differentReceipts: string[] = []
  #blocks = { equal: 0, different: 0 }
  #receipts = { equal: 0, different: 0 }

  constructor(init: {
    readonly recording: Recording
    readonly suite: CryptoSuite
    readonly chain: Chain
    readonly stateDiffs: ReadonlyMap<number, RecordedStateDiff>
  }) {
    this.#recording = init.recording
    this.#suite = init.suite
    this.#chain = init.chain
    this.#stateDiffs = init.stateDiffs
  }

  report(rows: RowComparison): ReplayReport {
    const block = this.#chain.store.height()
    if (rows.first !== undefined) this.#note({ kind: 'row', block, fields: [rows.first] })
    return {
      folder: this.#recording.folder,
      blocks: this.#blocks,
      receipts: this.#receipts,
      rows: { equal: rows.equal, different: rows.different },
      differences: [...this.#first.values()],
      differentReceipts: this.#differentReceipts,
    }
  }

  async block(recorded: RecordedBlock): Promise<void> {
    const isEqual = recorded.number === 0 ? this.#genesis(recorded) : await this.#execute(recorded)
    if (isEqual) this.#blocks.equal += 1
    else this.#blocks.different += 1
  }

  #genesis(recorded: RecordedBlock): boolean {
    const ours = genesisHash(this.#recording.genesis, this.#suite)
    const fields = differenceOf('hash', fromHex(recorded.hash), ours)
    return this.#note({ kind: 'genesis hash', block: 0, fields })
  }

  async #execute(recorded: RecordedBlock): Promise<boolean> {
    const rlp = fromHex(recorded.blockRlp)
    const theirs = decodeBlock(rlp, this.#suite)
    const proposal: Block = {
      ...theirs.block,
      header: {
        ...theirs.block.header,
        stateRoot: ZERO_HASH,
        dbHash: ZERO_HASH,
        receiptsRoot: ZERO_HASH,
      },
      receipts: [],
    }
    const executed = this.#chain.executor.execute(proposal)
    const ours: DecodedBlock = {
      block: { ...executed.block, signatures: theirs.block.signatures },
      hash: executed.hash,
    }
    const isStateEqual = this.#stateRoot({ theirs, ours }, executed.tables.hashedTables())
    const isEqual = [
      isStateEqual,
      this.#transactions(recorded, theirs),
      this.#compareReceipts(recorded, theirs, ours),
      this.#headers(recorded, theirs, ours),
      this.#note({
        kind: 'block encoding',
        block: recorded.number,
        fields: differenceOf('blockRlp', rlp, encodeBlock(ours.block, this.#suite)),
      }),
    ].every(Boolean)
    // On the recorded identity: a difference shows where it arises, not in every block after it.
    await this.#chain.store.commit(
      { block: theirs.block, hash: theirs.hash, tables: executed.tables },
      theirs.block.signatures,
    )
    return isEqual
  }

  #transactions(recorded: RecordedBlock, { block }: DecodedBlock): boolean {
    const results = block.transactions.map((transaction, index) => {
      const hash = fromHex(recorded.transactions[index]?.hash ?? '')
      return this.#note({
        kind: 'transaction hash',
        block: recorded.number,
        transaction: index,
        fields: differenceOf('hash', hash, transaction.hash),
      })
    })
    const root = merkleRoot(
      block.transactions.map(({ hash }) => hash),
      this.#suite,
    )
    const fields = differenceOf('transactionsRoot', block.header.transactionsRoot, root)
    results.push(this.#note({ kind: 'transactions root', block: recorded.number, fields }))
    return results.every(Boolean)
  }

  #compareReceipts(recorded: RecordedBlock, theirs: DecodedBlock, ours: DecodedBlock): boolean {
    const before = this.#receipts.different
    for (const [index, receipt] of theirs.block.receipts.entries()) {
      const mine = ours.block.receipts[index]
      const all = mine === undefined ? [MISSING] : compareReceipts(receipt, mine)
      // The root is the block's, and is compared there.
      const fields = all.filter(({ field }) => field !== 'stateRoot')
      const label = recorded.transactions[index]?.label
      const place = {
        block: recorded.number,
        transaction: index,
        ...(label !== undefined && { label }),
      }
      if (this.#note({ kind: 'receipt', ...place, fields })) {
        this.#receipts.equal += 1
        continue
      }
      this.#receipts.different += 1
      this.#differentReceipts.push(`block ${recorded.number}, transaction ${index}: ${label ?? ''}`)
    }
    return this.#receipts.different === before
  }

  #stateRoot(
    { theirs, ours }: { readonly theirs: DecodedBlock; readonly ours: DecodedBlock },
    tables: Parameters<typeof compareTables>[1],
  ): boolean {
    const { header } = theirs.block
    const roots = differenceOf('stateRoot', header.stateRoot, ours.block.header.stateRoot)
    const diff = this.#stateDiffs.get(header.number)
    const rows = roots.length === 0 || diff === undefined ? [] : compareTables(diff, tables)
    return this.#note({ kind: 'state root', block: header.number, fields: [...roots, ...rows] })
  }

  #headers(recorded: RecordedBlock, theirs: DecodedBlock, ours: DecodedBlock): boolean {
    const { header } = theirs.block
    const block = header.number
    const receipts = differenceOf(
      'receiptsRoot',
      header.receiptsRoot,
      ours.block.header.receiptsRoot,
    )
    // What the node said, not what we make of its header: our way of hashing is on trial too.
    const hashes = differenceOf('hash', fromHex(recorded.hash), ours.hash)
    const isRootEqual = this.#note({ kind: 'receipts root', block, fields: receipts })
    return this.#note({ kind: 'block hash', block, fields: hashes }) && isRootEqual
  }

  /** `true` when nothing differs; keeps the first difference of each kind. */
  #note(difference: Difference): boolean {
    if (difference.fields.length === 0) return true
    if (!this.#first.has(difference.kind)) this.#first.set(difference.kind, difference)
    return false
  }
}

const MISSING: FieldDifference = { field: 'receipt', recorded: 'present', ours: 'missing' }

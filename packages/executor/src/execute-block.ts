import { assert } from '@bcos-ts/common'
import {
  type Block,
  type BlockHeader,
  type CryptoSuite,
  hashHeader,
  hashReceipt,
  merkleRoot,
  type Receipt,
  type Transaction,
  ZERO_ADDRESS,
} from '@bcos-ts/protocol'
import type {
  BlockExecutor,
  BlockTrace,
  CallRequest,
  CallResult,
  ChainHead,
  ExecutedBlock,
  TrackedTables,
} from '@bcos-ts/protocol/ports'
import { InvalidBlockError, WrongParentError } from './errors.ts'
import {
  type ExecutableTransaction,
  executeTransaction,
  type UnrootedReceipt,
} from './execute-transaction.ts'
import { openWorld, type WorldComponents, type WorldPlace } from './open-world.ts'
import {
  type BlockRun,
  ParallelExecution,
  type ParallelInit,
} from './parallel/parallel-execution.ts'
import { executeInOrder, traceInOrder } from './serial.ts'

/** What a block executor is made of. */
export interface ExecutorComponents extends WorldComponents {
  readonly chain: ChainHead
  /** Fresh tables on the committed state; the argument is the number of the latest block. */
  readonly openTables: (parentNumber: number) => TrackedTables
  /** Lanes beside the caller's own. Without them blocks are executed in order. */
  readonly parallel?: ParallelInit
}

/** Gas field and price of a read-only call (spec 01 §4.6). */
const CALL_GAS = 0x7fff_ffff_ffff_ffffn
const CALL_GAS_PRICE = 1n

export function createBlockExecutor(components: ExecutorComponents): BlockExecutor {
  return new TableBlockExecutor(components)
}

class TableBlockExecutor implements BlockExecutor {
  readonly #components: ExecutorComponents
  readonly #parallel: ParallelExecution | undefined

  constructor(components: ExecutorComponents) {
    this.#components = components
    const { parallel } = components
    this.#parallel = parallel && new ParallelExecution(parallel, components)
  }

  execute(block: Block): ExecutedBlock {
    const run = this.#prepare(block)
    const receipts = this.#parallel?.execute(run) ?? executeInOrder(run)
    return this.#conclude(block, run.place, receipts)
  }

  trace(block: Block): BlockTrace {
    const run = this.#prepare(block)
    const { receipts, written } = traceInOrder(run)
    return { executed: this.#conclude(block, run.place, receipts), written }
  }

  #prepare(block: Block): BlockRun {
    const { chain, suite } = this.#components
    const parent = chain.head()
    const expected = parent.number + 1
    if (block.header.number !== expected) throw new WrongParentError(expected, block.header.number)
    const calls = block.transactions.map((one) => executableOf(one, suite, expected))
    const place = this.#place(block.header, parent.number)
    return { place, world: openWorld(this.#components, place), calls }
  }

  #conclude(
    block: Block,
    { tables }: WorldPlace<TrackedTables>,
    receipts: readonly UnrootedReceipt[],
  ): ExecutedBlock {
    const { suite } = this.#components
    const stateRoot = tables.stateRoot()
    for (const receipt of receipts) receipt.stateRoot = stateRoot
    const header: BlockHeader = {
      ...block.header,
      stateRoot,
      dbHash: stateRoot,
      receiptsRoot: receiptsRoot(receipts, suite),
    }
    return {
      block: { ...block, header, receipts },
      hash: hashHeader(header, suite),
      tables,
    }
  }

  call(request: CallRequest): CallResult {
    const head = this.#components.chain.head()
    const { status, output } = executeTransaction(
      {
        origin: request.from,
        to: request.to ?? ZERO_ADDRESS,
        value: request.value,
        data: request.data,
        gas: CALL_GAS,
        gasPrice: CALL_GAS_PRICE,
        isSigned: false,
      },
      openWorld(this.#components, this.#place(head, head.number)),
    )
    return { status, output }
  }

  /** `header` is what contracts see, `parentNumber` the block on whose state they run. */
  #place(header: BlockHeader, parentNumber: number): WorldPlace<TrackedTables> {
    const { chain, openTables } = this.#components
    const parentHash = chain.hashOf(parentNumber)
    assert(parentHash !== undefined, 'the latest block has a hash')
    const hashOf = (number: number) => chain.hashOf(number)
    return { header, tables: openTables(parentNumber), parentHash, hashOf }
  }
}

function executableOf(
  transaction: Transaction,
  suite: CryptoSuite,
  blockNumber: number,
): ExecutableTransaction {
  const origin = transaction.sender(suite)
  if (origin === undefined) {
    const reason = `transaction ${transaction.hashText} has no valid signature`
    throw new InvalidBlockError(blockNumber, reason)
  }
  const { to, value, data, gas, gasPrice } = transaction
  return { origin, to, value, data, gas, gasPrice, isSigned: true }
}

export function receiptsRoot(receipts: readonly Receipt[], suite: CryptoSuite): Uint8Array {
  return merkleRoot(
    receipts.map((receipt) => hashReceipt(receipt, suite)),
    suite,
  )
}

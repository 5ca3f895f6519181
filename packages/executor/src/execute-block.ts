import { assert } from '@bcos-ts/common'
import {
  type Block,
  type BlockHeader,
  type CryptoSuite,
  encodeReceipt,
  hashHeader,
  merkleRoot,
  type Receipt,
  type Transaction,
  TX_GAS_LIMIT_DEFAULT,
  ZERO_ADDRESS,
} from '@bcos-ts/protocol'
import type {
  BlockExecutor,
  CallRequest,
  CallResult,
  ChainHead,
  CreateAccountState,
  EthereumContracts,
  ExecutedBlock,
  NativeContracts,
  StateTables,
  VirtualMachine,
} from '@bcos-ts/protocol/ports'
import { committedConfig } from './committed-config.ts'
import { InvalidBlockError, WrongParentError } from './errors.ts'
import { executeTransaction, type UnrootedReceipt } from './execute-transaction.ts'
import { gasCharging } from './gas-charging.ts'
import type { World } from './world.ts'

/** What a block executor is made of. */
export interface ExecutorComponents {
  readonly suite: CryptoSuite
  readonly chain: ChainHead
  /** Fresh tables on the committed state; the argument is the number of the latest block. */
  readonly openTables: (parentNumber: number) => StateTables
  readonly accounts: CreateAccountState
  readonly native: NativeContracts
  readonly ethereum: EthereumContracts
  readonly vm: VirtualMachine
  readonly isFreeStorage: boolean
}

/** Gas field and price of a read-only call (spec 01 §4.6). */
const CALL_GAS = 0x7fff_ffff_ffff_ffffn
const CALL_GAS_PRICE = 1n
const HASHES_SEEN = 256

export function createBlockExecutor(components: ExecutorComponents): BlockExecutor {
  return new SerialExecutor(components)
}

class SerialExecutor implements BlockExecutor {
  readonly #components: ExecutorComponents

  constructor(components: ExecutorComponents) {
    this.#components = components
  }

  execute(block: Block): ExecutedBlock {
    const { chain, suite } = this.#components
    const parent = chain.head()
    const expected = parent.number + 1
    if (block.header.number !== expected) throw new WrongParentError(expected, block.header.number)
    const world = this.#world(block.header, parent.number)
    if (!world.charging.isOn) askForConflicts(block.transactions, world)
    const receipts = block.transactions.map((transaction) => this.#executeOne(transaction, world))
    const stateRoot = world.tables.stateRoot()
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
      tables: world.tables,
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
      this.#world(head, head.number),
    )
    return { status, output }
  }

  #executeOne(transaction: Transaction, world: World): UnrootedReceipt {
    const origin = transaction.sender(this.#components.suite)
    if (origin === undefined) {
      throw new InvalidBlockError(
        world.header.number,
        `transaction ${transaction.hashText} has no valid signature`,
      )
    }
    const { to, value, data, gas, gasPrice } = transaction
    return executeTransaction({ origin, to, value, data, gas, gasPrice, isSigned: true }, world)
  }

  /** `header` is what contracts see, `parentNumber` the block on whose state they run. */
  #world(header: BlockHeader, parentNumber: number): World {
    const { suite, chain, ethereum, vm, isFreeStorage, openTables, accounts, native } =
      this.#components
    const tables = openTables(parentNumber)
    const parentHash = chain.hashOf(parentNumber)
    assert(parentHash !== undefined, 'the latest block has a hash')
    return {
      suite,
      tables,
      accounts: accounts(tables),
      native: native.open({ tables, suite, parentHash, isFreeStorage }),
      ethereum,
      vm,
      header,
      blockHash: (number) =>
        number < header.number - HASHES_SEEN ? undefined : chain.hashOf(number),
      txGasLimit: BigInt(committedConfig(tables, 'tx_gas_limit') ?? TX_GAS_LIMIT_DEFAULT),
      isFreeStorage,
      charging: gasCharging(tables),
    }
  }
}

/**
 * The reference plans parallel execution before it executes, and on the way opens tables: which access lists are in
 * force in the block depends on it (spec 03 §13.1, §14.2). With account gas it does not plan.
 */
function askForConflicts(transactions: readonly Transaction[], { native }: World): void {
  for (const { to, data } of transactions) if (to !== undefined) native.openConflicts(to, data)
}

export function receiptsRoot(receipts: readonly Receipt[], suite: CryptoSuite): Uint8Array {
  return merkleRoot(
    receipts.map((receipt) => suite.hash(encodeReceipt(receipt))),
    suite,
  )
}

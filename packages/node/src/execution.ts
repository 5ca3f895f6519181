import { equalBytes, toHex } from '@bcos-ts/common'
/**
 * The parts that turn a storage into a chain that executes blocks: the same for a running node, a replay, a test.
 * @module
 */
import type { CryptoSuite } from '@bcos-ts/crypto'
import { createInterpreter, tableAccountState } from '@bcos-ts/evm-adapter'
import { createBlockExecutor, type ParallelInit } from '@bcos-ts/executor'
import { createGenesis, openBlockStore, OtherGenesisError } from '@bcos-ts/ledger'
import { type GenesisParameters, genesisHash } from '@bcos-ts/protocol'
import type {
  BlockExecutor,
  BlockStore,
  EthereumContracts,
  NativeContracts,
  TableStorage,
  TrackedTables,
} from '@bcos-ts/protocol/ports'
import { createBlockTables } from '@bcos-ts/storage-crud'

export interface ChainInit {
  readonly suite: CryptoSuite
  /** Started. */
  readonly storage: TableStorage
  readonly genesis: GenesisParameters
  readonly native: NativeContracts
  readonly ethereum: EthereumContracts
  /** Lanes beside the caller's own; without them blocks are executed in order. */
  readonly parallel?: ParallelInit | undefined
}

export interface Chain {
  readonly store: BlockStore
  readonly executor: BlockExecutor
}

/**
 * The chain of a storage; an empty storage gets its genesis block.
 * Throws `LEDGER_OTHER_GENESIS` when the storage holds the chain of another genesis.
 */
export async function openChain(init: ChainInit): Promise<Chain> {
  const { suite, storage, genesis, native, ethereum } = init
  const openTables = (parentNumber: number): TrackedTables =>
    createBlockTables({ storage, parentNumber, hash: suite.hash })
  if (storage.committedBlock() === undefined) {
    await createGenesis(genesis, { storage, suite, openTables })
  }
  const store = openBlockStore({ storage, suite })
  const configured = genesisHash(genesis, suite)
  if (!equalBytes(store.genesisHash(), configured)) {
    throw new OtherGenesisError(toHex(store.genesisHash()), toHex(configured))
  }
  const { isFreeStorage } = genesis
  const executor = createBlockExecutor({
    suite,
    chain: store,
    openTables,
    accounts: tableAccountState(suite.hash),
    native,
    ethereum,
    vm: createInterpreter({ hash: suite.hash, isFreeStorage }),
    isFreeStorage,
    ...(init.parallel !== undefined && { parallel: init.parallel }),
  })
  return { store, executor }
}

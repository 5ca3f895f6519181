/** A chain of one sealer, on a storage of choice, whose blocks are executed and committed without a network. */
import { fromHex } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/crypto'
import { createNodeSuites } from '@bcos-ts/crypto/node'
import type { ParallelInit } from '@bcos-ts/executor'
import { type Chain, chainContracts, openChain } from '@bcos-ts/node'
import {
  type Address,
  type Block,
  GENESIS_DEFAULTS,
  signTransaction,
  type Transaction,
  ZERO_HASH,
} from '@bcos-ts/protocol'
import type { ExecutedBlock, TableStorage } from '@bcos-ts/protocol/ports'

const suites = await createNodeSuites()
const keys = suites.standard.keyPair(new Uint8Array(32).fill(7))
const publicKey = fromHex('11'.repeat(64))

/** Everything but signatures, which cost more than what is measured and are measured elsewhere. */
export const suite: CryptoSuite = {
  ...suites.standard,
  sign: () => new Uint8Array(65).fill(1),
  recover: () => publicKey,
}

export interface BenchChain extends Chain {
  readonly storage: TableStorage
  transaction(to: Address | undefined, data: Uint8Array): Transaction
  /** Executes and commits the next block. */
  mine(transactions: readonly Transaction[]): Promise<ExecutedBlock>
  deploy(code: Uint8Array): Promise<Address>
}

/** The storage must not be started yet. */
export async function benchChain(
  storage: TableStorage,
  parallel?: ParallelInit,
): Promise<BenchChain> {
  await storage.start()
  const genesis = {
    ...GENESIS_DEFAULTS,
    groupId: 1,
    sealers: ['ab'.repeat(64)],
    epochSealerCount: 1,
    txGasLimit: 3_000_000_000,
  }
  const contracts = chainContracts(suites)
  const chain = await openChain({ suite, storage, genesis, parallel, ...contracts })
  let nonce = 2n ** 200n
  const transaction = (to: Address | undefined, data: Uint8Array): Transaction => {
    const fields = {
      nonce: (nonce += 1n),
      gasPrice: 1n,
      gas: 300_000_000n,
      blockLimit: 500n,
      to,
      value: 0n,
      data,
      chainId: 1n,
      groupId: 1n,
      extraData: new Uint8Array(0),
    }
    const signed = signTransaction(fields, keys, suite)
    signed.sender(suite)
    return signed
  }
  const proposal = (transactions: readonly Transaction[]): Block => {
    const head = chain.store.head()
    const header = {
      ...head,
      number: head.number + 1,
      parentHash: chain.store.headHash(),
      transactionsRoot: ZERO_HASH,
      timestamp: head.timestamp + 1n,
      extraData: [],
      sealerList: genesis.sealers,
    }
    return { header, transactions, receipts: [], signatures: [] }
  }
  const mine = async (transactions: readonly Transaction[]): Promise<ExecutedBlock> => {
    const executed = chain.executor.execute(proposal(transactions))
    await chain.store.commit(executed, [])
    return executed
  }
  const deploy = async (code: Uint8Array): Promise<Address> => {
    const { block } = await mine([transaction(undefined, code)])
    return block.receipts[0]?.contractAddress ?? ''
  }
  return { ...chain, storage, transaction, mine, deploy }
}

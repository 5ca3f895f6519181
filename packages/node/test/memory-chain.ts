/** A chain of one sealer in memory, with everything that executes in a running node, mined by hand. */
import { concatBytes, fromHex } from '@bcos-ts/common'
import type { KeyPair } from '@bcos-ts/crypto'
import { createNodeSuites } from '@bcos-ts/crypto/node'
import type { ParallelInit } from '@bcos-ts/executor'
import { type Chain, chainContracts, openChain } from '@bcos-ts/node'
import {
  type Block,
  GENESIS_DEFAULTS,
  type Receipt,
  signTransaction,
  type Transaction,
  ZERO_HASH,
} from '@bcos-ts/protocol'
import type { ExecutedBlock, TableStorage } from '@bcos-ts/protocol/ports'
import { createMemoryStorage } from '@bcos-ts/storage-crud'

const suites = await createNodeSuites()
export const suite = suites.standard

const keys = suite.keyPair(new Uint8Array(32).fill(7))

export interface MemoryChain extends Chain {
  readonly storage: TableStorage
  /** Signed by the chain's own account, unless another is given. */
  transaction(to: string | undefined, data: Uint8Array, signer?: KeyPair): Transaction
  /** The next block with these transactions, not yet executed. */
  proposal(...transactions: readonly Transaction[]): Block
  /** Executes and commits a block. */
  mine(...transactions: readonly Transaction[]): Promise<ExecutedBlock>
  /** The receipt of a transaction in a block of its own. */
  send(to: string | undefined, data: Uint8Array): Promise<Receipt>
}

export interface MemoryChainInit {
  readonly txGasLimit?: number
  readonly storage?: TableStorage
  readonly parallel?: ParallelInit
}

export async function memoryChain({
  txGasLimit = 300_000_000,
  storage = createMemoryStorage(),
  parallel,
}: MemoryChainInit = {}): Promise<MemoryChain> {
  await storage.start()
  const genesis = {
    ...GENESIS_DEFAULTS,
    groupId: 1,
    sealers: ['ab'.repeat(64)],
    epochSealerCount: 1,
    txGasLimit,
  }
  const contracts = chainContracts(suites)
  const chain = await openChain({ suite, storage, genesis, parallel, ...contracts })
  let nonce = 1n
  const transaction = (to: string | undefined, data: Uint8Array, signer = keys): Transaction =>
    signTransaction(
      {
        nonce: (nonce += 1n),
        gasPrice: 1n,
        gas: 1n,
        blockLimit: 500n,
        to,
        value: 0n,
        data,
        chainId: 1n,
        groupId: 1n,
        extraData: new Uint8Array(0),
      },
      signer,
      suite,
    )
  const proposal = (...transactions: readonly Transaction[]): Block => {
    const head = chain.store.head()
    return {
      header: {
        ...head,
        number: head.number + 1,
        parentHash: chain.store.headHash(),
        transactionsRoot: ZERO_HASH,
        timestamp: head.timestamp + 1n,
        extraData: [],
        sealerList: genesis.sealers,
      },
      transactions,
      receipts: [],
      signatures: [],
    }
  }
  const mine = async (...transactions: readonly Transaction[]): Promise<ExecutedBlock> => {
    const executed = chain.executor.execute(proposal(...transactions))
    await chain.store.commit(executed, [])
    return executed
  }
  const send = async (to: string | undefined, data: Uint8Array): Promise<Receipt> => {
    const { block } = await mine(transaction(to, data))
    return block.receipts[0]!
  }
  return { ...chain, storage, transaction, proposal, mine, send }
}

/** Bytes of hexadecimal text; blanks between instructions are for the reader. */
export function assembled(code: string): Uint8Array {
  return fromHex(code.replaceAll(/\s/g, ''))
}

/** Init code that returns the code as it stands. */
export function deployer(code: string): Uint8Array {
  const bytes = assembled(code)
  const size = bytes.length.toString(16).padStart(4, '0')
  return concatBytes(fromHex(`61${size}80600c6000396000f3`), bytes)
}

import { concatBytes, fromHex, systemRandom, toHex, utf8 } from '@bcos-ts/common'
import { createNodeSuites } from '@bcos-ts/crypto/node'
import { chainContracts, openChain } from '@bcos-ts/node'
import {
  type Block,
  GENESIS_DEFAULTS,
  signTransaction,
  type Transaction,
  ZERO_HASH,
} from '@bcos-ts/protocol'
import { createMemoryStorage } from '@bcos-ts/storage-crud'
import { describe, expect, it } from 'vitest'

const suites = await createNodeSuites()
const suite = suites.standard
const keys = suite.keyPair(systemRandom.bytes(32).fill(1, 0, 1))

async function startChain() {
  const storage = createMemoryStorage()
  await storage.start()
  const genesis = {
    ...GENESIS_DEFAULTS,
    groupId: 1,
    sealers: ['ab'.repeat(64)],
    epochSealerCount: 1,
    txGasLimit: Number.MAX_SAFE_INTEGER,
  }
  const chain = await openChain({ suite, storage, genesis, ...chainContracts(suites) })
  let nonce = 1n
  const transaction = (to: string | undefined, data: Uint8Array): Transaction =>
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
      keys,
      suite,
    )
  /** Executes and commits a block of one transaction; its receipt. */
  async function mine(one: Transaction) {
    const head = chain.store.head()
    const block: Block = {
      header: {
        ...head,
        number: head.number + 1,
        parentHash: chain.store.headHash(),
        transactionsRoot: ZERO_HASH,
        timestamp: head.timestamp + 1n,
        extraData: [],
        sealerList: genesis.sealers,
      },
      transactions: [one],
      receipts: [],
      signatures: [],
    }
    const executed = chain.executor.execute(block)
    await chain.store.commit(executed, [])
    return executed.block.receipts[0]!
  }
  return { ...chain, mine, transaction }
}

/** Init code that returns the code as it stands. */
function deployer(code: string): Uint8Array {
  const bytes = fromHex(code.replaceAll(' ', ''))
  const size = bytes.length.toString(16).padStart(4, '0')
  return concatBytes(fromHex(`61${size}80600c6000396000f3`), bytes)
}

describe('calls that nest as deep as they may', () => {
  // Counts its depth in memory: calls itself with all gas, returns 1 + what came back.
  const RECURSE = '6020 6000 6000 6000 6000 30 5a f1 50 6000 51 6001 01 6000 52 6020 6000 f3'

  it('end at depth 1024 and come back, on the stack of an ordinary process', async () => {
    const chain = await startChain()
    const deployed = await chain.mine(chain.transaction(undefined, deployer(RECURSE)))
    expect(deployed.status).toBe(0)
    const receipt = await chain.mine(chain.transaction(deployed.contractAddress, utf8('')))
    expect(receipt.status).toBe(0)
    expect(BigInt(`0x${toHex(receipt.output)}`)).toBe(1025n)
  })

  // CREATE with the own code as init code, again and again.
  const CREATE = '38 6000 6000 39 38 6000 6000 f0 00'

  it('end at depth 1024 for creations as well', async () => {
    const chain = await startChain()
    const receipt = await chain.mine(
      chain.transaction(undefined, fromHex(CREATE.replaceAll(' ', ''))),
    )
    expect(receipt.status).toBe(0)
    const again = await chain.mine(chain.transaction('5002'.padStart(40, '0'), utf8('')))
    expect(again.status).toBe(0)
  })
})

import { concatBytes, systemRandom, to0x } from '@bcos-ts/common'
import { createNodeSuites } from '@bcos-ts/crypto/node'
import { signTransaction, type Transaction } from '@bcos-ts/protocol'
import { encodeAbi, encodeCall, selectorOf } from '@bcos-ts/protocol/abi'
import { accountOf, Contract } from '@bcos-ts/sdk'
import { afterAll, bench, describe } from 'vitest'
import { compileSolidity } from '../src/demo/solidity.ts'
import { startTestChain } from '../test/chain-kit.ts'

const COUNT = 1000
const AT_ONCE = 100
const DAG_TRANSFER = '5002'.padStart(40, '0')
const SOURCE = `
pragma solidity ^0.6.10;
contract HelloWorld { string name; function set(string memory n) public { name = n; } }
`

const { standard: suite } = await createNodeSuites()
const keys = suite.keyPair(systemRandom.bytes(32).fill(1, 0, 1))
const account = accountOf(keys.secretKey, suite)
const chain = await startTestChain()
afterAll(() => chain.dispose(), 60_000)

const { client } = chain.nodes[0]!
const { abi, code } = compileSolidity(SOURCE, 'HelloWorld')
const hello = await Contract.deploy({ client, account, abi }, code)

let nonce = 1n

function transactionsTo(to: string, data: Uint8Array, height: number): readonly Transaction[] {
  return Array.from({ length: COUNT }, () =>
    signTransaction(
      {
        nonce: (nonce += 1n),
        gasPrice: 1n,
        gas: 300_000_000n,
        blockLimit: BigInt(height + 500),
        to,
        value: 0n,
        data,
        chainId: 1n,
        groupId: 1n,
        extraData: new Uint8Array(0),
      },
      keys,
      suite,
    ),
  )
}

/** Sends to all nodes alike, and waits until the last is in a block. */
async function send(transactions: readonly Transaction[]): Promise<void> {
  for (let at = 0; at < transactions.length; at += AT_ONCE) {
    const part = transactions.slice(at, at + AT_ONCE)
    await Promise.all(
      part.map((one, i) =>
        chain.nodes[i % chain.nodes.length]!.client.request('sendRawTransaction', to0x(one.raw)),
      ),
    )
  }
  await Promise.all(transactions.slice(-4).map(({ hash }) => client.waitForReceipt(to0x(hash))))
}

const save = encodeAbi(['string', 'uint256'], ['user', 1n])
const transferCall = concatBytes(selectorOf('userSave(string,uint256)', suite), save)
const setCall = encodeCall(
  abi.find(({ name }) => name === 'set')!,
  ['hello'],
  suite,
)
const OPTIONS = { iterations: 3, time: 0, warmupIterations: 1, warmupTime: 0 }

describe(`${COUNT} transactions through four processes, JSON-RPC, one request each`, () => {
  bench(
    'native transfer',
    async () => send(transactionsTo(DAG_TRANSFER, transferCall, await client.getBlockNumber())),
    OPTIONS,
  )
  bench(
    'HelloWorld.set',
    async () => send(transactionsTo(hello.address, setCall, await client.getBlockNumber())),
    OPTIONS,
  )
  bench(
    `signing them and recovering every sender once for each node (yardstick)`,
    () => {
      for (const transaction of transactionsTo(DAG_TRANSFER, transferCall, 1)) {
        for (let node = 0; node < 4; node++) {
          suite.recover(transaction.signature, transaction.signingHash)
        }
      }
    },
    OPTIONS,
  )
})

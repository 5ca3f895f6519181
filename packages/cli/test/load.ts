import { systemRandom } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { accountOf } from '@bcos-ts/sdk'
import { expect } from 'vitest'
import type { NodeProcess } from '../src/local-chain/node-process.ts'
import { until } from '../src/local-chain/node-process.ts'

export const DAG_TRANSFER = '5002'.padStart(40, '0')
export const account = accountOf(systemRandom.bytes(32), standardSuite)

interface Chain {
  readonly nodes: readonly NodeProcess[]
}

/** Clients that send and wait for receipts until they are stopped; a client whose node is gone tries again. */
export class Load {
  /** Transactions whose receipts were delivered. */
  readonly delivered = new Map<string, number>()
  #isOn = true
  #end: () => void = () => {}
  readonly #ended: Promise<void>
  readonly #clients: Promise<void>[]

  constructor({ nodes }: Chain) {
    this.#ended = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#clients = nodes.map((node) => this.#run(node))
  }

  async #run({ client }: NodeProcess): Promise<void> {
    while (this.#isOn) {
      try {
        const hash = await client.submit(account, { to: DAG_TRANSFER, data: systemRandom.bytes(8) })
        // What only waited in a pool is gone with its node: nobody waits for it after the end.
        const receipt = await Promise.race([client.waitForReceipt(hash), this.#ended])
        if (receipt !== undefined) this.delivered.set(receipt.transactionHash, receipt.blockNumber)
      } catch {
        await new Promise((resolve) => void setTimeout(resolve, 200))
      }
    }
  }

  async stop(): Promise<void> {
    this.#isOn = false
    this.#end()
    await Promise.all(this.#clients)
  }
}

export async function heightOf({ nodes }: Chain, index: number): Promise<number> {
  return (await nodes[index]!.height()) ?? -1
}

export async function allReach({ nodes }: Chain, height: number): Promise<void> {
  await until(`all nodes reach block ${height}`, 60_000, async () => {
    const heights = await Promise.all(nodes.map((node) => node.height()))
    return heights.every((one) => one !== undefined && one >= height)
  })
}

export async function expectEqualBlocks({ nodes }: Chain, height: number): Promise<void> {
  for (let number = 0; number <= height; number++) {
    const hashes = await Promise.all(nodes.map(({ client }) => client.getBlockHashByNumber(number)))
    expect(new Set(hashes).size, `hashes of block ${number}`).toBe(1)
  }
}

/** Applications that send to every node alike, whatever becomes of it. */
import { standardSuite } from '@bcos-ts/crypto'
import {
  type Abi,
  type Account,
  type Client,
  Contract,
  DagTransfer,
  generateAccount,
  Tables,
  type TransactionReceipt,
} from '@bcos-ts/sdk'
import { COUNTER_SOURCE } from '../../src/demo/counter-contract.ts'
import { compileText } from '../../src/solidity/compile.ts'
import type { MixedNetwork } from './network.ts'

/** Users of the native contract, and keys of the table. */
const USERS = 7
const PAUSE_MS = 200
/** Applications of each kind at each node. */
const LANES = 2

type Deed = (client: Client, count: number) => Promise<TransactionReceipt>

export class Load {
  /** Transactions whose receipts were delivered, and the number of the block that each said. */
  readonly delivered = new Map<string, number>()
  readonly #account: Account = generateAccount(standardSuite)
  readonly #network: MixedNetwork
  #isOn = true
  #lanes: Promise<void>[] = []

  private constructor(network: MixedNetwork) {
    this.#network = network
  }

  /** Deploys a contract and makes a table, and begins to use both, and a native contract, through all nodes. */
  static async start(network: MixedNetwork): Promise<Load> {
    const load = new Load(network)
    const deeds = await load.#prepare()
    load.#lanes = network.nodes.flatMap(({ member }) =>
      deeds.flatMap((deed) =>
        Array.from({ length: LANES }, () => load.#run(member.process.client, deed)),
      ),
    )
    return load
  }

  async stop(): Promise<void> {
    this.#isOn = false
    await Promise.all(this.#lanes)
  }

  async #prepare(): Promise<readonly Deed[]> {
    const [first] = this.#network.alive
    if (first === undefined) throw new Error('nobody runs')
    const account = this.#account
    const { client } = first.member.process
    const { abi, code } = compileText(COUNTER_SOURCE, 'Counter')
    const { address } = await Contract.deploy<Abi>({ client, account, abi }, code, ['mixed'])
    const table = `t_mixed_${await client.getBlockNumber()}`
    const { code: made, message } = await new Tables(client, account).create(table, 'k', ['v'])
    if (made !== 0) throw new Error(`no table: ${message}`)
    return [
      async (at, count) =>
        (await new DagTransfer({ client: at, account }).userSave(`u${count % USERS}`, 1)).receipt,
      async (at) =>
        (await new Contract<Abi>(address, { client: at, account, abi }).send('add', 1n)).receipt,
      async (at, count) =>
        (await new Tables(at, account).insert(table, `k${count % USERS}`, { v: `${count}` }))
          .receipt,
    ]
  }

  async #run(client: Client, deed: Deed): Promise<void> {
    let count = 0
    while (this.#isOn) {
      count += 1
      try {
        const { transactionHash, blockNumber } = await deed(client, count)
        this.delivered.set(transactionHash, blockNumber)
      } catch {
        // The node is gone, or just back and not yet ready: the application tries again.
        await new Promise((resolve) => void setTimeout(resolve, PAUSE_MS))
      }
    }
  }
}

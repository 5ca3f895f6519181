/**
 * A chain at work, shown from outside: what `npm start` runs.
 * @module
 */
import { messageOf, systemRandom } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import { type Account, accountOf, Contract, Tables } from '@bcos-ts/sdk'
import { type LocalChain, prepareChain } from '../local-chain/local-chain.ts'
import { type NodeProcess, startNodes, until } from '../local-chain/node-process.ts'
import { compileText } from '../solidity/compile.ts'
import { COUNTER_SOURCE } from './counter-contract.ts'

export interface DemoInit {
  /** Folder of the chain; made when absent, used again when present. */
  readonly folder: string
  /** The built command, which the nodes run. */
  readonly command: string
  /** Ends by itself instead of running until it is told to stop. */
  readonly once: boolean
  readonly print: (line: string) => void
  /** Resolves when the user wants to stop. */
  readonly stopped: Promise<void>
}

const CATCH_UP_TIMEOUT_MS = 60_000
const BLOCKS_WITHOUT = 3

/** Throws when anything does not go as it should; stops the nodes in any case. */
export async function runDemo(init: DemoInit): Promise<void> {
  const chain = await prepareChain(init)
  try {
    await new Demo(init, chain).run()
    if (init.once) return
    init.print('The chain keeps running. Ctrl-C stops it.')
    await init.stopped
    init.print('Stopping …')
  } finally {
    await Promise.all(chain.nodes.map((node) => node.stop()))
  }
}

class Demo {
  readonly #init: DemoInit
  readonly #chain: LocalChain
  readonly #account: Account
  #step = 0

  constructor(init: DemoInit, chain: LocalChain) {
    this.#init = init
    this.#chain = chain
    this.#account = accountOf(systemRandom.bytes(32), standardSuite)
  }

  async run(): Promise<void> {
    await this.#start()
    const contract = await this.#deploy()
    await this.#fillTable()
    await this.#loseOne(contract)
    this.#printEndpoints()
  }

  #say(line: string): void {
    this.#init.print(`   ${line}`)
  }

  #title(line: string): void {
    this.#step += 1
    this.#init.print(`\n${this.#step}. ${line}`)
  }

  async #start(): Promise<void> {
    const { nodes } = this.#chain
    this.#title(`Starting ${nodes.length} nodes`)
    await startNodes(nodes)
    for (const node of nodes) {
      this.#say(
        `${node.name}: process ${node.pid}, block ${await node.height()}, ${nodes.length - 1} peers over TLS`,
      )
    }
  }

  async #deploy(): Promise<Contract> {
    this.#title('Compiling and deploying a Solidity contract')
    const { abi, code } = compileText(COUNTER_SOURCE, 'Counter')
    const { client } = this.#first
    this.#say(`Counter: ${code.length} bytes of code; account 0x${this.#account.address}`)
    const contract = await Contract.deploy({ client, account: this.#account, abi }, code, ['demo'])
    this.#say(`deployed at 0x${contract.address}`)
    const { receipt, values, events } = await contract.send('add', 5n)
    this.#say(
      `add(5) is in block ${receipt.blockNumber}: returned ${String(values[0])}, gas ${receipt.gasUsed}, event ${events[0]?.name ?? 'none'}`,
    )
    const [count] = await contract.call('count')
    this.#say(`count() answers ${String(count)}`)
    await this.#refusal(contract)
    return contract
  }

  async #refusal(contract: Contract): Promise<void> {
    try {
      await contract.send('add', 0n)
    } catch (error) {
      this.#say(`add(0) is refused: ${messageOf(error)}`)
    }
  }

  async #fillTable(): Promise<void> {
    this.#title('Creating and filling a table')
    const tables = new Tables(this.#first.client, this.#account)
    const name = `t_fruit_${await this.#first.client.getBlockNumber()}`
    await tables.create(name, 'name', ['item', 'price'])
    for (const [item, price] of [
      ['a', '3'],
      ['b', '7'],
    ] as const) {
      await tables.insert(name, 'apple', { item, price })
    }
    await tables.update(name, 'apple', { price: '9' }, { item: { eq: 'b' } })
    const rows = await tables.select(name, 'apple', { price: { gt: '5' } })
    this.#say(`${name}: two rows written, one changed; price > 5 gives ${JSON.stringify(rows)}`)
  }

  async #loseOne(contract: Contract): Promise<void> {
    const victim = this.#chain.nodes.at(-1) ?? this.#first
    this.#title(`Killing ${victim.name} with SIGKILL`)
    await victim.kill()
    const before = await this.#first.client.getBlockNumber()
    for (let i = 0; i < BLOCKS_WITHOUT; i++) await contract.send('add', 1n)
    const after = await this.#first.client.getBlockNumber()
    this.#say(`the others went from block ${before} to block ${after} without it`)
    victim.start()
    await until(`${victim.name} catches up`, CATCH_UP_TIMEOUT_MS, async () => {
      return ((await victim.height()) ?? -1) >= after
    })
    const [count] = await new Contract(contract.address, {
      client: victim.client,
      account: this.#account,
      abi: compileText(COUNTER_SOURCE, 'Counter').abi,
    }).call('count')
    this.#say(
      `${victim.name} is back at block ${await victim.height()}; count() there answers ${String(count)}`,
    )
    await this.#compareHashes(after)
  }

  async #compareHashes(number: number): Promise<void> {
    const hashes = await Promise.all(
      this.#chain.nodes.map((node) => node.client.getBlockHashByNumber(number)),
    )
    if (new Set(hashes).size !== 1)
      throw new Error(`the nodes differ at block ${number}: ${hashes.join(', ')}`)
    this.#say(`block ${number} has the same hash on all nodes: ${hashes[0] ?? ''}`)
  }

  #printEndpoints(): void {
    this.#title('Where everything is')
    for (const node of this.#chain.endpoints) {
      this.#say(
        `${node.name}: JSON-RPC http://127.0.0.1:${node.rpc}   Channel 127.0.0.1:${node.channel}   P2P 127.0.0.1:${node.p2p}`,
      )
    }
    this.#say(`certificates for SDKs: ${this.#chain.sdkFolder}`)
    this.#say(`logs: ${this.#chain.folder}/127.0.0.1/node*/log`)
    this.#init.print('')
  }

  get #first(): NodeProcess {
    const [first] = this.#chain.nodes
    if (first === undefined) throw new Error('a chain has nodes')
    return first
  }
}

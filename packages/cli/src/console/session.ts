import type { Clock } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/crypto'
import { type Account, Client, type NativeUser, NodeApi } from '@bcos-ts/sdk'
import type { CompiledContract } from '../solidity/compile.ts'
import { AccountStore, type LoadedAccount } from './account-store.ts'
import type { Connection } from './connection.ts'
import { ContractFolder } from './contract-folder.ts'
import { type ChainGroup, Deployments } from './deployments.ts'
import { ConsoleStateError } from './errors.ts'
import type { Output } from './output.ts'

export interface SessionInit {
  readonly connection: Connection
  readonly groupId: number
  /** File of the account to sign with. */
  readonly account?: string | undefined
  /** Folder of all accounts. */
  readonly accountFolder: string
  /** Folder with contracts. */
  readonly contractFolder: string
  /** Folder of what the console remembers. */
  readonly stateFolder: string
  readonly clock: Clock
  readonly askPassword: (what: string, isNew: boolean) => Promise<string>
  /** Says something beside the result. */
  readonly say: (line: string) => void
  /** Shows something that came by itself; `source` is the command that asked for it. */
  readonly announce: (source: string, output: Output) => void
}

/** What commands work on: a chain, one group of it, an account. Nothing is asked of a node before it is needed. */
export class Session {
  readonly connection: Connection
  readonly contracts: ContractFolder
  readonly deployments: Deployments
  readonly clock: Clock
  /** Names of tables that were used, for completion. */
  readonly tables: Set<string> = new Set()
  readonly #init: SessionInit
  #client: Client
  #store: AccountStore | undefined
  #account: LoadedAccount | undefined
  #genesis: { readonly groupId: number; readonly hash: string } | undefined
  readonly #background = new Map<string, () => void>()
  #interrupt: () => void = () => {}
  #isOver = false

  constructor(init: SessionInit) {
    this.#init = init
    this.connection = init.connection
    this.clock = init.clock
    this.contracts = new ContractFolder(init.contractFolder)
    this.deployments = new Deployments(init.stateFolder)
    this.#client = new Client({ transport: init.connection.transport, groupId: init.groupId })
  }

  /** The current group. */
  get client(): Client {
    return this.#client
  }

  get groupId(): number {
    return this.#client.groupId
  }

  /** Whether the user has asked to leave. */
  get isOver(): boolean {
    return this.#isOver
  }

  leave(): void {
    this.#isOver = true
  }

  say(line: string): void {
    this.#init.say(line)
  }

  announce(source: string, output: Output): void {
    this.#init.announce(source, output)
  }

  /** Waits for something that may never come; {@link interrupt} ends the waiting. */
  async waitFor(arrival: Promise<void>): Promise<void> {
    const interrupted = new Promise<void>((resolve) => {
      this.#interrupt = resolve
    })
    await Promise.race([arrival, interrupted])
  }

  /** What Ctrl-C does while a command runs. */
  interrupt(): void {
    this.#interrupt()
  }

  /** Something that goes on beside the commands that follow. */
  addBackground(what: string, stop: () => void): void {
    this.#background.get(what)?.()
    this.#background.set(what, stop)
  }

  /** Ends all that goes on beside; what it was. */
  endBackground(): readonly string[] {
    const ended = [...this.#background.keys()]
    for (const stop of this.#background.values()) stop()
    this.#background.clear()
    return ended
  }

  /** A JSON-RPC method with the current group as first parameter; the node's answer as it is. */
  async ask(method: string, ...params: readonly unknown[]): Promise<unknown> {
    return this.#client.request(method, ...params)
  }

  /**
   * A node, and what concerns it as a whole: the one that the console is connected to, or that of an address, which
   * is reached in the same way.
   */
  async withNode<T>(endpoint: string | undefined, use: (node: NodeApi) => Promise<T>): Promise<T> {
    if (endpoint === undefined || endpoint === this.connection.endpoint) {
      return use(this.#client.node)
    }
    const { transport } = this.connection.to(endpoint)
    try {
      return await use(new NodeApi({ transport }))
    } finally {
      await transport.close()
    }
  }

  suite(): Promise<CryptoSuite> {
    return this.#client.suite()
  }

  /** A contract by name or path, for the cryptography of the chain. Throws as `ContractFolder.find` does. */
  async findContract(nameOrPath: string, contract?: string): Promise<CompiledContract> {
    const { name: suite } = await this.suite()
    return this.contracts.find(nameOrPath, { contract, suite })
  }

  /** Throws `CONSOLE_STATE` for a group that this node does not serve. */
  async switchGroup(groupId: number): Promise<void> {
    const groups = await this.#client.node.getGroupList()
    if (!groups.includes(groupId)) {
      throw new ConsoleStateError(
        `group ${groupId}`,
        `the node serves the groups ${groups.join(', ') || '(none)'}`,
      )
    }
    this.#client = this.#client.group(groupId)
  }

  async accounts(): Promise<AccountStore> {
    const { accountFolder: folder, askPassword } = this.#init
    this.#store ??= new AccountStore({ folder, suite: await this.suite(), askPassword })
    return this.#store
  }

  /** The account that signs, once one was needed. */
  get currentAccount(): LoadedAccount | undefined {
    return this.#account
  }

  /** The account that signs: the chosen one, else the first of the folder, else a new one. */
  async account(): Promise<Account> {
    if (this.#account !== undefined) return this.#account.account
    const store = await this.accounts()
    const { account: file } = this.#init
    if (file !== undefined) {
      this.useAccount(await store.load(file))
    } else {
      const loaded = await store.loadAny()
      if (loaded.isNew) this.say(`made the account ${loaded.file}`)
      this.useAccount(loaded)
    }
    return this.account()
  }

  /** The current group and the account: what services of native contracts ask for. */
  async user(): Promise<NativeUser> {
    return { client: this.#client, account: await this.account() }
  }

  useAccount(account: LoadedAccount): void {
    this.#account = account
  }

  /** Names the current group for all time. */
  async chainGroup(): Promise<ChainGroup> {
    const { groupId } = this
    if (this.#genesis?.groupId !== groupId) {
      this.#genesis = { groupId, hash: String(await this.ask('getBlockHashByNumber', '0x0')) }
    }
    return { groupId, genesisHash: this.#genesis.hash }
  }

  async close(): Promise<void> {
    this.endBackground()
    await this.#client.close()
  }
}

/** An application that sends whether or not anybody answers, and remembers what was promised to it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isBcosError, systemRandom, bytesToBigInt, to0x } from '@bcos-ts/common'
import { standardSuite } from '@bcos-ts/crypto'
import type { Transaction } from '@bcos-ts/protocol'
import { type Account, generateAccount } from '@bcos-ts/sdk'
import { type Deed, type DeedKind, Deeds } from './deeds.ts'
import { Draw } from './draw.ts'
import type { Victim } from './victim.ts'
import type { Watch } from './watch.ts'

const GAS = 300_000_000n
const NONCE_BYTES = 31
/** Some are not to live long: they may be refused or forgotten, but only when their time is over. */
const LIFETIMES = [30, 500] as const
const SECOND_MS = 1000
const COLLECT_MS = 200
/** Requests that wait for an answer; beyond, the application holds back. */
const OPEN_MAX = 400

/** What became of a transaction, as far as the application knows. */
export interface Sent {
  readonly hash: string
  readonly kind: DeedKind
  /** What it adds to the contract's count. */
  readonly amount: bigint
  readonly blockLimit: number
  readonly node: number
  /** How often the node had been killed when it took the transaction; `undefined`: it did not say that it took it. */
  acceptedAtKills: number | undefined
  receipt: Receipt | undefined
}

/** What a node said of a transaction. */
export interface Receipt {
  readonly blockNumber: number
  readonly blockHash: string
  readonly status: number
}

export interface LoadInit {
  readonly victims: readonly Victim[]
  readonly watch: Watch
  /** Transactions a second. */
  readonly rate: number
  readonly seed: number
}

export class Load {
  readonly sent = new Map<string, Sent>()
  /** With a code that says why. */
  refused = 0
  acknowledged = 0
  readonly deeds: Deeds
  readonly #init: LoadInit
  readonly #account: Account
  readonly #draw: Draw
  #isSending = true
  #isCollecting = true
  #open = 0
  #nextBlock: number
  #loops: readonly Promise<void>[] = []

  private constructor(init: LoadInit, account: Account, deeds: Deeds) {
    this.#init = init
    this.#account = account
    this.deeds = deeds
    this.#draw = new Draw(init.seed, 'load')
    this.#nextBlock = init.watch.highest
  }

  /** Makes a contract, a table and users with money through the first node; then begins. */
  static async start(init: LoadInit): Promise<Load> {
    const [first] = init.victims
    if (first === undefined) throw new Error('there are no nodes')
    const account = generateAccount(standardSuite)
    const load = new Load(init, account, await Deeds.prepare(first.node.client, account))
    load.#loops = [load.#send(), load.#collect()]
    return load
  }

  /** Those of which nothing is known yet. */
  get pending(): number {
    return this.sent.size - this.acknowledged
  }

  /** The last block whose receipts were asked for. */
  get collectedHeight(): number {
    return this.#nextBlock - 1
  }

  /** No more transactions; receipts are still collected. */
  endSending(): void {
    this.#isSending = false
  }

  async stop(): Promise<void> {
    this.#isSending = false
    this.#isCollecting = false
    await Promise.all(this.#loops)
  }

  async #send(): Promise<void> {
    const begunMs = performance.now()
    let count = 0
    while (this.#isSending) {
      count += 1
      const dueMs = begunMs + (count * SECOND_MS) / this.#init.rate
      await sleep(Math.max(0, dueMs - performance.now()))
      if (this.#open < OPEN_MAX) void this.#submit()
    }
    while (this.#open > 0) await sleep(COLLECT_MS)
  }

  async #submit(): Promise<void> {
    this.#open += 1
    const index = this.#draw.below(this.#init.victims.length)
    const { node, kills } = this.#init.victims[index]!
    const deed = this.deeds.next(this.#draw)
    const transaction = this.#sign(deed)
    const sent: Sent = {
      hash: to0x(transaction.hash),
      kind: deed.kind,
      amount: deed.amount,
      blockLimit: Number(transaction.blockLimit),
      node: index,
      acceptedAtKills: undefined,
      receipt: undefined,
    }
    this.sent.set(sent.hash, sent)
    try {
      await node.client.request('sendRawTransaction', to0x(transaction.raw))
      sent.acceptedAtKills = kills
    } catch (error) {
      if (!isBcosError(error)) throw error
      // Away, or slow: whether it has the transaction is not known.
      if (error.code !== 'SDK_NO_CONNECTION') this.refused += 1
    } finally {
      this.#open -= 1
    }
  }

  #sign({ to, data }: Deed): Transaction {
    return this.#account.sign({
      nonce: bytesToBigInt(systemRandom.bytes(NONCE_BYTES)),
      gasPrice: GAS,
      gas: GAS,
      blockLimit: BigInt(this.#init.watch.highest + this.#draw.pick(LIFETIMES)),
      to,
      value: 0n,
      data,
      chainId: 1n,
      groupId: 1n,
      extraData: new Uint8Array(0),
    })
  }

  /** Asks for the receipts of every block the node that has it first. */
  async #collect(): Promise<void> {
    const { victims, watch } = this.#init
    while (this.#isCollecting) {
      const ahead = watch.heights.findIndex((height) => height >= this.#nextBlock)
      const victim = victims[ahead]
      if (victim === undefined) {
        await sleep(COLLECT_MS)
        continue
      }
      try {
        await this.#collectBlock(victim, this.#nextBlock)
        this.#nextBlock += 1
      } catch (error) {
        if (!isBcosError(error)) throw error
        // It is gone in the meantime: another one, or itself later.
        await sleep(COLLECT_MS)
      }
    }
  }

  async #collectBlock({ node: { client } }: Victim, number: number): Promise<void> {
    const { transactions } = await client.getBlockByNumber(number)
    await Promise.all(
      transactions.map(async (hash) => {
        const sent = this.sent.get(hash)
        if (sent === undefined || sent.receipt !== undefined) return
        const receipt = await client.getTransactionReceipt(hash)
        if (receipt === undefined || sent.receipt !== undefined) return
        const { blockNumber, blockHash, status } = receipt
        sent.receipt = { blockNumber, blockHash, status }
        this.acknowledged += 1
      }),
    )
  }
}

import { concatBytes } from '@bcos-ts/common'
/** What the application's transactions do, and what must be true of the sum of them. */
import type { Address } from '@bcos-ts/protocol'
import { type AbiValue, encodeAbi, selectorOf } from '@bcos-ts/protocol/abi'
import {
  type Abi,
  type Account,
  type Client,
  Contract,
  DagTransfer,
  NativeAddress,
  Tables,
} from '@bcos-ts/sdk'
import { COUNTER_SOURCE } from '../../src/demo/counter-contract.ts'
import { compileText } from '../../src/solidity/compile.ts'
import type { Draw } from './draw.ts'

const USERS = 8
const MONEY = 1_000_000_000n
const AMOUNT_MAX = 100
const TABLE = 't_chaos'
/** Rows of one key are kept, and written, together: an hour's rows are spread. */
const KEYS = 500
/** Questions at a time. */
const BATCH = 20
const SIGNATURE_OF_INSERT = 'insert(string,string,string,string)'
const SIGNATURE_OF_TRANSFER = 'userTransfer(string,string,uint256)'

export type DeedKind = 'transfer' | 'contract' | 'table'

export interface Deed {
  readonly kind: DeedKind
  readonly to: Address
  readonly data: Uint8Array
  /** What it adds to the contract's count. */
  readonly amount: bigint
}

/** What the application's contracts say in the end. */
export interface Sums {
  readonly money: bigint
  readonly count: bigint
  readonly rows: number
}

export class Deeds {
  readonly #account: Account
  readonly #contract: Contract
  readonly #abi: Abi
  #made = 0

  private constructor(account: Account, contract: Contract, abi: Abi) {
    this.#account = account
    this.#contract = contract
    this.#abi = abi
  }

  static async prepare(client: Client, account: Account): Promise<Deeds> {
    const { abi, code } = compileText(COUNTER_SOURCE, 'Counter')
    const contract = await Contract.deploy<Abi>({ client, account, abi }, code, ['chaos'])
    const { code: made, message } = await new Tables(client, account).create(TABLE, 'k', ['v'])
    if (made !== 0) throw new Error(`no table: ${message}`)
    const users = new DagTransfer({ client, account })
    await Promise.all(userNames().map((name) => users.userAdd(name, MONEY)))
    return new Deeds(account, contract, abi)
  }

  /** What there must be of money at any time. */
  static readonly money: bigint = MONEY * BigInt(USERS)

  next(draw: Draw): Deed {
    this.#made += 1
    const amount = BigInt(1 + draw.below(AMOUNT_MAX))
    switch (draw.below(3)) {
      case 0:
        return { kind: 'transfer', to: NativeAddress.dagTransfer, ...this.#transfer(draw, amount) }
      case 1: {
        const data = this.#call('add(uint256)', ['uint256'], [amount])
        return { kind: 'contract', to: this.#contract.address, data, amount }
      }
      default: {
        const row = JSON.stringify({ v: String(this.#made) })
        const values = [TABLE, `k${draw.below(KEYS)}`, row, '']
        const types = ['string', 'string', 'string', 'string']
        const data = this.#call(SIGNATURE_OF_INSERT, types, values)
        return { kind: 'table', to: NativeAddress.crud, data, amount: 0n }
      }
    }
  }

  async sums(client: Client): Promise<Sums> {
    const account = this.#account
    const users = new DagTransfer({ client, account })
    const balances = await Promise.all(userNames().map((name) => users.userBalance(name)))
    const contract = new Contract(this.#contract.address, { client, account, abi: this.#abi })
    const [count] = Object.values(Object(await contract.call('count')))
    const tables = new Tables(client, account)
    let rows = 0
    for (let first = 0; first < KEYS; first += BATCH) {
      const keys = Array.from({ length: BATCH }, (_, index) => `k${first + index}`)
      const found = await Promise.all(keys.map((key) => tables.select(TABLE, key)))
      rows += found.flat().length
    }
    return {
      money: balances.reduce<bigint>((sum, balance) => sum + (balance ?? 0n), 0n),
      count: BigInt(String(count)),
      rows,
    }
  }

  #transfer(draw: Draw, amount: bigint): Pick<Deed, 'data' | 'amount'> {
    const [from = '', to = ''] = draw.some(userNames(), 2)
    const types = ['string', 'string', 'uint256']
    return { data: this.#call(SIGNATURE_OF_TRANSFER, types, [from, to, amount]), amount: 0n }
  }

  #call(signature: string, types: readonly string[], values: readonly AbiValue[]): Uint8Array {
    return concatBytes(selectorOf(signature, this.#account.suite), encodeAbi(types, values))
  }
}

function userNames(): readonly string[] {
  return Array.from({ length: USERS }, (_, index) => `user${index}`)
}

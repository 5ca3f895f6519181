import { concatBytes } from '@bcos-ts/common'
import { type Address, statusMessage } from '@bcos-ts/protocol'
import {
  type AbiItem,
  type AbiValue,
  type DecodedAbiValue,
  decodeErrorText,
  decodeEvent,
  type DecodedEvent,
  decodeResult,
  encodeAbi,
  encodeCall,
} from '@bcos-ts/protocol/abi'
import type { Account } from './account.ts'
import type { Client, TransactionReceipt } from './client.ts'
import { TransactionFailedError, UnknownFunctionError } from './errors.ts'

export interface ContractInit {
  readonly client: Client
  readonly account: Account
  readonly abi: readonly AbiItem[]
}

/** What a transaction to a contract did. */
export interface ContractResult {
  readonly receipt: TransactionReceipt
  readonly values: readonly DecodedAbiValue[]
  readonly events: readonly DecodedEvent[]
}

/** A deployed contract. */
export class Contract {
  readonly address: Address
  readonly #init: ContractInit

  constructor(address: Address, init: ContractInit) {
    this.address = address
    this.#init = init
  }

  /** Deploys byte code with its constructor's arguments. */
  static async deploy(
    init: ContractInit,
    code: Uint8Array,
    args: readonly AbiValue[] = [],
  ): Promise<Contract> {
    const constructor = init.abi.find(({ type }) => type === 'constructor')
    const data = concatBytes(code, encodeAbi(constructor?.inputs ?? [], args))
    const receipt = await init.client.send(init.account, { data })
    return new Contract(receipt.contractAddress.replace(/^0x/, ''), init)
  }

  /** Sends a transaction and waits for its receipt. Throws as `Client.send` does. */
  async send(name: string, ...args: readonly AbiValue[]): Promise<ContractResult> {
    const { client, account, abi } = this.#init
    const item = this.#function(name)
    const data = encodeCall(item, args, account.suite)
    const receipt = await client.send(account, { to: this.address, data })
    const events = receipt.logs.flatMap((log) => decodeEvent(abi, log, account.suite) ?? [])
    return { receipt, values: decodeResult(item, receipt.output), events }
  }

  /** Calls without a transaction. */
  async call(name: string, ...args: readonly AbiValue[]): Promise<readonly DecodedAbiValue[]> {
    const { client, account } = this.#init
    const item = this.#function(name)
    const data = encodeCall(item, args, account.suite)
    const { status, output } = await client.call(account.address, this.address, data)
    if (status === 0) return decodeResult(item, output)
    const reason = decodeErrorText(output, account.suite) ?? statusMessage(status)
    throw new TransactionFailedError('(call)', status, reason)
  }

  #function(name: string): AbiItem {
    const functions = this.#init.abi.filter(({ type }) => type === 'function')
    const found = functions.find((item) => item.name === name)
    if (found === undefined) {
      throw new UnknownFunctionError(
        name,
        functions.map((item) => item.name ?? ''),
      )
    }
    return found
  }
}

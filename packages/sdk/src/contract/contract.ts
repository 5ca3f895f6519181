import { concatBytes, fromHex, to0x, utf8 } from '@bcos-ts/common'
import type { Address, CryptoSuite } from '@bcos-ts/protocol'
import {
  type AbiItem,
  decodeEvent,
  decodeResult,
  encodeAbi,
  encodeCall,
  signatureOf,
} from '@bcos-ts/protocol/abi'
import type { Account } from '../account.ts'
import type { Client } from '../client/client.ts'
import { bareAddress } from '../client/hex.ts'
import type { ReceiptLog, TransactionReceipt } from '../receipt.ts'
import type { EventLog, WatchedLogs } from '../subscriptions/log-filter.ts'
import type { Subscription, WatchOptions } from '../subscriptions/subscription.ts'
import type {
  Abi,
  AbiArgument,
  ConstructorArguments,
  EventArguments,
  EventName,
  FunctionArguments,
  FunctionName,
  FunctionResults,
} from './abi-types.ts'
import { eventNamed, functionNamed } from './find-item.ts'
import { toAbiValues } from './values.ts'

export interface ContractInit<TAbi extends Abi = Abi> {
  readonly client: Client
  readonly account: Account
  readonly abi: TAbi
}

/** An event that a contract recorded. */
export interface ContractEvent<TAbi extends Abi = Abi, TName extends string = string> {
  readonly name: TName
  /** By name. Of an indexed value without a fixed size only the hash is there, as `0x` text. */
  readonly args: EventArguments<TAbi, TName>
}

/** An event with its place in the chain. */
export interface WatchedEvent<
  TAbi extends Abi = Abi,
  TName extends string = string,
> extends ContractEvent<TAbi, TName> {
  readonly log: EventLog
}

/** What a transaction to a contract did. */
export interface ContractResult<TAbi extends Abi = Abi, TName extends string = string> {
  readonly receipt: TransactionReceipt
  /** What the function returned. */
  readonly values: FunctionResults<TAbi, TName>
  /** Events that this ABI knows. */
  readonly events: readonly ContractEvent<TAbi, EventName<TAbi>>[]
}

export interface ContractEventsOptions extends WatchOptions, Pick<WatchedLogs, 'from' | 'to'> {
  /** Bounds of indexed values, in their order, each a topic of 32 bytes as `0x` text, several, or `null` for any. */
  readonly topics?: readonly (string | readonly string[] | null)[]
}

/**
 * A deployed contract. With an ABI that is written `as const`, names, arguments and results are checked by the
 * compiler.
 */
export class Contract<const TAbi extends Abi = Abi> {
  /** 40 digits without `0x`. */
  readonly address: Address
  readonly #init: ContractInit<TAbi>

  constructor(address: Address, init: ContractInit<TAbi>) {
    this.address = bareAddress(address)
    this.#init = init
  }

  /** Deploys byte code, bytes or hex text, with its constructor's arguments. Throws as `Client.send` does. */
  static async deploy<const TAbi extends Abi>(
    init: ContractInit<TAbi>,
    code: Uint8Array | string,
    args?: ConstructorArguments<TAbi>,
  ): Promise<Contract<TAbi>> {
    const constructor = init.abi.find(({ type }) => type === 'constructor')
    const inputs = constructor?.inputs ?? []
    const data = concatBytes(
      typeof code === 'string' ? fromHex(code) : code,
      encodeAbi(inputs, toAbiValues(inputs, listOf(args))),
    )
    const receipt = await init.client.send(init.account, { data })
    return new Contract(receipt.contractAddress, init)
  }

  /** The same contract, used by another account. */
  as(account: Account): Contract<TAbi> {
    return new Contract(this.address, { ...this.#init, account })
  }

  /** Sends a transaction and waits for its receipt. Throws as `Client.send` does. */
  async send<TName extends FunctionName<TAbi>>(
    name: TName,
    ...args: FunctionArguments<TAbi, TName>
  ): Promise<ContractResult<TAbi, TName>> {
    const { client, account } = this.#init
    const { item, data } = this.#encode(name, listOf(args))
    const receipt = await client.send(account, { to: this.address, data })
    return {
      receipt,
      values: resultsOf<FunctionResults<TAbi, TName>>(decodeResult(item, receipt.output)),
      events: this.decodeEvents(receipt.logs),
    }
  }

  /** As {@link send}, but the receipt of a failure is an answer like any other. */
  transact<TName extends FunctionName<TAbi>>(
    name: TName,
    ...args: FunctionArguments<TAbi, TName>
  ): Promise<TransactionReceipt> {
    const { client, account } = this.#init
    const { data } = this.#encode(name, listOf(args))
    return client.transact(account, { to: this.address, data })
  }

  /** Calls without a transaction; what the function returns, as a list. Throws `SDK_CALL_FAILED`. */
  async call<TName extends FunctionName<TAbi>>(
    name: TName,
    ...args: FunctionArguments<TAbi, TName>
  ): Promise<FunctionResults<TAbi, TName>> {
    const { client, account } = this.#init
    const { item, data } = this.#encode(name, listOf(args))
    const output = await client.read(account.address, this.address, data)
    return resultsOf<FunctionResults<TAbi, TName>>(decodeResult(item, output))
  }

  /** The events of the ABI among logs. */
  decodeEvents(logs: readonly ReceiptLog[]): ContractEvent<TAbi, EventName<TAbi>>[] {
    return logs.flatMap((log) => this.#decode<EventName<TAbi>>(log) ?? [])
  }

  /** Hears one kind of event of this contract, in order, each once. A listener that returns a promise is waited for. */
  events<TName extends EventName<TAbi>>(
    name: TName,
    listener: (event: WatchedEvent<TAbi, TName>) => void | Promise<void>,
    { topics = [], from, to, onError }: ContractEventsOptions = {},
  ): Subscription {
    const { abi, account, client } = this.#init
    const first = topicOf(eventNamed(abi, name), account.suite)
    return client.watchEvents(
      {
        addresses: [this.address],
        topics: [first, ...topics],
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      },
      async (logs) => {
        for (const log of logs) {
          const event = this.#decode<TName>(log)
          if (event !== undefined) await listener({ ...event, log })
        }
      },
      { ...(onError !== undefined && { onError }) },
    )
  }

  #encode(name: string, args: readonly AbiArgument[]): { item: AbiItem; data: Uint8Array } {
    const { abi, account } = this.#init
    const item = functionNamed(abi, name, args.length)
    return { item, data: encodeCall(item, toAbiValues(item.inputs ?? [], args), account.suite) }
  }

  #decode<TName extends string>(log: ReceiptLog): ContractEvent<TAbi, TName> | undefined {
    const { abi, account } = this.#init
    const event = decodeEvent(abi, log, account.suite)
    if (event === undefined) return undefined
    const args = Object.fromEntries(event.values.map(({ name, value }) => [name, value]))
    return eventOf<ContractEvent<TAbi, TName>>({ name: event.name, args })
  }
}

/** The first topic of an event. */
function topicOf(item: AbiItem, suite: CryptoSuite): string {
  return to0x(suite.hash(utf8(signatureOf(item))))
}

function listOf(args: unknown): readonly AbiArgument[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- arguments of any ABI are a list of arguments
  return (args ?? []) as readonly AbiArgument[]
}

function resultsOf<T>(values: unknown): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the codec gives what the ABI says
  return values as T
}

function eventOf<T>(event: unknown): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the codec gives what the ABI says
  return event as T
}

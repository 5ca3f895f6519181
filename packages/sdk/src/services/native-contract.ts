import { concatBytes } from '@bcos-ts/common'
import { type Address, resultCodeMessage } from '@bcos-ts/protocol'
import {
  type AbiValue,
  decodeAbi,
  type DecodedAbiValue,
  encodeAbi,
  selectorOf,
} from '@bcos-ts/protocol/abi'
import type { Account } from '../account.ts'
import type { Client } from '../client/client.ts'
import { codeOf } from '../client/failure.ts'
import { InvalidAnswerError } from '../errors.ts'
import type { TransactionReceipt } from '../receipt.ts'

/** Contracts that are part of every chain; the sample of 0x5001 only of some. */
export type NativeContractName =
  | 'systemConfig'
  | 'tableFactory'
  | 'crud'
  | 'consensus'
  | 'cns'
  | 'permission'
  | 'parallelConfig'
  | 'contractLifeCycle'
  | 'chainGovernance'
  | 'gasChargeManage'
  | 'kvTableFactory'
  | 'helloWorld'
  | 'dagTransfer'
  | 'crypto'

/** Addresses of the contracts that every node has (spec 03 §1). */
export const NativeAddress: Readonly<Record<NativeContractName, Address>> = {
  systemConfig: address(0x1000),
  tableFactory: address(0x1001),
  crud: address(0x1002),
  consensus: address(0x1003),
  cns: address(0x1004),
  permission: address(0x1005),
  parallelConfig: address(0x1006),
  contractLifeCycle: address(0x1007),
  chainGovernance: address(0x1008),
  gasChargeManage: address(0x1009),
  kvTableFactory: address(0x1010),
  helloWorld: address(0x5001),
  dagTransfer: address(0x5002),
  crypto: address(0x5006),
}

function address(number: number): Address {
  return number.toString(16).padStart(40, '0')
}

/** What a transaction to a native contract did. */
export interface NativeResult {
  readonly receipt: TransactionReceipt
  /** Rows that changed, or 0; negative when the contract refused: see `ResultCode` of `@bcos-ts/protocol`. */
  readonly code: number
  /** What the code says; `success` for 0 and above. */
  readonly message: string
}

/** A function call by its signature, such as `insert(string,string)`. */
export interface NativeCall {
  readonly signature: string
  readonly values: readonly AbiValue[]
  /** Types of what the function returns. */
  readonly outputs?: readonly string[]
}

/** Whoever uses native contracts: where, and as whom. */
export interface NativeUser {
  readonly client: Client
  readonly account: Account
}

/** Calls to one native contract. A refusal is a result with a code; anything else that fails throws. */
export class NativeContract {
  readonly client: Client
  readonly account: Account
  readonly address: Address

  constructor({ client, account }: NativeUser, at: Address) {
    this.client = client
    this.account = account
    this.address = at
  }

  /** Throws as `Client.send` does. */
  async write(call: NativeCall): Promise<NativeResult> {
    const { receipt, code, message } = await this.writeAndDecode(call)
    return { receipt, code, message }
  }

  /** As {@link write}, with what the function returned. */
  async writeAndDecode(
    call: NativeCall,
  ): Promise<NativeResult & { readonly values: readonly DecodedAbiValue[] }> {
    const data = this.#encode(call)
    const receipt = await this.client.send(this.account, { to: this.address, data })
    const code = codeOf(receipt.output) ?? 0
    const values =
      call.outputs === undefined || receipt.output.length === 0
        ? []
        : decodeAbi(call.outputs, receipt.output)
    return { receipt, code, message: resultCodeMessage(code), values }
  }

  /** What a function returns. Throws as `Client.read` does. */
  async read(call: NativeCall): Promise<readonly DecodedAbiValue[]> {
    return decodeAbi(call.outputs ?? [], await this.readOutput(call))
  }

  /** The bytes that a function returns. */
  readOutput(call: NativeCall): Promise<Uint8Array> {
    return this.client.read(this.account.address, this.address, this.#encode(call))
  }

  /** A JSON text that a function returns, parsed. */
  async readJson(call: Omit<NativeCall, 'outputs'>): Promise<unknown> {
    const [text] = await this.read({ ...call, outputs: ['string'] })
    try {
      const value: unknown = JSON.parse(String(text))
      return value
    } catch (error) {
      throw new InvalidAnswerError(call.signature, 'JSON is expected', error)
    }
  }

  #encode({ signature, values }: NativeCall): Uint8Array {
    const types = typesOf(signature)
    return concatBytes(selectorOf(signature, this.account.suite), encodeAbi(types, values))
  }
}

function typesOf(signature: string): string[] {
  const inner = signature.slice(signature.indexOf('(') + 1, -1)
  return inner === '' ? [] : inner.split(',')
}

/**
 * Contracts of the reference that serve as samples and for measuring.
 * @module
 */
import {
  NativeAddress,
  NativeContract,
  type NativeResult,
  type NativeUser,
} from './native-contract.ts'

/** Balances that transactions of one block change beside each other: `DagTransfer` (spec 03 §3.14). */
export class DagTransfer {
  readonly #contract: NativeContract

  constructor(user: NativeUser) {
    this.#contract = new NativeContract(user, NativeAddress.dagTransfer)
  }

  /** Codes: -51400 no name, -51403 exists. */
  userAdd(user: string, balance: bigint | number): Promise<NativeResult> {
    return this.#contract.write({ signature: 'userAdd(string,uint256)', values: [user, balance] })
  }

  /** Makes the user when there is none. Codes: -51400, -51401 zero, -51405 too large. */
  userSave(user: string, amount: bigint | number): Promise<NativeResult> {
    return this.#contract.write({ signature: 'userSave(string,uint256)', values: [user, amount] })
  }

  /** Codes: -51400, -51401, -51402 no such user, -51404 too little. */
  userDraw(user: string, amount: bigint | number): Promise<NativeResult> {
    return this.#contract.write({ signature: 'userDraw(string,uint256)', values: [user, amount] })
  }

  /** Codes: as {@link userDraw}, -51405. */
  userTransfer(from: string, to: string, amount: bigint | number): Promise<NativeResult> {
    return this.#contract.write({
      signature: 'userTransfer(string,string,uint256)',
      values: [from, to, amount],
    })
  }

  /** `undefined` when there is no such user. */
  async userBalance(user: string): Promise<bigint | undefined> {
    const [code, balance] = await this.#contract.read({
      signature: 'userBalance(string)',
      values: [user],
      outputs: ['uint256', 'uint256'],
    })
    return code === 0n && typeof balance === 'bigint' ? balance : undefined
  }
}

/** A text that all share: `HelloWorld`, on nodes that have it (spec 03 §3.15). */
export class HelloWorld {
  readonly #contract: NativeContract

  constructor(user: NativeUser) {
    this.#contract = new NativeContract(user, NativeAddress.helloWorld)
  }

  async get(): Promise<string> {
    const [text] = await this.#contract.read({
      signature: 'get()',
      values: [],
      outputs: ['string'],
    })
    return String(text)
  }

  set(text: string): Promise<NativeResult> {
    return this.#contract.write({ signature: 'set(string)', values: [text] })
  }
}

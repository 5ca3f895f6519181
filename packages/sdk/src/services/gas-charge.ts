import type { Address } from '@bcos-ts/protocol'
import { address0x } from '../client/hex.ts'
import {
  NativeAddress,
  NativeContract,
  type NativeResult,
  type NativeUser,
} from './native-contract.ts'

/** What was done to the gas of an account. */
export interface GasChargeResult extends NativeResult {
  /** Gas that the account has now; 0 when the contract refused. */
  readonly remainGas: bigint
}

/**
 * Gas of accounts: `GasChargeManage` (spec 03 §3.10). Codes: -52009 a contract, -52011 frozen, -53000 to -53007.
 */
export class GasCharge {
  readonly #contract: NativeContract

  constructor(user: NativeUser) {
    this.#contract = new NativeContract(user, NativeAddress.gasChargeManage)
  }

  charge(account: Address, gas: bigint | number): Promise<GasChargeResult> {
    return this.#change('charge(address,uint256)', account, gas)
  }

  deduct(account: Address, gas: bigint | number): Promise<GasChargeResult> {
    return this.#change('deduct(address,uint256)', account, gas)
  }

  /** `undefined` when the chain does not know the account, or it is a contract or frozen. */
  async queryRemainGas(account: Address): Promise<bigint | undefined> {
    const [code, gas] = await this.#contract.read({
      signature: 'queryRemainGas(address)',
      values: [address0x(account)],
      outputs: ['int256', 'uint256'],
    })
    return code === 0n && typeof gas === 'bigint' ? gas : undefined
  }

  /** Takes effect with the next block. */
  grantCharger(account: Address): Promise<NativeResult> {
    const values = [address0x(account)]
    return this.#contract.write({ signature: 'grantCharger(address)', values })
  }

  revokeCharger(account: Address): Promise<NativeResult> {
    const values = [address0x(account)]
    return this.#contract.write({ signature: 'revokeCharger(address)', values })
  }

  /** `0x` text. */
  async listChargers(): Promise<readonly string[]> {
    const [chargers] = await this.#contract.read({
      signature: 'listChargers()',
      values: [],
      outputs: ['address[]'],
    })
    return Array.isArray(chargers) ? chargers.map(String) : []
  }

  async #change(
    signature: string,
    account: Address,
    gas: bigint | number,
  ): Promise<GasChargeResult> {
    const { values, ...result } = await this.#contract.writeAndDecode({
      signature,
      values: [address0x(account), gas],
      outputs: ['int256', 'uint256'],
    })
    const remainGas = values[1]
    return { ...result, remainGas: typeof remainGas === 'bigint' ? remainGas : 0n }
  }
}

import type { Address } from '@bcos-ts/protocol'
import { address0x } from '../client/hex.ts'
import {
  NativeAddress,
  NativeContract,
  type NativeResult,
  type NativeUser,
} from './native-contract.ts'

/** Which functions of a contract may run beside each other: `ParallelConfig` (spec 03 §3.7). */
export class ParallelConfig {
  readonly #contract: NativeContract

  constructor(user: NativeUser) {
    this.#contract = new NativeContract(user, NativeAddress.parallelConfig)
  }

  /** The first `criticalSize` arguments tell what a call touches. Counts from the next block on. */
  registerParallelFunction(
    contract: Address,
    signature: string,
    criticalSize: number,
  ): Promise<NativeResult> {
    return this.#contract.write({
      signature: 'registerParallelFunctionInternal(address,string,uint256)',
      values: [address0x(contract), signature, criticalSize],
    })
  }

  unregisterParallelFunction(contract: Address, signature: string): Promise<NativeResult> {
    return this.#contract.write({
      signature: 'unregisterParallelFunctionInternal(address,string)',
      values: [address0x(contract), signature],
    })
  }
}

import type { Address } from '@bcos-ts/protocol'
import { address0x } from '../client/hex.ts'
import {
  NativeAddress,
  NativeContract,
  type NativeResult,
  type NativeUser,
} from './native-contract.ts'

export type ContractState = 'available' | 'frozen' | 'nonexistent' | 'notContract'

export interface ContractStatus {
  readonly state: ContractState
  /** The node's sentence. */
  readonly text: string
}

/** Words of the sentences that tell the states apart (spec 03 §3.8). */
const WORDS: readonly (readonly [string, ContractState])[] = [
  ['frozen', 'frozen'],
  ['nonexistent', 'nonexistent'],
  ['not a contract', 'notContract'],
]

/**
 * Freezing of contracts: `ContractLifeCycle` (spec 03 §3.8). Codes: -51900 frozen already, -51901 not frozen, -51902
 * manager already, -51903 no contract, -51904 nothing there, -51905 not a manager, -51906, -51907 the last manager.
 */
export class ContractLifeCycle {
  readonly #contract: NativeContract

  constructor(user: NativeUser) {
    this.#contract = new NativeContract(user, NativeAddress.contractLifeCycle)
  }

  freeze(contract: Address): Promise<NativeResult> {
    return this.#contract.write({ signature: 'freeze(address)', values: [address0x(contract)] })
  }

  unfreeze(contract: Address): Promise<NativeResult> {
    return this.#contract.write({ signature: 'unfreeze(address)', values: [address0x(contract)] })
  }

  grantManager(contract: Address, account: Address): Promise<NativeResult> {
    const values = [address0x(contract), address0x(account)]
    return this.#contract.write({ signature: 'grantManager(address,address)', values })
  }

  revokeManager(contract: Address, account: Address): Promise<NativeResult> {
    const values = [address0x(contract), address0x(account)]
    return this.#contract.write({ signature: 'revokeManager(address,address)', values })
  }

  async getStatus(contract: Address): Promise<ContractStatus> {
    const [, sentence] = await this.#contract.read({
      signature: 'getStatus(address)',
      values: [address0x(contract)],
      outputs: ['int256', 'string'],
    })
    const text = String(sentence)
    return { state: WORDS.find(([word]) => text.includes(word))?.[1] ?? 'available', text }
  }

  /** `0x` text; empty when nothing, or no contract, is there. */
  async listManager(contract: Address): Promise<readonly string[]> {
    const [, managers] = await this.#contract.read({
      signature: 'listManager(address)',
      values: [address0x(contract)],
      outputs: ['int256', 'address[]'],
    })
    return Array.isArray(managers) ? managers.map(String) : []
  }
}

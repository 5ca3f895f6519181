import {
  NativeAddress,
  NativeContract,
  type NativeResult,
  type NativeUser,
} from './native-contract.ts'

/** Parameters of a group (spec 03 §12). */
export type SystemConfigKey =
  | 'tx_count_limit'
  | 'tx_gas_limit'
  | 'rpbft_epoch_sealer_num'
  | 'rpbft_epoch_block_num'
  | 'consensus_timeout'
  | 'enable_charge_mgr'

/** Parameters of a group: `SystemConfig` (spec 03 §3.1). Values are read with `client.getSystemConfigByKey`. */
export class SystemConfig {
  readonly #contract: NativeContract

  constructor(user: NativeUser) {
    this.#contract = new NativeContract(user, NativeAddress.systemConfig)
  }

  /** Codes: -50000 no permission, -51300 no such parameter or a value out of its range. */
  setValueByKey(key: SystemConfigKey | (string & {}), value: string): Promise<NativeResult> {
    return this.#contract.write({ signature: 'setValueByKey(string,string)', values: [key, value] })
  }

  /** The value as it was set; empty when it never was. */
  getValueByKey(key: SystemConfigKey | (string & {})): Promise<string> {
    return this.#contract.client.getSystemConfigByKey(key)
  }
}

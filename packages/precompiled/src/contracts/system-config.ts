/**
 * SystemConfig 0x1000 (spec 03 §3.1): parameters that all nodes of a chain share.
 * @module
 */
import type { ByteText } from '@bcos-ts/common'
import { ResultCode, SystemTableName } from '@bcos-ts/protocol'
import type { StateTables, Writer } from '@bcos-ts/protocol/ports'
import { native, type NativeContract, type NativeFrame } from '../framework/declaration.ts'
import { parseSigned } from '../numbers.ts'
import { lowerCase } from '../text.ts'
import { newRow, putRow, systemTable } from './rows.ts'

/** Keys of the table `_sys_config_`; the last two cannot be set from outside. */
export const ConfigKey = {
  txCountLimit: 'tx_count_limit',
  txGasLimit: 'tx_gas_limit',
  rpbftEpochSealerNum: 'rpbft_epoch_sealer_num',
  rpbftEpochBlockNum: 'rpbft_epoch_block_num',
  consensusTimeout: 'consensus_timeout',
  enableChargeManager: 'enable_charge_mgr',
  notifyRotate: 'notify_rotate',
  chargerList: 'charger_list',
} as const

/** Accepted numbers, `below` excluded. */
const RANGES: Readonly<Record<string, { readonly from: bigint; readonly below?: bigint }>> = {
  [ConfigKey.txCountLimit]: { from: 1n },
  [ConfigKey.txGasLimit]: { from: 100_000n },
  [ConfigKey.rpbftEpochSealerNum]: { from: 1n },
  [ConfigKey.rpbftEpochBlockNum]: { from: 2n },
  // Seconds, whose milliseconds fit in 32 bits.
  [ConfigKey.consensusTimeout]: { from: 3n, below: 4_294_967n },
}

/** The text is stored as it came, sign and leading zeros too: only its value is checked. */
function isAccepted(key: ByteText, value: ByteText): boolean {
  if (key === ConfigKey.enableChargeManager) return value === 'on' || value === 'off'
  const range = RANGES[key]
  const number = parseSigned(value, 64)
  if (range === undefined || number === undefined) return false
  return number >= range.from && (range.below === undefined || number < range.below)
}

/** Writes the one row of a key, effective with the block being executed. Rows written, or −50000. */
export function writeConfig(
  { tables, blockNumber }: Pick<NativeFrame, 'tables' | 'blockNumber'>,
  setting: { readonly key: ByteText; readonly value: ByteText },
  writer: Writer,
): number {
  const row = newRow(tables, { ...setting, enable_num: String(blockNumber) })
  return putRow(systemTable(tables, SystemTableName.config), setting.key, row, writer)
}

/** A setting with the block that made it effective. */
export interface ConfigSetting {
  readonly value: ByteText
  readonly enableNumber: number
}

/**
 * A key as it was before the block, in force by then: the reader's rule of spec 03 §12. `undefined` unless
 * there is exactly one row.
 */
export function committedConfig(tables: StateTables, key: ByteText): ConfigSetting | undefined {
  const rows = tables
    .committedRows(SystemTableName.config, key)
    .filter(({ isRemoved }) => !isRemoved)
  const [row] = rows
  return rows.length === 1 && row !== undefined
    ? settingOf((field) => row.fields.get(field), tables.parentNumber)
    : undefined
}

/** A key as the block has it by now, if it was in force before the block. */
export function currentConfig(tables: StateTables, key: ByteText): ConfigSetting | undefined {
  const rows = systemTable(tables, SystemTableName.config).select(key)
  const [row] = rows
  return rows.length === 1 && row !== undefined
    ? settingOf((field) => row.get(field), tables.parentNumber)
    : undefined
}

function settingOf(
  read: (field: string) => ByteText | undefined,
  number: number,
): ConfigSetting | undefined {
  const enableNumber = Number(read('enable_num'))
  return enableNumber <= number ? { value: read('value') ?? '', enableNumber } : undefined
}

export const systemConfig: NativeContract = {
  name: 'SystemConfig',
  address: 0x1000,
  summary: 'Parameters that all nodes of a chain share.',
  memory: 'output',
  unknown: 0,
  functions: [
    native('setValueByKey(string key, string value) returns (int256)', {
      permission: 'access list of _sys_config_',
      run(call, key, value) {
        const setting = { key: lowerCase(key), value }
        if (!isAccepted(setting.key, value)) return ResultCode.invalidConfigValue
        return writeConfig(call, setting, call.origin)
      },
    }),
  ],
}

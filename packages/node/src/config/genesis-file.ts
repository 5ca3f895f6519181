import {
  GENESIS_DEFAULTS,
  type GenesisParameters,
  GROUP_ID_MAX,
  TX_COUNT_LIMIT_DEFAULT,
} from '@bcos-ts/protocol'
import { type IniFile, parseIni } from './ini.ts'

const ANY = { min: 1, max: Number.MAX_SAFE_INTEGER }

/** `group.N.genesis`: what all members of the group must have alike (spec 04 §10.2, §10.3). */
export interface GenesisFile {
  readonly genesis: GenesisParameters
  /** Event subscriptions are configured here too (spec 02 §1). 0 is no limit. */
  readonly eventBlockRangeMax: number
  readonly eventBlocksPerPass: number
  readonly ini: IniFile
}

/** Throws `CONFIG_SYNTAX`, `CONFIG_INVALID_VALUE` or `CONFIG_MISSING_KEY`. */
export function parseGenesisFile(text: string, file: string): GenesisFile {
  const ini = parseIni(text, file)
  const sealers = sealersOf(ini)
  ini.oneOf('state.type', 'storage', ['storage'])
  const genesis: GenesisParameters = {
    groupId: ini.integer('group.id', 1, { min: 1, max: GROUP_ID_MAX }),
    sealers,
    consensusType: ini.oneOf('consensus.consensus_type', 'pbft', ['pbft', 'rpbft', 'raft']),
    timestamp: timestampOf(ini),
    txCountLimit: ini.integer('consensus.max_trans_num', TX_COUNT_LIMIT_DEFAULT, ANY),
    txGasLimit: ini.integer('tx.gas_limit', GENESIS_DEFAULTS.txGasLimit, ANY),
    consensusTimeout: ini.integer('consensus.consensus_timeout', 3, ANY),
    epochSealerCount: ini.integer('consensus.epoch_sealer_num', sealers.length, ANY),
    epochBlockCount: ini.integer(
      'consensus.epoch_block_num',
      GENESIS_DEFAULTS.epochBlockCount,
      ANY,
    ),
    isFreeStorage: ini.boolean('evm.enable_free_storage', false),
  }
  return {
    genesis,
    eventBlockRangeMax: ini.integer('event_filter.max_block_range', 0, { ...ANY, min: 0 }),
    eventBlocksPerPass: ini.integer('event_filter.max_block_per_process', 3, { ...ANY, min: 0 }),
    ini,
  }
}

function sealersOf(ini: IniFile): string[] {
  return ini.list('consensus', 'node').map((entry) => {
    const id = entry.value.toLowerCase()
    if (!/^[0-9a-f]{128}$/.test(id)) throw ini.invalid(entry, 'a node id of 128 hexadecimal digits')
    return id
  })
}

function timestampOf(ini: IniFile): bigint {
  const entry = ini.entry('group.timestamp')
  if (entry === undefined) return GENESIS_DEFAULTS.timestamp
  if (!/^\d{1,19}$/.test(entry.value)) throw ini.invalid(entry, 'milliseconds since 1970')
  return BigInt(entry.value)
}

/**
 * Tables that every ledger has from its first block (spec 01 §9.7, 03 §8).
 * @module
 */
export interface SystemTable {
  readonly name: string
  readonly keyField: string
  readonly valueFields: readonly string[]
  /** Whether what a block writes there enters the state root. */
  readonly isHashed: boolean
}

export const SystemTableName = {
  tables: '_sys_tables_',
  consensus: '_sys_consensus_',
  tableAccess: '_sys_table_access_',
  currentState: '_sys_current_state_',
  numberToHash: '_sys_number_2_hash_',
  txHashToBlock: '_sys_tx_hash_2_block_',
  hashToBlock: '_sys_hash_2_block_',
  hashToHeader: '_sys_hash_2_header_',
  cns: '_sys_cns_',
  config: '_sys_config_',
  blockToNonces: '_sys_block_2_nonces_',
} as const

const define = (
  name: string,
  keyField: string,
  valueFields: readonly string[],
  isHashed: boolean,
): [string, SystemTable] => [name, { name, keyField, valueFields, isHashed }]

export const SYSTEM_TABLES: ReadonlyMap<string, SystemTable> = new Map([
  define(SystemTableName.tables, 'table_name', ['key_field', 'value_field'], true),
  define(SystemTableName.consensus, 'name', ['type', 'node_id', 'enable_num'], true),
  define(SystemTableName.tableAccess, 'table_name', ['address', 'enable_num'], true),
  define(SystemTableName.currentState, 'key', ['value'], false),
  define(SystemTableName.numberToHash, 'number', ['value'], true),
  define(SystemTableName.txHashToBlock, 'hash', ['value', 'index'], false),
  define(SystemTableName.hashToBlock, 'hash', ['value'], false),
  define(SystemTableName.hashToHeader, 'hash', ['value', 'sigs'], false),
  define(SystemTableName.cns, 'name', ['version', 'address', 'abi'], true),
  define(SystemTableName.config, 'key', ['value', 'enable_num'], true),
  define(SystemTableName.blockToNonces, 'number', ['value'], false),
])

/** Table of an account or contract. */
export function accountTable(address: string): string {
  return `c_${address}`
}

/** Table that an application created under `name`. */
export function userTable(name: string): string {
  return `u_${name}`
}

/** Table with the parallel functions of a contract. */
export function parallelTable(address: string): string {
  return `cp_${address}`
}

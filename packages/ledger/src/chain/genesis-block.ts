import { bytesToText, toHex } from '@bcos-ts/common'
import {
  type Block,
  type CryptoSuite,
  encodeBlock,
  genesisHeader,
  type GenesisParameters,
  hashHeader,
  sortNodeIds,
  SystemTableName as Name,
} from '@bcos-ts/protocol'
import type { StateTables, TableStorage, WriteBatch } from '@bcos-ts/protocol/ports'
import { workingSealersOfGenesis } from './genesis-sealers.ts'
import { RowWriter } from './row-writer.ts'

export interface GenesisTarget {
  readonly storage: Pick<TableStorage, 'commit'>
  readonly suite: CryptoSuite
  /** Fresh tables; the argument is the number of the latest block, -1 here. */
  readonly openTables: (parentNumber: number) => StateTables
}

/** Block 0 and what is written with it (spec 01 §8.3, 03 §8). Throws `PROTOCOL_INVALID_GENESIS`. */
export function genesisBatch(
  genesis: GenesisParameters,
  { suite, openTables }: Omit<GenesisTarget, 'storage'>,
): WriteBatch {
  const header = genesisHeader(genesis)
  const block: Block = { header, transactions: [], receipts: [], signatures: [] }
  const hash = toHex(hashHeader(header, suite))
  const tables = openTables(-1)
  const rows = new RowWriter(tables)
  rows.put(Name.numberToHash, '0', { value: hash })
  for (const [key, value] of configOf(genesis)) {
    rows.put(Name.config, key, { value: String(value), enable_num: '0' })
  }
  const working = workingSealersOfGenesis(genesis, suite)
  for (const id of sortNodeIds(genesis.sealers)) {
    const type = working.has(id) ? 'wSealer' : 'sealer'
    rows.add(Name.consensus, 'node', { type, node_id: id, enable_num: '0' })
  }
  rows.put(Name.hashToBlock, hash, { value: bytesToText(encodeBlock(block, suite)) })
  rows.put(Name.currentState, 'current_number', { value: '0' })
  return tables.finish(0)
}

/** Writes block 0 into an empty storage. */
export async function createGenesis(
  genesis: GenesisParameters,
  target: GenesisTarget,
): Promise<void> {
  await target.storage.commit(genesisBatch(genesis, target))
}

function configOf(genesis: GenesisParameters): readonly (readonly [string, string | number])[] {
  const rotation: readonly (readonly [string, string | number])[] =
    genesis.consensusType === 'rpbft'
      ? [
          ['rpbft_epoch_sealer_num', genesis.epochSealerCount],
          ['rpbft_epoch_block_num', genesis.epochBlockCount],
          ['notify_rotate', 0],
        ]
      : []
  return [
    ['tx_count_limit', genesis.txCountLimit],
    ['tx_gas_limit', genesis.txGasLimit],
    ...rotation,
    ['consensus_timeout', genesis.consensusTimeout],
  ]
}

import { utf8 } from '@bcos-ts/common'
import type { CryptoSuite } from '@bcos-ts/crypto'
import type { BlockHeader } from './block.ts'
import { hashHeader } from './codec/block.ts'
import { InvalidGenesisError } from './errors.ts'
import { GROUP_ID_MAX, TX_COUNT_LIMIT_DEFAULT, TX_GAS_LIMIT_DEFAULT } from './limits.ts'
import { type NodeId, sortNodeIds, ZERO_HASH } from './primitives.ts'

export type ConsensusType = 'pbft' | 'rpbft' | 'raft'

/** What `group.N.genesis` says: the immutable beginning of a ledger (spec 01 §8). */
export interface GenesisParameters {
  readonly groupId: number
  /** As the file gives them; they are sorted before use. */
  readonly sealers: readonly NodeId[]
  readonly consensusType: ConsensusType
  /** Milliseconds. */
  readonly timestamp: bigint
  readonly txCountLimit: number
  readonly txGasLimit: number
  /** Seconds. */
  readonly consensusTimeout: number
  /** rPBFT: working sealers of an epoch, and blocks of an epoch. */
  readonly epochSealerCount: number
  readonly epochBlockCount: number
  readonly isFreeStorage: boolean
}

/** The values that a genesis file may leave out. */
export const GENESIS_DEFAULTS: Pick<
  GenesisParameters,
  | 'consensusType'
  | 'timestamp'
  | 'txCountLimit'
  | 'txGasLimit'
  | 'consensusTimeout'
  | 'epochBlockCount'
  | 'isFreeStorage'
> = {
  consensusType: 'pbft',
  timestamp: 2n ** 63n - 1n,
  txCountLimit: TX_COUNT_LIMIT_DEFAULT,
  txGasLimit: TX_GAS_LIMIT_DEFAULT,
  consensusTimeout: 3,
  epochBlockCount: 1000,
  isFreeStorage: false,
}

/** Bit 63 of the EVM flags: low prices for storage (spec 01 §8.2). */
const FREE_STORAGE_FLAG = 2n ** 63n

/** The text in `extraData` of block 0 that names everything a group's members must agree on. */
export function genesisMark(genesis: GenesisParameters): string {
  const sealers = sortNodeIds(genesis.sealers).map((id) => `${id},`)
  const flags = genesis.isFreeStorage ? FREE_STORAGE_FLAG : 0n
  const epoch =
    genesis.consensusType === 'rpbft' ? [genesis.epochSealerCount, genesis.epochBlockCount] : []
  return [
    genesis.groupId,
    sealers.join(''),
    genesis.consensusType,
    'storage',
    flags,
    genesis.txCountLimit,
    genesis.txGasLimit,
    ...epoch,
    genesis.consensusTimeout,
  ].join('-')
}

/** Header of block 0 (spec 01 §8.1). Throws {@link InvalidGenesisError}. */
export function genesisHeader(genesis: GenesisParameters): BlockHeader {
  checkGenesis(genesis)
  return {
    parentHash: ZERO_HASH,
    stateRoot: ZERO_HASH,
    transactionsRoot: ZERO_HASH,
    receiptsRoot: ZERO_HASH,
    dbHash: ZERO_HASH,
    logBloom: new Uint8Array(256),
    number: 0,
    gasLimit: 0n,
    gasUsed: 0n,
    timestamp: genesis.timestamp,
    extraData: [utf8(genesisMark(genesis))],
    sealer: 0n,
    sealerList: [],
  }
}

export function genesisHash(genesis: GenesisParameters, suite: CryptoSuite): Uint8Array {
  return hashHeader(genesisHeader(genesis), suite)
}

function checkGenesis(genesis: GenesisParameters): void {
  const { groupId, sealers, timestamp } = genesis
  if (!Number.isInteger(groupId) || groupId < 1 || groupId > GROUP_ID_MAX) {
    throw new InvalidGenesisError('group id', `${groupId} is not from 1 to ${GROUP_ID_MAX}`)
  }
  if (timestamp < 0n) throw new InvalidGenesisError('timestamp', `${timestamp} is negative`)
  if (sealers.length === 0) throw new InvalidGenesisError('sealers', 'there is no node.0')
  for (const id of sealers) {
    if (!/^[0-9a-f]{128}$/.test(id)) {
      throw new InvalidGenesisError(
        'sealers',
        `"${id}" is not a node id of 128 lower-case hex digits`,
      )
    }
  }
  if (new Set(sealers).size !== sealers.length) {
    throw new InvalidGenesisError('sealers', 'a node is named twice')
  }
}

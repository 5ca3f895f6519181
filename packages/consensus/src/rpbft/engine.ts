import type { ConsensusEngine, ImportResult, TxPool } from '@bcos-ts/protocol/ports'
import type { PbftExtension } from '../driver/extension.ts'
import { PbftDriver, type PbftDriverInit } from '../driver/pbft-driver.ts'
import { RPBFT_DEFAULTS, type RpbftHost, type RpbftOptions } from './host.ts'
import { PrepareTree } from './prepare-tree.ts'
import { isRotation } from './rotation-transaction.ts'
import { Rotation } from './rotation.ts'

/**
 * rPBFT for one group: PBFT among the working sealers, whom rotation transactions of their leaders exchange one by
 * one. A sealer whose turn has not come follows by synchronisation. See `createPbftEngine`.
 */
export function createRpbftEngine(
  host: RpbftHost,
  options: Partial<RpbftOptions> = {},
): ConsensusEngine {
  return new PbftDriver(rpbftParts(host, options))
}

/** What makes the driver of PBFT one of rPBFT. */
export function rpbftParts(
  host: RpbftHost,
  options: Partial<RpbftOptions> = {},
): PbftDriverInit & { readonly extension: PbftExtension } {
  const complete = { ...RPBFT_DEFAULTS, ...options }
  return {
    host: { ...host, pool: withoutRotations(host.pool) },
    options,
    extension: {
      type: 'rpbft',
      rotation: new Rotation(host),
      spreading: (plain) =>
        complete.isPrepareByTree ? new PrepareTree(host, complete, plain) : plain,
    },
  }
}

const NOT_TAKEN: ImportResult = { status: 0, reason: 'a rotation belongs to its block alone' }

/**
 * A rotation that a proposal brings is good for that proposal. In a pool it would wait until somebody seals it as an
 * ordinary transaction of another block.
 */
function withoutRotations(pool: RpbftHost['pool']): Pick<TxPool, keyof RpbftHost['pool']> {
  return {
    get: (hash) => pool.get(hash),
    import: (transaction, from) =>
      isRotation(transaction) ? NOT_TAKEN : pool.import(transaction, from),
    fetch: (limit, except) => pool.fetch(limit, except),
    size: () => pool.size(),
    onAdded: (listener) => pool.onAdded(listener),
  }
}

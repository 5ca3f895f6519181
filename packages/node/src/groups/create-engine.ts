import { type RandomSource, toHex } from '@bcos-ts/common'
import {
  createPbftEngine,
  createRaftEngine,
  createRpbftEngine,
  type Lottery,
  type PbftHost,
  type PbftOptions,
} from '@bcos-ts/consensus'
import type { KeyPair } from '@bcos-ts/crypto'
import { vrfProve, vrfPublicKey } from '@bcos-ts/crypto/vrf'
import type { ConsensusType } from '@bcos-ts/protocol'
import type { ConsensusEngine } from '@bcos-ts/protocol/ports'
import type { GroupConfig } from '../config/group-config.ts'

/** What an engine needs of its node. */
export interface EngineHost extends PbftHost {
  readonly chainId: number
  readonly random: RandomSource
}

/** The consensus that the genesis of a group names. */
export function createEngine(
  type: ConsensusType,
  host: EngineHost,
  config: GroupConfig['consensus'],
): ConsensusEngine {
  switch (type) {
    case 'pbft':
      return createPbftEngine(host, pbftOptions(config))
    case 'rpbft':
      return createRpbftEngine(
        { ...host, lottery: lotteryOf(host.keys, host.random) },
        {
          ...pbftOptions(config),
          isPrepareByTree: config.sendsPrepareByTree,
          mentionPercent: config.prepareMentionPercent,
          prepareWaitMs: config.prepareWaitMs,
        },
      )
    case 'raft':
      return createRaftEngine(host, { minBlockGenerationMs: config.minBlockGenerationMs })
  }
}

function pbftOptions(config: GroupConfig['consensus']): Partial<PbftOptions> {
  return {
    ttl: config.ttl,
    minBlockGenerationMs: config.minBlockGenerationMs,
    isBlockSizeDynamic: config.hasDynamicBlockSize,
    isTtlOptimized: config.hasTtlOptimization,
    isPrepareByHashes: config.sendsPrepareWithHashes,
  }
}

/**
 * The node's key, as the text that the reference takes for the secret. Proofs are written in the form of recorded
 * chains, which is also the shorter; both forms are understood.
 */
function lotteryOf({ secretKey }: KeyPair, random: RandomSource): Lottery {
  const secret = toHex(secretKey)
  return {
    publicKey: vrfPublicKey(secret),
    prove: (input) => vrfProve(secret, input, { form: 'bytes', random }),
  }
}

import { createPbftEngine, maxFaulty, type PbftHost, type PbftOptions } from '@bcos-ts/consensus'
import type { ConsensusEngine } from '@bcos-ts/protocol/ports'
import type { Prng } from '@bcos-ts/testing/simulator'
import type { ModelEpoch } from './model/chain.ts'
import { raftOn, rpbftOn } from './model/other-engines.ts'

/** An engine that groups can be run with. Another one is another entry of {@link ENGINES}. */
export interface EngineKind {
  readonly name: ConsensusEngine['type']
  readonly create: (host: PbftHost, prng: Prng, options: Partial<PbftOptions>) => ConsensusEngine
  /** Its votes are records on disk before they leave, as those of PBFT: the judge looks at each of them. */
  readonly isVoteJudged: boolean
  /** Its blocks carry the signatures of a quorum. */
  readonly isSigned: boolean
  /** How many of so many nodes may lie without harm. */
  readonly liarsMax: (size: number) => number
  /** rPBFT: how many of so many sealers work, and for how many blocks. */
  readonly epochOf?: (size: number) => ModelEpoch
}

/** One of many rests; of four, which is as few as can bear a fault, nobody. */
const WORKERS_MIN = 4
const EPOCH_BLOCKS = 5
const epochOf = (size: number): ModelEpoch => ({
  workers: Math.min(size, Math.max(WORKERS_MIN, size - 1)),
  blocks: EPOCH_BLOCKS,
})

export const ENGINES: readonly EngineKind[] = [
  {
    name: 'pbft',
    create: (host, _, options) => createPbftEngine(host, options),
    isVoteJudged: true,
    isSigned: true,
    liarsMax: maxFaulty,
  },
  {
    name: 'rpbft',
    create: (host, prng, options) => rpbftOn(host, prng, { options }),
    isVoteJudged: true,
    isSigned: true,
    liarsMax: (size) => maxFaulty(epochOf(size).workers),
    epochOf,
  },
  {
    name: 'raft',
    create: (host, prng, options) => raftOn(host, prng, { options }),
    isVoteJudged: false,
    isSigned: false,
    liarsMax: () => 0,
  },
]

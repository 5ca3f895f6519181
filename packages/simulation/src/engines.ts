import { createPbftEngine, type PbftHost, type PbftOptions } from '@bcos-ts/consensus'
import type { ConsensusEngine } from '@bcos-ts/protocol/ports'

/** An engine that groups can be run with. Another one is another entry of {@link ENGINES}. */
export interface EngineKind {
  readonly name: ConsensusEngine['type']
  readonly create: (host: PbftHost, options: Partial<PbftOptions>) => ConsensusEngine
  /** Its votes are records on disk before they leave, as those of PBFT: the judge looks at each of them. */
  readonly isVoteJudged: boolean
  /** How many of so many nodes may lie without harm. */
  readonly liarsMax: (size: number) => number
}

export const ENGINES: readonly EngineKind[] = [
  {
    name: 'pbft',
    create: createPbftEngine,
    isVoteJudged: true,
    liarsMax: (size) => Math.floor((size - 1) / 3),
  },
]

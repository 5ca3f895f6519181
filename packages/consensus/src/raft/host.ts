import type { RandomSource } from '@bcos-ts/common'
import type { PbftHost } from '../driver/host.ts'

/** What Raft needs of the node around it; nothing is signed. */
export interface RaftHost extends Omit<PbftHost, 'keys'> {
  readonly random: RandomSource
}

/** Keys of `group.N.ini`, section `[consensus]`. */
export interface RaftOptions {
  /** `min_block_generation_time`, milliseconds. Default 500. */
  readonly minBlockGenerationMs: number
}

export const RAFT_DEFAULTS: RaftOptions = { minBlockGenerationMs: 500 }

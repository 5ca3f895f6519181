import type { RandomSource } from '@bcos-ts/common'
import { PBFT_DEFAULTS, type PbftHost, type PbftOptions } from '../driver/host.ts'

/** The verifiable random function of this node (spec 04 §7.5). */
export interface Lottery {
  /** 64 hexadecimal digits. */
  readonly publicKey: string
  /** Proof of the random value that belongs to a text. */
  prove(input: string): string
}

/** What rPBFT needs beside what PBFT needs. */
export interface RpbftHost extends PbftHost {
  readonly chainId: number
  readonly random: RandomSource
  readonly lottery: Lottery
}

/** Keys of `group.N.ini`, section `[consensus]`. */
export interface RpbftOptions extends PbftOptions {
  /** `broadcast_prepare_by_tree`: proposals go down a tree of working sealers. Default true; the same on all. */
  readonly isPrepareByTree: boolean
  /** `prepare_status_broadcast_percent`: to how many working sealers a proposal is mentioned. Default 33. */
  readonly mentionPercent: number
  /** `max_request_prepare_waitTime`: ms that the tree has before a mentioned proposal is asked for. Default 100. */
  readonly prepareWaitMs: number
}

export const RPBFT_DEFAULTS: RpbftOptions = {
  ...PBFT_DEFAULTS,
  isPrepareByTree: true,
  mentionPercent: 33,
  prepareWaitMs: 100,
}

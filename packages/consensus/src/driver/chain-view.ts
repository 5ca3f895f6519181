import { toHex } from '@bcos-ts/common'
import { TX_COUNT_LIMIT_DEFAULT } from '@bcos-ts/protocol'
import { type Committee, committeeOf } from '../committee.ts'
import type { Head, HeadEvent } from '../pbft/state.ts'
import type { PbftHost } from './host.ts'

const CONSENSUS_TIMEOUT_SECONDS_DEFAULT = 3

/** What the chain says about the next block: all of it in force from the commit of the present one on. */
export interface ChainView {
  readonly head: Head
  readonly committee: Committee
  readonly consensusTimeoutMs: number
  readonly txCountLimit: number
}

export function viewChain({ chain, self }: Pick<PbftHost, 'chain' | 'self'>): ChainView {
  const read = (key: string, fallback: number): number => {
    const value = Number(chain.systemConfig(key)?.value)
    return Number.isInteger(value) && value > 0 ? value : fallback
  }
  return {
    head: { number: chain.head().number, hash: toHex(chain.headHash()) },
    committee: committeeOf(chain.membership(), self),
    consensusTimeoutMs: 1000 * read('consensus_timeout', CONSENSUS_TIMEOUT_SECONDS_DEFAULT),
    txCountLimit: read('tx_count_limit', TX_COUNT_LIMIT_DEFAULT),
  }
}

export function headEvent(host: Pick<PbftHost, 'chain' | 'self'>, nowMs: number): HeadEvent {
  const { head, committee, consensusTimeoutMs } = viewChain(host)
  return { type: 'head', head, committee, consensusTimeoutMs, nowMs }
}

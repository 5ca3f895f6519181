import type { ConsensusEngine } from '@bcos-ts/protocol/ports'
import type { PbftHost, PbftOptions } from './host.ts'
import { PbftDriver } from './pbft-driver.ts'

/**
 * PBFT for one group: takes part while the node is a sealer of it, and checks blocks that come by synchronisation.
 * Packets are registered for at the host's network on `start`, and no longer heard after `stop`.
 */
export function createPbftEngine(
  host: PbftHost,
  options: Partial<PbftOptions> = {},
): ConsensusEngine {
  return new PbftDriver({ host, options })
}

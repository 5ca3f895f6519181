import type { ConsensusEngine } from '@bcos-ts/protocol/ports'
import type { RaftHost, RaftOptions } from './host.ts'
import { RaftDriver } from './raft-driver.ts'

/**
 * Raft for one group: bears nodes that crash, not nodes that lie. Packets are registered for at the host's network on
 * `start`, and no longer heard after `stop`.
 */
export function createRaftEngine(
  host: RaftHost,
  options: Partial<RaftOptions> = {},
): ConsensusEngine {
  return new RaftDriver({ host, options })
}

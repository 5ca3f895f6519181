import { createNodeSuites } from '@bcos-ts/crypto/node'
import { chainContracts, type ReplayComponents } from '@bcos-ts/node'

/** The parts of the shipping node, by which recordings are replayed. */
export async function replayComponents(): Promise<ReplayComponents> {
  const suites = await createNodeSuites()
  return { suites, ...chainContracts(suites) }
}

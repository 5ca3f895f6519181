import { createNodeSuites } from '@bcos-ts/crypto/node'
import { chainContracts } from './chain-crypto.ts'
import type { ReplayComponents } from './replay/replay.ts'

/** The parts on which the shipping node executes. */
export async function defaultComponents(): Promise<ReplayComponents> {
  const suites = await createNodeSuites()
  return { suites, ...chainContracts(suites) }
}

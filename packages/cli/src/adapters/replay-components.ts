import * as nodePackage from '@bcos-ts/node'
import type { ReplayComponents } from '@bcos-ts/node'
import { NotIncludedError } from '../errors.ts'

type DefaultComponents = () => Promise<ReplayComponents>

/** The parts of the shipping node, by which recordings are replayed. Throws `CLI_NOT_INCLUDED` where there are none. */
export const replayComponents: DefaultComponents = async () => {
  if (!hasDefaultComponents(nodePackage)) throw new NotIncludedError('contracts to replay with')
  return nodePackage.defaultComponents()
}

function hasDefaultComponents(
  entry: object,
): entry is { readonly defaultComponents: DefaultComponents } {
  return 'defaultComponents' in entry && typeof entry.defaultComponents === 'function'
}
